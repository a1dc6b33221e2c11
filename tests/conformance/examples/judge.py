"""Compares what an example prints and changes with what an independent client reads from the mock."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from tests.conformance.examples.independent_client import IndependentClient, contains, items
from tests.conformance.report.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.conformance.examples.cases import Example
    from tests.conformance.programs.examples import CompletedProgram

Names = dict[str, str]


def problems(
    example: Example, completed: CompletedProgram, client: IndependentClient, names: Names, *, as_json: bool
) -> list[str]:
    """Return the problems of an example with exit code 0: first of its output, then of its changes.

    The function adds the id of the created resource to `names`, which has the ids of the seed.
    """
    shown = None
    if as_json:
        try:
            shown = json.loads(completed.out)
        except ValueError:
            return ["stdout is not JSON"]
    if example.line:
        names["new"] = _new(shown) if as_json else completed.out.strip()
    for name, (target, facts) in example.finds.items():
        found = [item for item in items(client.get(target)) if contains(item, facts)]
        if len(found) != 1:
            return [f"{len(found)} items of {target} have {facts}, expected 1"]
        names[name] = found[0]["id"]
    body = client.get(fill(example.reads, names)) if example.reads else fill(example.shows, names)
    wrong = _json(example, shown, body) if as_json else _text(example, completed.out, body, names)
    return [*wrong, *_changes(example, client, names)]


def fill(template: Any, names: Mapping[str, str], *, quoted: bool = False) -> Any:  # noqa: ANN401  # JSON
    """Return a template with its names replaced; `quoted` percent-encodes the values, for a target."""
    if isinstance(template, str):
        values = {name: quote(value, safe="") for name, value in names.items()} if quoted else names
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], template)
    if isinstance(template, list):
        return [fill(each, names) for each in template]
    if hasattr(template, "items"):
        return {name: fill(value, names) for name, value in template.items()}
    return template


def _new(shown: Any) -> str:  # noqa: ANN401  # JSON
    """Return the id of the created object: the last segment of its location, or the id in the body."""
    if shown.get("location"):
        return unquote(shown["location"].rpartition("/")[2])
    body = shown.get("body")
    return str(body.get("id")) if isinstance(body, dict) else ""


def _json(example: Example, shown: Any, body: Any) -> Iterator[str]:  # noqa: ANN401  # JSON
    if not isinstance(shown, dict) or not {"status", "body"} <= shown.keys() <= {
        "status",
        "location",
        "body",
    }:
        yield "stdout is not {status, location, body}"
    elif shown["status"] != example.status:
        yield f"shows the status {shown['status']} instead of {example.status}"
    elif example.line:
        return
    elif isinstance(body, dict) and "cursor" in body:
        if items(shown["body"]) != items(body):
            yield f"the items differ from those of {example.reads}"
    elif not contains(shown["body"], body) or (example.reads and shown["body"] != body):
        yield f"the body differs from {body}"


def _text(example: Example, out: str, body: Any, names: Names) -> Iterator[str]:  # noqa: ANN401  # JSON
    if example.line:
        expected = fill(example.line, names)
        if out != f"{expected}\n":
            yield f"prints {visible(out)} instead of {visible(expected)}"
        return
    if example.prints:
        for name in example.prints.split("."):
            body = body[name]
        if out.strip() != str(body).strip():
            yield f"prints {visible(out)} instead of {visible(body)}"
        return
    head, *rows = out.splitlines() or [""]
    missing = [heading for heading in example.columns if heading not in head]
    if missing:
        yield f"the table has no column {', '.join(missing)}: {visible(head)}"
    things = items(body) if isinstance(body, list) or "cursor" in body else [body]
    if len(rows) != len(things):
        yield f"the table has {len(rows)} rows for {len(things)} items"
    for row, thing in zip(rows, things, strict=False):
        absent = [thing[place] for place in example.columns.values() if str(thing[place]) not in row]
        if absent:
            yield f"the row {visible(row)} does not contain {absent}"


def _changes(example: Example, client: IndependentClient, names: Names) -> Iterator[str]:
    for target, facts in example.there:
        if not _has(client.get(fill(target, names, quoted=True)), fill(facts, names)):
            yield f"afterwards, nothing in {fill(target, names)} has {fill(facts, names)}"
    for target, facts in example.gone:
        if _has(client.get(fill(target, names, quoted=True)), fill(facts, names)):
            yield f"afterwards, {fill(target, names)} still exists with {fill(facts, names)}"


def _has(body: Any, facts: Any) -> bool:  # noqa: ANN401  # JSON
    """Return whether an object has the facts, or in a list at least one object."""
    if body is None:
        return False
    return any(contains(thing, facts) for thing in (body if isinstance(body, list) else [body]))
