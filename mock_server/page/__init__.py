"""The page for a browser at ``/_mock/``: the last requests, and a form that explains a pasted request.

``index.html`` has its style and its script inline, and loads nothing. This module adds the last requests as
a table, for browsers without JavaScript, and the lines that sign right as JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from mock_server import fixes
from mock_server.http import Reply
from mock_server.verifier import WINDOW
from mock_server.visible import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ROWS: Final = "<!-- rows -->"
_DATA: Final = "<!-- data -->"
_SHOWN: Final = 100
"""Entries in the table without JavaScript."""
_LONGEST: Final = 500
"""Characters of a target in that table."""


def reply(entries: Iterable[Mapping[str, Any]]) -> Reply:
    """Return the page with the last of these journal entries, newest first."""
    template, headers = _template()
    rows = "".join(map(_row, list(entries)[: -_SHOWN - 1 : -1]))
    return Reply(200, template.replace(_ROWS, rows).encode(), headers)


@cache
def _template() -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the page without its rows, and its headers."""
    source = resources.files(__name__).joinpath("index.html").read_text(encoding="utf-8")
    policy = {
        "default-src": "'none'",
        "script-src": _hash(source, "script"),
        "style-src": _hash(source, "style"),
        "connect-src": "'self'",
        **dict.fromkeys(("base-uri", "form-action", "frame-ancestors"), "'none'"),
    }
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    )
    return source.replace(_DATA, _data()), headers


def _hash(source: str, element: str) -> str:
    """Return the hash of the only style or script, as Content-Security-Policy takes it."""
    (content,) = re.findall(rf"<{element}>(.*?)</{element}>", source, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _data() -> str:
    """Return what the script needs to know, as JSON in which no character ends an element."""
    data = {
        "window": WINDOW,
        "aspects": fixes.ASPECT_OF_MISTAKE,
        "codes": fixes.ASPECT_OF_CODE,
        "fixes": {
            aspect: {"title": fixes.title(aspect), "code": dict(fixes.of(aspect))} for aspect in fixes.ASPECTS
        },
    }
    return json.dumps(data).replace("<", r"\u003c")


def _row(entry: Mapping[str, Any]) -> str:
    """Return a row of the table; all text of a request in it is printable ASCII, and escaped."""
    target = shown(entry["target"].encode("latin-1"))
    marks = [
        mark for mark in ("replay" * entry["replay"], entry["fault"] and f"fault: {entry['fault']}") if mark
    ]
    cells = (
        str(entry["id"]),
        shown(entry["method"].encode("latin-1"))[:40],
        target if len(target) <= _LONGEST else f"{target[:_LONGEST]}...",
        str(entry["status"] or "no response"),
        entry["mistake"] or entry["code"],
        ", ".join(marks),
        entry["message"] or "",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
