"""The page of the walk: each cell has a vector or a reason, and each vector has a cell."""

from __future__ import annotations

import pytest

from tests.conformance import walk
from tests.conformance.signatures.walk import CASES
from tests.conformance.signatures.walk.characters import CLASSES, PLACES
from tests.conformance.vectors.suite import load_suite

SUITE = load_suite()
SIGNERS = {vector.id: vector for vector in SUITE.signatures}
SERVERS = [vector.id for vector in SUITE.refusals.vectors]
ROWS = [
    (f"{part}: {damage}", patterns)
    for part, rows in walk.requests().items()
    for damage, patterns in rows.items()
]


def test_the_page_is_current(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`--check` finds no difference. If a table is missing, it says which command to run."""
    assert walk.main(["--check"]) == 0
    monkeypatch.setattr(walk, "TABLES", {})
    assert walk.main(["--check"]) == 1
    assert "python -m tests.conformance.walk" in capsys.readouterr().err


@pytest.mark.parametrize("kind", walk.TABLES)
def test_every_cell_of_signers_has_a_vector_or_a_reason(kind: str) -> None:
    """A reason stands only where it is needed: each column with a reason lacks a vector in some row."""
    columns, rows = walk.TABLES[kind][1], walk.rows(kind)
    assert rows
    for field, reason in columns.items():
        missing = [damage for damage, fields in rows.items() if field not in fields]
        assert bool(missing) == bool(reason), (field, missing)
    assert {field for fields in rows.values() for field in fields} <= set(columns)


def test_every_generated_vector_has_a_cell() -> None:
    """The ids in the tables are those of the walk, and each is in the file with its damaged field."""
    kinds = [*walk.TABLES, "form"]
    listed = {
        id_ for kind in kinds for row in walk.rows(kind).values() for ids in row.values() for id_ in ids
    }
    assert listed == {case.id for case in CASES}
    assert listed <= set(SIGNERS)
    for case in CASES:
        vector = SIGNERS[case.id]
        assert bool(vector.refuse) == case.refused, case.id


def test_every_class_stands_at_every_place() -> None:
    """Four fields have each class at each of three places, and a secret has it at all three."""
    for field in ("method", "endpoint", "timestamp", "access_key"):
        for name, (character, _) in CLASSES.items():
            start, middle, end = (
                getattr(SIGNERS[f"refuse-{field.replace('_', '-')}-{name}-{place}"], field)
                for place in PLACES
            )
            assert start.startswith(character)
            assert end.endswith(character)
            assert character in middle[1:-1]
    for name, (character, _) in CLASSES.items():
        secret = SIGNERS[f"secret-holds-{name}"].secret
        assert secret.startswith(character)
        assert secret.endswith(character)
        assert character in secret[1:-1]


@pytest.mark.parametrize(("row", "patterns"), ROWS, ids=[row for row, _ in ROWS])
def test_every_pattern_of_servers_fits_a_vector(row: str, patterns: str) -> None:
    """A pattern that fits no id is a mistake."""
    assert patterns.split(), row
    assert [each for each in patterns.split() if not walk.matching(SERVERS, each)] == []


def test_every_vector_of_servers_has_a_row() -> None:
    """A new vector needs a row."""
    listed = {id_ for _, patterns in ROWS for id_ in walk.matching(SERVERS, patterns)}
    assert [id_ for id_ in SERVERS if id_ not in listed] == []


def test_ids_are_shortened() -> None:
    """Of ids that differ in the last word, only the first is written whole."""
    assert walk.short(["a-b-c", "a-b-d", "x", "a-b-e"]) == "`a-b-c` `-d`, `x`, `a-b-e`"
