"""What an example shows and leaves behind, compared with what the mock says when somebody else asks it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from tests.conformance.examples.independent_client import Caller, holds, items
from tests.conformance.signatures.judge import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.conformance.examples.cases import Example
    from tests.conformance.programs.examples import Ran

Names = dict[str, str]


def problems(example: Example, ran: Ran, caller: Caller, names: Names, *, as_json: bool) -> list[str]:
    """Return what an example that ended well got wrong: what it shows first, then what it left behind.

    `names` of the seed are completed by what was made.
    """
    shown = None
    if as_json:
        try:
            shown = json.loads(ran.out)
        except ValueError:
            return ["stdout is not JSON"]
    if example.line:
        names["new"] = _new(shown) if as_json else ran.out.strip()
    for name, (target, facts) in example.finds.items():
        found = [item for item in items(caller.get(target)) if holds(item, facts)]
        if len(found) != 1:
            return [f"{len(found)} items of {target} have {facts}, where there must be one"]
        names[name] = found[0]["id"]
    body = caller.get(fill(example.reads, names)) if example.reads else fill(example.shows, names)
    wrong = _json(example, shown, body) if as_json else _text(example, ran.out, body, names)
    return [*wrong, *_left(example, caller, names)]


def fill(template: Any, names: Mapping[str, str], *, quoted: bool = False) -> Any:  # noqa: ANN401  # JSON
    """Put names into the texts of a template; `quoted` for a target."""
    if isinstance(template, str):
        values = {name: quote(value, safe="") for name, value in names.items()} if quoted else names
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], template)
    if isinstance(template, list):
        return [fill(each, names) for each in template]
    if hasattr(template, "items"):
        return {name: fill(value, names) for name, value in template.items()}
    return template


def _new(shown: Any) -> str:  # noqa: ANN401  # JSON
    """Return the id of what was made: the end of its location, or the id of the body."""
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
        yield f"shows the status {shown['status']} in place of {example.status}"
    elif example.line:
        return
    elif isinstance(body, dict) and "cursor" in body:
        if items(shown["body"]) != items(body):
            yield f"shows other items than {example.reads} has"
    elif not holds(shown["body"], body) or (example.reads and shown["body"] != body):
        yield f"shows another body than {body}"


def _text(example: Example, out: str, body: Any, names: Names) -> Iterator[str]:  # noqa: ANN401  # JSON
    if example.line:
        expected = fill(example.line, names)
        if out != f"{expected}\n":
            yield f"prints {visible(out)} in place of {visible(expected)}"
        return
    if example.prints:
        for name in example.prints.split("."):
            body = body[name]
        if out.strip() != str(body).strip():
            yield f"prints {visible(out)} in place of {visible(body)}"
        return
    head, *rows = out.splitlines() or [""]
    lacking = [heading for heading in example.columns if heading not in head]
    if lacking:
        yield f"the table's head lacks {', '.join(lacking)}: {visible(head)}"
    things = items(body) if isinstance(body, list) or "cursor" in body else [body]
    if len(rows) != len(things):
        yield f"the table has {len(rows)} rows for {len(things)} items"
    for row, thing in zip(rows, things, strict=False):
        absent = [thing[place] for place in example.columns.values() if str(thing[place]) not in row]
        if absent:
            yield f"the row {visible(row)} lacks {absent}"


def _left(example: Example, caller: Caller, names: Names) -> Iterator[str]:
    for target, facts in example.there:
        if not _has(caller.get(fill(target, names, quoted=True)), fill(facts, names)):
            yield f"afterwards {fill(target, names)} has nothing with {fill(facts, names)}"
    for target, facts in example.gone:
        if _has(caller.get(fill(target, names, quoted=True)), fill(facts, names)):
            yield f"afterwards {fill(target, names)} still has {fill(facts, names) or 'something'}"


def _has(body: Any, facts: Any) -> bool:  # noqa: ANN401  # JSON
    """Say whether a thing has the facts, or in a list one of the things."""
    if body is None:
        return False
    return any(holds(thing, facts) for thing in (body if isinstance(body, list) else [body]))
