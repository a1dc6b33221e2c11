"""Reads the vector files strictly, so that a slip of the pen is an error and never a vector less.

A file that does not load raises `VectorError` with one line: the file, the id, the key, and what to do.
The formats are described in `vectors/README.md`; each file's schema lies beside it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema.exceptions import ValidationError

VECTORS = Path(__file__).resolve().parents[2] / "vectors"

# A scalar without quotes is safe in every YAML version and library only if it is a plain word (an id, a flag,
# a code): anything else is a number, a date, a boolean or nothing at all to somebody.
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class VectorError(ValueError):
    """A vector file that is not what its schema and `vectors/README.md` say; one line, file, id and key named."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A kind of bug: what it is, and what it does in the field."""

    bug: str
    effect: str


@dataclass(frozen=True, slots=True)
class SignatureVector:
    """One input of a signer: either `message` and `expected`, or `refuse`."""

    id: str
    about: str
    flags: tuple[str, ...]
    method: str
    endpoint: str
    timestamp: str
    secret: str
    access_key: str = "A"
    message: str | None = None
    expected: str | None = None
    refuse: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it travels: every character of target and headers is one byte, Latin-1."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a server says of a request; `mistake` is there unless `code` is `ok`."""

    code: str
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class RefusalVector:
    """One request for a server: a mutation of the positive named in `mutates`."""

    id: str
    about: str
    mutates: str
    authority: str
    request: Request
    expected: Verdict


@dataclass(frozen=True, slots=True)
class RefusalFile:
    """Requests, and what the server has when they arrive: a clock and a window in milliseconds, and its keys."""

    clock: str
    window: str
    keys: Mapping[str, str] = field(repr=False)
    vectors: tuple[RefusalVector, ...]


@dataclass(frozen=True, slots=True)
class TargetVector:
    """One call as a user makes it, unencoded: either `expected`, the wire target, or `refuse`."""

    id: str
    about: str
    base_url: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    expected: str | None = None
    refuse: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The three settings of a client."""

    base_url: str
    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettingsVector:
    """One environment and `.env` text: either `expected`, or `refuse` and the `names` an error must show."""

    id: str
    about: str
    environment: Mapping[str, str] = field(repr=False)
    dotenv: str | None = field(default=None, repr=False)
    expected: Settings | None = None
    refuse: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """All vector files, checked alone and against each other."""

    flags: Mapping[str, Flag]
    signatures: tuple[SignatureVector, ...]
    refusals: RefusalFile
    targets: tuple[TargetVector, ...]
    settings: tuple[SettingsVector, ...]


def load_suite(directory: Path = VECTORS) -> Suite:
    """Load the four files of `directory` and check what spans them.

    Raises:
        VectorError: a file does not load, an id stands twice in the suite, a flag is undefined or unused, or a
            group of refusals lacks its positive or its accepted request.
    """
    signatures = load(directory / "signatures.yaml")
    refusals = load(directory / "refusals.yaml")
    targets = load(directory / "targets.yaml")
    settings = load(directory / "settings.yaml")
    suite = Suite(
        flags={name: Flag(**flag) for name, flag in signatures["flags"].items()},
        signatures=tuple(_signature(entry) for entry in signatures["signatures"]),
        refusals=RefusalFile(
            clock=refusals["clock"],
            window=refusals["window"],
            keys=refusals["keys"],
            vectors=tuple(_refusal(entry) for entry in refusals["refusals"]),
        ),
        targets=tuple(_target(entry) for entry in targets["targets"]),
        settings=tuple(_setting(entry) for entry in settings["settings"]),
    )
    _check_ids(suite)
    _check_flags(suite)
    _check_groups(suite)
    return suite


def load(path: Path) -> dict[str, Any]:
    """Load one vector file and check it against the schema of its name.

    Raises:
        VectorError: no such file, not YAML, a key twice, a scalar without quotes, or not as the schema says.
    """
    name = path.name
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        for where, problem in _slips(node):
            raise VectorError(f"{name}: {where}: {problem}")
        document = loader.construct_document(node)
    except (OSError, UnicodeDecodeError) as error:
        raise VectorError(f"{name}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise VectorError(f"{name}: is not YAML: {' '.join(str(error).split())}") from error
    problems = sorted(
        _schema(path.stem).iter_errors(document), key=lambda problem: list(map(str, problem.path))
    )
    for problem in problems:
        raise VectorError(f"{name}: {_where(document, problem)}: {_explain(problem)}")
    return dict(document)


def _slips(node: yaml.Node | None, where: str = "") -> Iterator[tuple[str, str]]:
    """Find what YAML lets pass: a key twice, and a scalar that is no text to every reader; with its place."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        names = {key.value: value.value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
        where = names["id"] if isinstance(names.get("id"), str) else where
        for key, value in node.value:
            place = f"{where}: {key.value}" if where else str(key.value)
            if key.value in seen:
                yield place, f"the key stands twice (line {key.start_mark.line + 1})"
            seen.add(key.value)
            if place != "version":
                yield from _slips(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value, 1):
            yield from _slips(item, f"{where}[{index}]")
    elif isinstance(node, yaml.ScalarNode) and node.style is None:
        retyped = node.tag != "tag:yaml.org,2002:str"
        if retyped or not WORD.fullmatch(node.value):
            yield (
                where,
                f"{node.value!r} is not in quotes (line {node.start_mark.line + 1}): put it in quotes",
            )


