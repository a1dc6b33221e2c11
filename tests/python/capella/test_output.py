"""The output of the Python examples on stdout, without a terminal."""

from __future__ import annotations

import io
import json
import sys

import pytest

from capella.errors import UnexpectedResponseError
from capella.output import (
    log_line,
    print_field,
    print_id,
    print_json,
    print_line,
    print_list,
    print_one,
)
from capella.responses import Number, Response

CLOUDS = Response(
    200, {"data": [{"name": "Lisbon", "at": {"region": "eu"}, "tags": ["a", "b"]}, {"name": "x" * 300}]}
)


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Status, location and body are printed in this order, with an indent of two spaces and no escapes."""
    print_json(Response(201, {"a": ["é"]}, "/v2/é"))
    assert capsys.readouterr() == (
        '{\n  "status": 201,\n  "location": "/v2/é",\n  "body": {\n    "a": [\n      "é"\n    ]\n  }\n}\n',
        "",
    )


@pytest.mark.parametrize("text", ["{}", "[]", '{ "a": {}, "{b": [ \n] }'])
def test_json_of_empty_objects(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty object or list is printed without the white space in it."""
    print_json(Response(200, received=text))
    indented = json.dumps({"status": 200, "body": json.loads(text)}, indent=2)
    assert capsys.readouterr().out == f"{indented}\n"


@pytest.mark.parametrize(("location", "shown"), [(None, []), ("/v2/a", ["/v2/a"])])
def test_json_without_location_or_body(
    location: str | None, shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing location is left out; a missing body is null."""
    print_json(Response(204, location=location))
    printed = json.loads(capsys.readouterr().out)
    assert [printed[name] for name in printed if name == "location"] == shown
    assert printed["body"] is None


@pytest.mark.parametrize(
    ("encoding", "shown"), [("utf-8", "é"), ("UTF8", "é"), ("latin-1", "\\u00e9"), ("ascii", "\\u00e9")]
)
def test_json_in_an_encoding(encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters outside ASCII are escaped unless stdout is UTF-8, so the bytes are JSON in any encoding."""
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding))
    print_json(Response(200, "é"))
    sys.stdout.flush()
    assert f'"body": "{shown}"' in buffer.getvalue().decode()


COLUMNS = {"Name": "name", "Region": "at.region", "Tags": "tags"}


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A list is a table: no line is wrapped or cut, no line ends in spaces, and a missing value is empty."""
    print_list(CLOUDS, COLUMNS, as_json=False)
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["Name", "Region", "Tags"]
    assert first.split("  ")[0] == "Lisbon"
    assert first.endswith("eu      a, b")
    assert second == "x" * 300


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


def test_list_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the headings are bold, and a long word is continued in the next line, not cut."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    for name in ("NO_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    print_list(Response(200, [{"name": "x" * 60}]), COLUMNS, as_json=False)
    header, *lines = terminal.getvalue().splitlines()
    assert "\x1b[1mName" in header
    assert "".join(lines) == "x" * 60
    assert len(lines) > 1


def test_list_without_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal the table has no colours, even if the environment asks for them."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    print_list(Response(200, [{"name": "a"}]), {"Name": "name"}, as_json=False)
    assert capsys.readouterr().out == "Name\na\n"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("a\nb", "a b"),
        (True, "true"),
        (0, "0"),
        (1.5, "1.5"),
        (Number("1.50"), "1.50"),
        ([], ""),
        (["a"], "a"),
        (["a", 1], '["a", 1]'),
        ({"é": 1}, '{"é": 1}'),
        ("", ""),
    ],
)
def test_cell(value: object, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Text is printed unchanged, a list of texts with commas, and any other value as JSON."""
    print_one(Response(200, {"value": value}), {"Value": "value"}, as_json=False)
    assert capsys.readouterr().out == f"Value\n{shown}\n"


@pytest.mark.parametrize("path", ["at.region.x", "name.x", "nothing"])
def test_cell_without_a_value(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A path without a value gives an empty cell."""
    print_one(Response(200, {"name": "a", "at": {"region": "eu"}}), {"Value": path}, as_json=False)
    assert capsys.readouterr().out == "Value\n\n"


def test_one(capsys: pytest.CaptureFixture[str]) -> None:
    """One object is a table of one row."""
    print_one(Response(200, {"name": "Lisbon"}), {"Name": "name"}, as_json=False)
    assert capsys.readouterr().out == "Name\nLisbon\n"


@pytest.mark.parametrize("body", [None, [], "a"])
def test_one_that_is_not_an_object(body: object, capsys: pytest.CaptureFixture[str]) -> None:
    """Without an object nothing is printed, with --json neither."""
    for as_json in (False, True):
        with pytest.raises(UnexpectedResponseError, match="the response has no object"):
            print_one(Response(200, body), {"Name": "name"}, as_json=as_json)
    assert capsys.readouterr().out == ""


def test_list_that_is_not_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a list nothing is printed, with --json neither."""
    for as_json in (False, True):
        with pytest.raises(UnexpectedResponseError, match="the response has no list"):
            print_list(Response(200, {}), {"Name": "name"}, as_json=as_json)
    assert capsys.readouterr().out == ""


def test_field(capsys: pytest.CaptureFixture[str]) -> None:
    """A field keeps its line breaks and loses its other control characters."""
    print_field(Response(200, {"a": {"b": "one\ntwo\x1b[2J\r\nthree"}}), "a", "b", as_json=False)
    assert capsys.readouterr().out == "one\ntwo [2J\nthree\n"


def test_field_that_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the field nothing is printed, with --json neither."""
    for as_json in (False, True):
        with pytest.raises(UnexpectedResponseError, match=r"the response has no a\.b$"):
            print_field(Response(200, {"a": 1}), "a", "b", as_json=as_json)
    assert capsys.readouterr().out == ""


def test_id_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    """An id and a line are one line each, without control characters."""
    print_id(Response(201, {"id": "7f3a\n"}), as_json=False)
    print_line(Response(204), "deleted \x1b", as_json=False)
    log_line("on stderr")
    assert capsys.readouterr() == ("7f3a \ndeleted  \n", "on stderr\n")


def test_json_in_the_place_of_text(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json each of them prints the whole response."""
    response = Response(200, {"id": "a", "data": []})
    print_list(response, {}, as_json=True)
    print_one(response, {}, as_json=True)
    print_field(response, "id", as_json=True)
    print_id(response, as_json=True)
    print_line(response, "created", as_json=True)
    out = capsys.readouterr().out
    print_json(response)
    assert out == capsys.readouterr().out * 5
