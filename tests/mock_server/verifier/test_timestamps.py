"""The advice for a timestamp that is refused."""

from __future__ import annotations

import pytest

from mock_server.verifier import timestamps

NOW = 1_700_000_000_000
HALF_HOUR, HOUR = 1_800_000, 3_600_000
SLACK = 120_000  # milliseconds that a local time may be from a whole half hour
ZONE = " (as when local time is taken for UTC)"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (300_001, "5 min 1 s"),
        (24 * HOUR - 1, "1 d"),
        (25 * HOUR + 61_000, "1 d 1 h 1 min 1 s"),
        (HALF_HOUR - SLACK, f"28 min{ZONE}"),
        (HALF_HOUR - SLACK - 1, "28 min"),
        (HALF_HOUR + SLACK, f"32 min{ZONE}"),
        (HALF_HOUR + SLACK + 1, "32 min 1 s"),
        (HALF_HOUR + HALF_HOUR // 2, "45 min"),
        (14 * HOUR + SLACK, f"14 h 2 min{ZONE}"),
        (14 * HOUR + SLACK + 1, "14 h 2 min 1 s"),
        (14 * HOUR + HALF_HOUR, "14 h 30 min"),
    ],
)
def test_the_difference_in_words(milliseconds: int, words: str) -> None:
    """A difference of whole half hours, up to 14 hours, looks like a time zone."""
    for moment, say, way in (
        (NOW - milliseconds, timestamps.stale, "behind"),
        (NOW + milliseconds, timestamps.future, "ahead of"),
    ):
        message = say(b"%d" % moment, milliseconds, 300_000, NOW)
        assert message.startswith(f"The timestamp is {words} {way} the server's clock, and 300 s are allowed")


@pytest.mark.parametrize(("window", "words"), [(0, "0 s"), (500, "0.5 s"), (86_400_000, "86400 s")])
def test_the_window_in_words(window: int, words: str) -> None:
    """The window is in seconds."""
    for say in (timestamps.stale, timestamps.future):
        assert f" and {words} are allowed: " in say(b"%d" % (NOW - 400_000_000), 400_000_000, window, NOW)


DAY = 24 * HOUR
YEAR = 365 * DAY


@pytest.mark.parametrize(
    ("count", "words"),
    [
        ((NOW + YEAR) // 10 - 1, "is in hundredths of a second"),
        ((NOW + YEAR) // 10, ""),
        ((NOW - YEAR) // 10 + 1, "is in hundredths of a second"),
        ((NOW - YEAR) // 10, ""),
        (NOW % 2**32 + DAY - 1, "was cut to 32 bits"),
        (NOW % 2**32 + DAY, "is much too small"),
        (NOW % 2**32 - DAY + 1, "was cut to 32 bits"),
        (NOW % 2**32 - DAY, "is much too small"),
        (YEAR - 1, "is much too small"),
        (YEAR, ""),
        (20231114221320, "is a date written in digits"),
        (2023111422132, ""),
        (99991114221320, ""),
    ],
)
def test_other_clocks_at_their_edges(count: int, words: str) -> None:
    """Less than a year from now by another clock, or less than a day by one of 32 bits."""
    message = timestamps.stale(b"%d" % count, 400_000_000, 300_000, NOW)
    assert words in message
    assert message.startswith("The timestamp is ") is (not words)


def test_the_ends_of_a_long_timestamp_are_examined() -> None:
    """Up to 200 bytes all of a timestamp is examined, and of a longer one 100 bytes at each end."""
    assert "hexadecimal" in timestamps.timestamp(b"1" * 99 + b"f" + b"1" * 100)
    assert "more digits" in timestamps.timestamp(b"1" * 100 + b"f" + b"1" * 100)
