"""The journal: its entries, its limits and its counts."""

from __future__ import annotations

import json

from mock_server.http import ReceivedRequest
from mock_server.journal import Entry, Journal
from mock_server.verifier import Refused
from mock_server.visible import Mask


def test_the_last_500_entries_are_kept() -> None:
    """The oldest is dropped first."""
    journal = Journal()
    for number in range(501):
        journal.add(Entry(number, "GET", "/"))
    assert [entry["time"] for entry in journal.entries()] == list(range(1, 501))


def test_requests_are_counted_by_code_and_by_fault() -> None:
    """The most frequent code comes first; requests without a fault are not counted by fault."""
    journal = Journal()
    for code, fault in [("ok", None), ("unsigned", "b"), ("unsigned", "a"), ("unsigned", "b")]:
        journal.add(Entry(0, "GET", "/", code=code, fault=fault))
    assert list(journal.counts().items()) == [("unsigned", 3), ("ok", 1)]
    assert journal.fault_counts() == {"a": 1, "b": 2}


def test_clearing_keeps_the_counts() -> None:
    """The counts cover the whole life of the server, so clearing does not reset them."""
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
        {"id": 1, "time": 5, "method": "GET", "target": "/", "headers": [], "body": "", "status": None}
        | {"code": "unsigned", "mistake": None, "message": None, "verified": None, "signed": None}
        | {"also": [], "fault": None, "replay": False}
    ]


def test_ids_count_from_one_and_never_come_back() -> None:
    """Clearing does not start them again: `since` would otherwise miss entries."""
    journal = Journal()
    journal.add(Entry(0, "GET", "/"))
    journal.clear()
    for _ in range(3):
        journal.add(Entry(0, "GET", "/"))
    assert [entry["id"] for entry in journal.entries()] == [2, 3, 4]
    assert [entry["id"] for entry in journal.entries(since=2)] == [3, 4]
    assert journal.entries(since=4) == []


def test_the_generation_says_that_the_entries_are_gone() -> None:
    """It is another one after a clear and in another journal, and the same after an entry."""
    journal = Journal()
    first = journal.generation
    journal.add(Entry(0, "GET", "/"))
    assert journal.generation == first
    journal.clear()
    assert len({first, journal.generation, Journal().generation}) == 3


def test_an_entry_of_a_request() -> None:
    """Nothing of it is a secret key, a signature or a password."""
    request = ReceivedRequest(
        "GET",
        "/v2/x?key=canary-key",
        [("Authorization", "Bearer canary-key:sig"), ("X", "canary-key")],
        b'{"password": "hunter2", "key": "canary-key"}',
    )
    entry = Entry.of(request, 7, Mask("canary-key"))
    assert entry == Entry(
        7,
        "GET",
        "/v2/x?key=<secret>",
        [["Authorization", "Bearer <secret>:<signature>"], ["X", "<secret>"]],
        '{"password": "<password>", "key": "<secret>"}',
    )


def test_a_refusal_is_added_without_secrets() -> None:
    """Both texts are bytes read as Latin-1."""
    entry = Entry(0, "GET", "/")
    refused = Refused("signature_mismatch", "a+b", "why canary-key", b"GET\n/\xe9", b"canary-key", ("x", "y"))
    entry.refuse(refused, Mask("canary-key"))
    assert (entry.code, entry.mistake, entry.message) == ("signature_mismatch", "a+b", "why <secret>")
    assert entry.also == ["x", "y"]
    assert (entry.verified, entry.signed) == ("GET\n/\xe9", "<secret>")
    entry.refuse(Refused("timestamp_missing", "timestamp_missing", "why"), Mask())
    assert (entry.verified, entry.signed) == (None, None)


def test_memory_is_bounded() -> None:
    """An entry of the largest request that a server reads is below 64 KiB."""
    huge = "x" * 65536
    request = ReceivedRequest(huge, huge, [(huge, huge)] * 100, b"x" * 1_000_000)
    entry = Entry.of(request, 0, Mask("canary-key"))
    entry.refuse(Refused("c", "m", "why", huge.encode(), huge.encode()), Mask())
    assert len(json.dumps(entry.as_json())) < 65536


def test_a_mask_covers_what_was_recorded_before() -> None:
    """Each text of an entry, and the counts by fault."""
    journal = Journal()
    texts = {
        "body": "\u00e9 later",
        "message": "later",
        "verified": "later",
        "signed": "later",
        "fault": "later",
    }
    journal.add(Entry(1, "later", "/?later", [["X", "\xe9 later"], ["later", ""]], **texts))  # type: ignore[arg-type]  # texts
    journal.add(Entry(2, "GET", "/"))
    before = journal.entries()[1]
    journal.mask(Mask("later"))
    first, second = journal.entries()
    assert "later" not in json.dumps(first)
    assert json.dumps(first).count("<secret>") == 9
    assert (first["body"], first["headers"][0]) == ("\u00e9 <secret>", ["X", "\xe9 <secret>"])
    assert second == before
    assert journal.fault_counts() == {"<secret>": 1}
