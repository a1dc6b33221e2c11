"""A mutant as a program that takes part in the signer protocol: `python -m tests.mutants.program NAME`."""

from __future__ import annotations

import json
import sys

from tests.mutants.catalogue import SIGNERS
from tests.mutants.signers import Ask, Signer


def main() -> None:
    """Answer until stdin ends."""
    signer = SIGNERS[sys.argv[1]].signer if len(sys.argv) > 1 else Signer()
    for line in sys.stdin:
        question = json.loads(line)
        name = question.pop("id")
        sys.stdout.write(json.dumps({"id": name, **signer.answer(Ask(**question))}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
