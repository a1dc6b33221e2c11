"""The journal: its limits and its counts."""

from __future__ import annotations

import pytest

from mock_server.journal import Entry, Journal


def test_the_last_500_entries_are_kept() -> None:
    """The oldest is dropped first."""
    journal = Journal()
    for number in range(501):
        journal.add(Entry(number, "GET", "/"))
    assert [entry["time"] for entry in journal.entries()] == list(range(1, 501))


@pytest.mark.parametrize("length", [8191, 8192])
def test_a_short_entry_is_kept_unchanged(length: int) -> None:
    """Up to 8192 characters of the method and of the target."""
    journal = Journal()
    journal.add(Entry(0, "X" * length, "/" * length))
    [entry] = journal.entries()
    assert (entry["method"], entry["target"]) == ("X" * length, "/" * length)


def test_a_long_entry_is_shortened() -> None:
    """A shortened target ends with dots."""
    journal = Journal()
    journal.add(Entry(0, "X" * 8193, "/" * 8193))
    [entry] = journal.entries()
    assert (entry["method"], entry["target"]) == ("X" * 8192, "/" * 8192 + "...")


def test_requests_are_counted_by_code_and_by_fault() -> None:
    """The most frequent code comes first; requests without a fault are not counted by fault."""
    journal = Journal()
    for code, fault in [("ok", None), ("unsigned", "b"), ("unsigned", "a"), ("unsigned", "b")]:
        journal.add(Entry(0, "GET", "/", code=code, fault=fault))
    assert list(journal.counts().items()) == [("unsigned", 3), ("ok", 1)]
    assert journal.fault_counts() == {"a": 1, "b": 2}


def test_clearing_keeps_the_counts() -> None:
    """They cover the whole life of the server."""
    journal = Journal()
    journal.add(Entry(0, "GET", "/", fault="a"))
    journal.clear()
    assert journal.entries() == []
    assert (journal.counts(), journal.fault_counts()) == ({"unsigned": 1}, {"a": 1})


def test_a_new_entry_is_of_an_unsigned_request() -> None:
    """A new entry has the code `unsigned` and no status, mistake or fault."""
    journal = Journal()
    journal.add(Entry(5, "GET", "/"))
    assert journal.entries() == [
        {"time": 5, "method": "GET", "target": "/", "status": None}
        | {"code": "unsigned", "mistake": None, "fault": None}
    ]
