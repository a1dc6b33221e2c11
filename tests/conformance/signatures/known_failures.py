"""Reads `--known-failing FILE`: failures somebody knows of, each with its reason, and strict.

A line each: the signer's name, the vector's id, the reason. Empty lines and lines that begin with # are
free. What is listed must fail: a vector that passes, a name or an id that does not exist is an error, so the
list can only shrink.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LINE = re.compile(r"(?P<name>[^\s,]+)[\s,]+(?P<id>[^\s,]+)[\s,]+(?P<reason>\S.*)")

Known = dict[tuple[str, str], str]


def known_failing(path: Path, names: Collection[str], ids: Collection[str]) -> Known:
    """Return the reasons by signer's name and vector's id.

    Raises:
        ValueError: the file cannot be read, or a line is not one of the above; one line, the place named.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"--known-failing {path}: cannot be read: {error}") from None
    known: Known = {}
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        where = f"--known-failing {path}, line {number}"
        found = LINE.fullmatch(line)
        if not found:
            raise ValueError(f"{where}: {line!r}: write the signer's name, the vector's id and the reason")
        name, vector = found["name"], found["id"]
        _demand(names, name, f"{where}: no signer is called")
        _demand(ids, vector, f"{where}: no signature vector has the id")
        if (name, vector) in known:
            raise ValueError(f"{where}: {name} {vector} is listed twice")
        known[name, vector] = found["reason"]
    return known


def _demand(there: Collection[str], name: str, problem: str) -> None:
    if name not in there:
        raise ValueError(f"{problem} {name!r}")


def unexpected(name: str, vector: str, reason: str) -> str:
    """Say that a listed vector no longer fails, and what to do."""
    return f"{name} {vector} is listed as known to fail ({reason}), and no longer does: take the line out"
