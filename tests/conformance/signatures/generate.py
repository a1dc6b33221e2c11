"""Generates the second half of `vectors/signatures.yaml` from the walk; the first half is written by hand.

    python -m tests.conformance.signatures.generate            writes the file
    python -m tests.conformance.signatures.generate --check    exits with 1 if the file would change

The same input gives the same bytes. The generator uses neither the clients nor the mock. An id of the walk
that the first half has already is left out: that vector stands for it.
"""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING

from tests.conformance.signatures.walk import SECTIONS
from tests.conformance.vectors.writer import quoted
from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.conformance.signatures.walk.case import Case

MARK = """
  # Generated from here on by `python -m tests.conformance.signatures.generate`. Do not edit by hand.
"""


def signatures(by_hand: str) -> str:
    """Return the content of `signatures.yaml`, with the text of its first half."""
    known = set(re.findall(r"^  - id: (\S+)$", by_hand, re.MULTILINE))
    lines = []
    for title, cases in SECTIONS.items():
        lines.append(f"\n  # {title}")
        for case in cases:
            if case.id not in known:
                lines += _entry(case)
    return by_hand + MARK + "\n".join(lines) + "\n"


def _entry(case: Case) -> Iterator[str]:
    yield f"  - id: {case.id}"
    yield f"    about: {quoted(case.about)}"
    yield f"    flags: [{case.flag}]"
    for name in ("method", "endpoint", "timestamp"):
        yield f"    {name}: {quoted(getattr(case, name))}"
    if case.access_key != "A":
        yield f"    access_key: {quoted(case.access_key)}"
    yield f"    secret: {quoted(case.secret)}"
    if case.refused:
        yield '    refuse: "input_invalid"'
    else:
        yield f"    message: {quoted(case.message)}"
        yield f"    expected: {quoted(case.expected)}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the file, and return the exit code: 1 if `--check` finds a difference, else 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    check = parser.parse_args(arguments).check
    path = VECTORS / "signatures.yaml"
    present = path.read_text(encoding="utf-8")
    text = signatures(present.partition(MARK)[0])
    if not check:
        path.write_text(text, encoding="utf-8")
    elif present != text:
        sys.stderr.write(
            "vectors/signatures.yaml is out of date: run `python -m tests.conformance.signatures.generate`\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
