"""The vector files as dataclasses, fields named as in the YAML; `vectors/README.md` says what they mean.

`load_suite()` reads them strictly, so that a slip of the pen is an error and never a vector less.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.conformance.vectors.loader import VectorError, load
from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


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
    """Requests, and what the server has when they arrive: clock and window in milliseconds, and its keys."""

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
        VectorError: a file does not load, an id stands twice in the suite, a flag is undefined or unused, or
            a group of refusals lacks its positive or its accepted request.
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
    lists: dict[str, Sequence[SignatureVector | RefusalVector | TargetVector | SettingsVector]] = {
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
