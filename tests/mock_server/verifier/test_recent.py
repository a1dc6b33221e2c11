"""The timestamps of earlier requests."""

from __future__ import annotations

import pytest

from mock_server.verifier import RecentTimestamps


def test_the_last_twenty_are_kept_newest_first() -> None:
    """A timestamp that comes again is the newest one, and counts once."""
    recent = RecentTimestamps()
    for number in (*range(25), 7):
        recent.add(b"A", b"%d" % number)
    assert recent.of(b"A") == tuple(b"%d" % number for number in (7, *range(24, 7, -1), 6, 5))


def test_access_keys_have_timestamps_of_their_own() -> None:
    """An access key that sent nothing has none, and a reset forgets all."""
    recent = RecentTimestamps()
    recent.add(b"A", b"1")
    assert (recent.of(b"A"), recent.of(b"B")) == ((b"1",), ())
    recent.clear()
    assert recent.of(b"A") == ()


@pytest.mark.parametrize(
    ("timestamp", "kept"), [(b"9" * 19, True), (b"9" * 20, False), (b"1.5", False), (b"", False)]
)
def test_only_digits_are_kept(timestamp: bytes, *, kept: bool) -> None:
    """Up to 19 of them."""
    recent = RecentTimestamps()
    recent.add(b"A", timestamp)
    assert recent.of(b"A") == ((timestamp,) if kept else ())
