"""Prints the result of an example on stdout, and everything else on stderr."""

import json
import os
import re
import sys
from collections.abc import Mapping
from io import StringIO, TextIOBase
from typing import Any

from capella.list import read_list
from capella.printable import json_text, one_line
from capella.responses import Number, Response

MAX_WIDTH = 1_000_000  # characters of a table's line when stdout is not a terminal


_PARTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{[]\s*[}\]]|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def print_json(response: Response) -> None:
    """Print status, location (if any) and body as JSON, byte for byte as the Go examples do.

    Every text and number of the body is printed as received, except that control and format characters are
    escaped.
    """
    members = [f'"status": {response.status}', f'"body": {response.text or "null"}']
    if response.location is not None:
        members.insert(1, f'"location": {json.dumps(response.location, ensure_ascii=False)}')
    text = _indented(f"{{{', '.join(members)}}}")
    ascii_only = (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}
    _print(json_text(text, ascii_only=ascii_only))


def _indented(text: str) -> str:
    """Return JSON with a member or an item a line, two spaces deep; the texts are not changed."""
    lines: list[str] = []
    line = "\n"
    for part in _PARTS.findall(text):
        if part in {"{", "["}:
            line += "  "
            lines += part, line
        elif part in {"}", "]"}:
            line = line[:-2]
            lines += line, part
        elif part == ",":
            lines += part, line
        elif part == ":":
            lines.append(": ")
        else:
            lines.append(part[0] + part[-1] if part[0] in "{[" else part)
    return "".join(lines)


def print_list(response: Response, columns: Mapping[str, str], *, as_json: bool) -> None:
    """Print the items of a list as a table.

    Args:
        response: contains the items.
        columns: heading -> path of names in an item, with dots between them.
        as_json: print the whole response as JSON instead.
    """
    items = read_list(response).decoded()
    if as_json:
        print_json(response)
    else:
        _print_table(items, columns)


def print_one(response: Response, columns: Mapping[str, str], *, as_json: bool) -> None:
    """Print the body as a table of one row; `columns` as for a list."""
    if not isinstance(response.body, dict):
        raise response.unexpected("the response has no object")
    if as_json:
        print_json(response)
    else:
        _print_table([response.body], columns)


def print_field(response: Response, *path: str, as_json: bool) -> None:
    """Print one field of the body, with its line breaks."""
    text = response.field(*path)
    if as_json:
        print_json(response)
    else:
        _print("\n".join(map(one_line, text.splitlines())))


def print_id(response: Response, *, as_json: bool) -> None:
    """Print the id of the created resource."""
    print_line(response, response.new_id, as_json=as_json)


def print_line(response: Response, line: str, *, as_json: bool) -> None:
    """Print one line that says what was done."""
    if as_json:
        print_json(response)
    else:
        _print(one_line(line))


def print_notice(line: str) -> None:
    """Print a line on stdout that is not the result of an example, because stderr cannot be written.

    If stdout cannot be written either, the line is lost.
    """
    try:
        _print(one_line(line))
    except OSError:
        lose_stdout()


class Lossy(TextIOBase):
    """A terminal on stderr. If it cannot be written, it drops that text and every later one."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401  # a text stream, or what replaces one
        """Write to this stream."""
        self._stream = stream
        self.lost = False

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed lets it be set, TextIOBase does not
        """The encoding of the stream."""
        return str(self._stream.encoding)

    def isatty(self) -> bool:
        """Return true."""
        return True

    def write(self, text: str) -> int:
        """Write all of the text."""
        try:
            if not self.lost:
                self._stream.write(text)
                self._stream.flush()
        except OSError:
            self.lost = True
        return len(text)


class _Lost(TextIOBase):
    """A stderr that cannot be written: it drops every text."""

    def write(self, text: str) -> int:
        return len(text)


def lose_stderr() -> None:
    """Drop every later text for stderr, so that no flush of it fails at the end of the program."""
    sys.stderr = _Lost()


def lose_stdout() -> None:
    """Drop what stdout has not written yet, so that no flush of it fails at the end of the program."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def log_line(line: str) -> bool:
    """Print a line on stderr, without control and format characters, and return whether that was possible.

    The first line that cannot be written is the last one: a full disk or a closed pipe must not stop the
    program, and must not make the flush at its end fail.
    """
    if sys.stderr is None or isinstance(sys.stderr, _Lost):
        return False
    try:
        sys.stderr.write(f"{one_line(line)}\n")
        sys.stderr.flush()
    except OSError:
        lose_stderr()
        return False
    return True


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_table(items: list[Any], columns: Mapping[str, str]) -> None:
    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.table import Table  # noqa: PLC0415  # slow to import
    from rich.text import Text  # noqa: PLC0415  # slow to import

    terminal = sys.stdout.isatty()
    table = Table(box=None, pad_edge=False)
    for heading in columns:
        table.add_column(heading, overflow="fold")
    for item in items:
        table.add_row(*(Text(_cell(item, place)) for place in columns.values()))
    text = StringIO()
    # Without a terminal another program reads the lines, so they are as long as their content.
    Console(file=text, width=None if terminal else MAX_WIDTH, force_terminal=terminal).print(table)
    _print("\n".join(line.rstrip() for line in text.getvalue().splitlines()))


def _cell(item: Any, place: str) -> str:  # noqa: ANN401  # JSON
    """Return the text of one cell: the value at a dotted path in an item, empty if there is none."""
    for name in place.split("."):
        item = item.get(name) if isinstance(item, dict) else None
    if item is None:
        return ""
    if isinstance(item, list) and all(isinstance(part, str) for part in item):
        item = ", ".join(item)
    if isinstance(item, Number):
        item = item.text
    return one_line(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False))
