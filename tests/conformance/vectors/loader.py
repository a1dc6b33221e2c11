"""Loads one vector file strictly: first rules that YAML itself does not have, then the file's JSON Schema.

Every problem is a `VectorError`: one line that names the file, the id, the key and the problem.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import yaml

from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema.exceptions import ValidationError

# Without quotes, only a plain word (an id, a flag, a code) is a string in every YAML version and library.
# Other scalars become a number, a date, a boolean or null in some of them.
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

# The same grammar, parsed by libyaml where PyYAML is built with it: 8 times as fast.
LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


MAX_BYTES = 16 << 20
MAX_DEPTH = 20  # levels of lists and mappings


class VectorError(ValueError):
    """A vector file violates its schema or `vectors/README.md`; one line with file, id and key."""


def load(path: Path) -> dict[str, Any]:
    """Return the content of the vector file at `path`, checked by the schema of the same name.

    Raises:
        VectorError: the file is missing, too large or not YAML, it has an anchor, an alias, a tag or a merge
            key, a key is repeated, a scalar has no quotes, or the schema does not allow the content.
    """
    try:
        text = _read(path)
        _check_events(path.name, text)
        loader = LOADER(text)
        node = loader.get_single_node()
        for place, problem in _yaml_problems(node):
            raise VectorError(f"{path.name}: {place}: {problem}")
        document: dict[str, Any] = loader.construct_document(node) if node else {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise VectorError(f"{path.name}: cannot be read: {_short(' '.join(str(error).split()))}") from error
    if not _schema(path.stem).is_valid(document):
        first = _first_problem(path.stem, document)
        raise VectorError(f"{path.name}: {_place(document, first)}: {_explain(first)}")
    return document


def _read(path: Path) -> str:
    """Return the text of a file that is not too large; a device or a pipe could be endless."""
    if path.exists() and not path.is_file():
        raise VectorError(f"{path.name}: cannot be read: it is not a regular file")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise VectorError(f"{path.name}: it is larger than {MAX_BYTES >> 20} MiB")
    return data.decode()


def _check_events(name: str, text: str) -> None:
    """Refuse what makes the value of a node differ from its text, and what is nested too deeply.

    This happens before any node is made: with a few aliases, a small file describes an endless document.
    """
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        problem = ""
        if isinstance(event, yaml.AliasEvent):
            problem = f"*{event.anchor} is an alias: write the value"
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            problem = f"it is nested deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else ""
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent) and not event.style and event.value == "<<":
            problem = "<< is a merge key: write the keys"
        if isinstance(event, yaml.NodeEvent) and not problem:
            if event.anchor is not None:
                problem = f"&{event.anchor} is an anchor: remove it"
            elif tag := getattr(event, "tag", None):
                problem = f"{tag} is a tag: remove it"
        if problem:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise VectorError(f"{name}: line {line}: {_short(problem)}")


def _short(problem: str) -> str:
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in problem[:200])


def _yaml_problems(node: yaml.Node | None, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield repeated keys and scalars that need quotes, each with its place."""
    if isinstance(node, yaml.MappingNode):
        named = {key.value: value.value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
        place = named["id"] if isinstance(named.get("id"), str) else place
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield place or "the whole file", f"a key is not a string (line {key.start_mark.line + 1})"
                return
            inner = f"{place}: {key.value}" if place else str(key.value)
            if key.value in seen:
                yield inner, f"the key is repeated (line {key.start_mark.line + 1})"
            seen.add(key.value)
            if inner != "version":
                yield from _yaml_problems(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value, 1):
            yield from _yaml_problems(item, f"{place}[{number}]")
    elif isinstance(node, yaml.ScalarNode) and not node.style:  # plain: None, or "" from libyaml
        is_text = node.tag == "tag:yaml.org,2002:str"
        if not is_text or not WORD.fullmatch(node.value):
            yield place, f'{node.value} has no quotes (line {node.start_mark.line + 1}): write "{node.value}"'


@cache
def _schema(stem: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_schema_document(stem))


def _schema_document(stem: str) -> Any:  # noqa: ANN401  # JSON
    return json.loads((VECTORS / f"{stem}.schema.json").read_text(encoding="utf-8"))


def _first_problem(stem: str, document: dict[str, Any]) -> ValidationError:
    """Return the problem with the first place. jsonschema is slow, but says what is wrong with a document."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # only an invalid file needs it

    found: Iterator[ValidationError] = Draft202012Validator(_schema_document(stem)).iter_errors(document)
    return min(found, key=lambda error: str(error.absolute_path))


def _place(document: dict[str, Any], problem: ValidationError) -> str:
    """Return the id of the entry, or its number if it has no id, and the key in it."""
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
            return "the key is not allowed together with the others"
        case _:
            return f"{problem.message:.160}"
