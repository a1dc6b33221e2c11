"""Runs a mutant as a program with the signer protocol: `python -m tests.mutants.program NAME`."""

from __future__ import annotations

import json
import sys

from tests.mutants.catalogue import SIGNERS
from tests.mutants.signers import Ask, Signer


def main() -> None:
    """Answer all questions on stdin."""
    signer = SIGNERS[sys.argv[1]].signer if len(sys.argv) > 1 else Signer()
    for line in sys.stdin:
        question = json.loads(line)
        name = question.pop("id")
        sys.stdout.write(json.dumps({"id": name, **signer.answer(Ask(**question))}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
