"""Loads one vector file strictly: what YAML lets pass by its own rules, and then the file's JSON Schema.

Everything wrong is a `VectorError`, one line that names the file, the id, the key and the fault.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

# Without quotes only a plain word (an id, a flag, a code) is text to every YAML version and library; anything
# else is a number, a date, a boolean or nothing at all to some of them.
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

# The same grammar, parsed by libyaml where PyYAML is built with it: 8 times as fast.
LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class VectorError(ValueError):
    """A vector file is not what its schema and `vectors/README.md` say: one line names file, id and key."""


def load(path: Path) -> dict[str, Any]:
    """Load the vector file at `path` and check it against the schema that belongs to its name.

    Raises:
        VectorError: no such file, not YAML, a key twice, a scalar without quotes, or not as the schema says.
    """
    try:
        loader = LOADER(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        for place, slip in _slips(node):
            raise VectorError(f"{path.name}: {place}: {slip}")
        document: dict[str, Any] = loader.construct_document(node) if node else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise VectorError(f"{path.name}: cannot be read: {' '.join(str(error).split())}") from error
    problems = sorted(
        _schema(path.stem).iter_errors(document), key=lambda problem: str(problem.absolute_path)
    )
    for problem in problems[:1]:
        raise VectorError(f"{path.name}: {_place(document, problem)}: {_explain(problem)}")
    return document


def _slips(node: yaml.Node | None, place: str = "") -> Iterator[tuple[str, str]]:
    """Find what YAML lets pass, a key twice and a scalar that needs quotes, each with its place."""
    if isinstance(node, yaml.MappingNode):
        named = {key.value: value.value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
        place = named["id"] if isinstance(named.get("id"), str) else place
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield place or "the whole file", f"a key is no text (line {key.start_mark.line + 1})"
                return
            inner = f"{place}: {key.value}" if place else str(key.value)
            if key.value in seen:
                yield inner, f"the key stands twice (line {key.start_mark.line + 1})"
            seen.add(key.value)
            if inner != "version":
                yield from _slips(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, 1):
            yield from _slips(item, f"{place}[{number}]")
    elif isinstance(node, yaml.ScalarNode) and not node.style:  # plain: None, or "" from libyaml
        is_text = node.tag == "tag:yaml.org,2002:str"
        if not is_text or not WORD.fullmatch(node.value):
            yield place, f'{node.value} has no quotes (line {node.start_mark.line + 1}): write "{node.value}"'


@cache
def _schema(stem: str) -> Draft202012Validator:
    schema = json.loads((VECTORS / f"{stem}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _place(document: dict[str, Any], problem: ValidationError) -> str:
    """Name the entry by its id, or by its number where it has none, and the key in it."""
    path = [str(part) for part in problem.absolute_path]
    schema: Any = problem.schema
    instance: Any = problem.instance
    if problem.validator == "additionalProperties":
        path.append(", ".join(sorted(set(instance) - set(schema["properties"]))))
    if problem.validator == "required":
        path.append(", ".join(name for name in schema["required"] if name not in instance))
    if len(path) > 1 and path[1].isdecimal():
        entry = document[path[0]][int(path[1])]
        name = entry.get("id") if isinstance(entry, dict) else None
        path[:2] = [str(name or f"{path[0]}[{int(path[1]) + 1}]")]
    return ": ".join(path) or "the whole file"


def _explain(problem: ValidationError) -> str:
    match problem.validator:
        case "additionalProperties":
            return "unknown key"
        case "required":
            return "the key is missing"
        case "not":
            return "the key does not belong beside the others"
        case _:
            return f"{problem.message:.160}"