@cache
def _schema(stem: str) -> Draft202012Validator:
    schema = json.loads((VECTORS / f"{stem}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def _where(document: Any, problem: ValidationError) -> str:  # noqa: ANN401  # a document may be anything
    """Name the entry by its id, or by its number where it has none, and the key in it."""
    path = list(problem.absolute_path)
    if problem.validator == "additionalProperties":
        path.append("/".join(sorted(set(problem.instance) - set(problem.schema.get("properties", ())))))
    if problem.validator == "required":
        path.append(next(name for name in problem.validator_value if name not in problem.instance))
    if len(path) > 1 and isinstance(path[1], int):
        entry = document[path[0]][path[1]]
        name = entry.get("id") if isinstance(entry, dict) else None
        path[:2] = [name or f"{path[0]}[{path[1] + 1}]"]
    return ": ".join(str(part) for part in path) or "the file"


def _explain(problem: ValidationError) -> str:
    match problem.validator:
        case "additionalProperties":
            return "unknown key"
        case "required":
            return "the key is missing"
        case None:
            return "this key does not belong beside the others"
        case "type":
            return f"{problem.instance!r:.60} is no {problem.validator_value}"
        case "pattern":
            return f"{problem.instance!r:.60} does not match {problem.validator_value}"
        case _:
            return f"{problem.message:.120}"


def _signature(entry: dict[str, Any]) -> SignatureVector:
    return SignatureVector(**{**entry, "flags": tuple(entry["flags"])})


def _refusal(entry: dict[str, Any]) -> RefusalVector:
    headers = tuple((name, value) for name, value in entry["request"]["headers"])
    request = Request(**{**entry["request"], "headers": headers})
    return RefusalVector(**{**entry, "request": request, "expected": Verdict(**entry["expected"])})


def _target(entry: dict[str, Any]) -> TargetVector:
    query = tuple((key, value) for key, value in entry["query"])
    return TargetVector(**{**entry, "path": tuple(entry["path"]), "query": query})


def _setting(entry: dict[str, Any]) -> SettingsVector:
    expected = Settings(**entry["expected"]) if "expected" in entry else None
    return SettingsVector(**{**entry, "expected": expected, "names": tuple(entry.get("names", ()))})


def _check_ids(suite: Suite) -> None:
    files: dict[str, str] = {}
    lists = {
        "signatures.yaml": suite.signatures,
        "refusals.yaml": suite.refusals.vectors,
        "targets.yaml": suite.targets,
        "settings.yaml": suite.settings,
    }
    for name, vectors in lists.items():
        for vector in vectors:
            if vector.id in files:
                raise VectorError(f"{name}: {vector.id}: id: stands already in {files[vector.id]}")
            files[vector.id] = name


def _check_flags(suite: Suite) -> None:
    used = set()
    for vector in suite.signatures:
        for flag in vector.flags:
            if flag not in suite.flags:
                raise VectorError(f"signatures.yaml: {vector.id}: flags: {flag} is not defined at the top")
            used.add(flag)
    for flag in suite.flags:
        if flag not in used:
            raise VectorError(f"signatures.yaml: flags: {flag}: no vector has it")


def _check_groups(suite: Suite) -> None:
    positives = {vector.id for vector in suite.signatures if vector.expected is not None}
    accepted = {vector.mutates for vector in suite.refusals.vectors if vector.expected.code == "ok"}
    for vector in suite.refusals.vectors:
        if vector.mutates not in positives:
            raise VectorError(f"refusals.yaml: {vector.id}: mutates: {vector.mutates} is no signed vector")
        if vector.mutates not in accepted:
            raise VectorError(f"refusals.yaml: {vector.id}: mutates: the group has no accepted request")
