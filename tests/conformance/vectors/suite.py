"""Loads all vector files and checks the whole suite; `vectors/README.md` describes the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.refusals.cases import RefusalFile, RefusalVector
from tests.conformance.settings.cases import SettingsVector
from tests.conformance.signatures.cases import Flag, SignatureVector
from tests.conformance.targets.cases import TargetVector
from tests.conformance.vectors.loader import VectorError, load
from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Vector = SignatureVector | RefusalVector | TargetVector | SettingsVector


@dataclass(frozen=True, slots=True)
class Suite:
    """All vectors."""

    flags: Mapping[str, Flag]
    signatures: tuple[SignatureVector, ...]
    refusals: RefusalFile
    targets: tuple[TargetVector, ...]
    settings: tuple[SettingsVector, ...]

    @property
    def vectors(self) -> list[Vector]:
        """The vectors of all files."""
        return [*self.signatures, *self.refusals.vectors, *self.targets, *self.settings]


def load_suite(directory: Path = VECTORS) -> Suite:
    """Load the four files of `directory`, and check each file and the suite.

    Raises:
        VectorError: a file does not load, an id is used twice, a flag is undefined or unused, or a group of
            refusals has no signature vector or no accepted request.
    """
    signatures = load(directory / "signatures.yaml")
    refusals = load(directory / "refusals.yaml")
    targets = load(directory / "targets.yaml")
    settings = load(directory / "settings.yaml")
    suite = Suite(
        flags={name: Flag(**flag) for name, flag in signatures["flags"].items()},
        signatures=tuple(map(SignatureVector.from_entry, signatures["signatures"])),
        refusals=RefusalFile(
            clock=refusals["clock"],
            window=refusals["window"],
            keys=refusals["keys"],
            vectors=tuple(map(RefusalVector.from_entry, refusals["refusals"])),
        ),
        targets=tuple(map(TargetVector.from_entry, targets["targets"])),
        settings=tuple(map(SettingsVector.from_entry, settings["settings"])),
    )
    _check_ids(suite)
    _check_flags(suite)
    _check_groups(suite)
    return suite


def _check_ids(suite: Suite) -> None:
    files: dict[str, str] = {}
    lists: dict[str, Sequence[Vector]] = {
        "signatures.yaml": suite.signatures,
        "refusals.yaml": suite.refusals.vectors,
        "targets.yaml": suite.targets,
        "settings.yaml": suite.settings,
    }
    for name, vectors in lists.items():
        for vector in vectors:
            if vector.id in files:
                raise VectorError(f"{name}: {vector.id}: id: already used in {files[vector.id]}")
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
            raise VectorError(f"signatures.yaml: flags: {flag}: no vector has this flag")


def _check_groups(suite: Suite) -> None:
    positives = {vector.id for vector in suite.signatures if vector.expected is not None}
    accepted = {vector.mutates for vector in suite.refusals.vectors if vector.expected.code == "ok"}
    for vector in suite.refusals.vectors:
        place = f"refusals.yaml: {vector.id}: mutates"
        if vector.mutates not in positives:
            raise VectorError(f"{place}: {vector.mutates} is not a signed vector")
        if vector.mutates not in accepted:
            raise VectorError(f"{place}: the group {vector.mutates} has no accepted request")
