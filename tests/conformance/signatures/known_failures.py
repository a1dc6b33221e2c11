"""Reads `--known-failing FILE`: the vectors that are known to fail, each with a reason.

Each line has the signer's name, the vector's id and the reason. Empty lines and lines that begin with # are
ignored. A listed vector must fail. If it passes, or if a name or an id does not exist, that is an error: so
the list can only become shorter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LINE = re.compile(r"(?P<name>[^\s,]+)[\s,]+(?P<id>[^\s,]+)[\s,]+(?P<reason>\S.*)")

KnownFailures = dict[tuple[str, str], str]  # (signer's name, vector's id) -> reason


def known_failures(path: Path, names: Collection[str], ids: Collection[str]) -> KnownFailures:
    """Return the reasons by signer's name and vector's id.

    Raises:
        ValueError: the file cannot be read, or a line is invalid; the text is one line with the place.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"--known-failing {path}: cannot be read: {error}") from None
    known: KnownFailures = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        where = f"--known-failing {path}, line {number}"
        found = LINE.fullmatch(line)
        if not found:
            raise ValueError(f"{where}: {line!r}: write the signer's name, the vector's id and the reason")
        name, vector = found["name"], found["id"]
        if name not in names:
            raise ValueError(f"{where}: there is no signer {name!r}; the signers are {', '.join(names)}")
        if vector not in ids:
            raise ValueError(f"{where}: there is no signature vector {vector!r}")
        if (name, vector) in known:
            raise ValueError(f"{where}: {name} {vector} is listed twice")
        known[name, vector] = found["reason"]
    return known


def unexpected_pass(name: str, vector: str, reason: str) -> str:
    """Return the error for a listed vector that passes."""
    return f"{name} {vector} is listed as known to fail ({reason}), but it passed: remove its line"
