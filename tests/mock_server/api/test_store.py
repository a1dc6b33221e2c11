"""The state: lifecycles, times and ids."""

import pytest

from mock_server.api.store import Lifecycle, Store, exact_timestamp, timestamp
from tests.support.api_caller import ApiCaller


def test_a_time_after_the_year_9999_is_the_last_second_of_it() -> None:
    """RFC 3339 cannot express a later time."""
    caller = ApiCaller()
    for now, written in [
        (0, "1970-01-01T00:00:00Z"),
        (999, "1970-01-01T00:00:00Z"),
        (10**18, "9999-12-31T23:59:59Z"),
    ]:
        caller.now = now
        created = caller.call("POST", "/v2/projects", {"name": f"at {now}"}).body
        assert created["createdAt"] == written


@pytest.mark.parametrize("polls", [0, 1, 2])
def test_a_lifecycle_enters_its_next_state_after_n_polls(polls: int) -> None:
    """The first N polls return the state, later ones the next state, which is settled."""
    lifecycle = Lifecycle("draft")
    assert lifecycle.settled
    lifecycle.enter("deploying", "ready", polls)
    assert lifecycle.settled == (polls == 0)
    assert [lifecycle.poll() for _ in range(4)] == (["deploying"] * polls + ["ready"] * 4)[:4]
    assert lifecycle.settled
    assert (lifecycle.state, lifecycle.next_state) == ("ready", "ready")


@pytest.mark.parametrize(
    ("polls", "seen"),
    [
        (0, ["healthy"] * 4),
        (1, ["scaling", "healthy", "healthy", "healthy"]),
        (2, ["scaling", "rebalancing", "healthy", "healthy"]),
        (3, ["scaling", "scaling", "rebalancing", "healthy"]),
    ],
)
def test_the_last_of_several_polls_returns_the_passing_state(polls: int, seen: list[str]) -> None:
    """The number of polls until the next state is the same with a passing state as without."""
    lifecycle = Lifecycle("draft")
    lifecycle.enter("scaling", "healthy", polls, "rebalancing")
    assert [lifecycle.poll() for _ in range(4)] == seen
    lifecycle.enter("deploying", "healthy", 2)
    assert [lifecycle.poll() for _ in range(3)] == ["deploying", "deploying", "healthy"]


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (10, "1970-01-01T00:00:00.00000001Z"),
        (1_700_000_000_123_456_789, "2023-11-14T22:13:20.123456789Z"),
        (1_700_000_000_123_456_700, "2023-11-14T22:13:20.1234567Z"),
        (1_700_000_000_100_000_000, "2023-11-14T22:13:20.1Z"),
        (1_700_000_010_000_000_000, "2023-11-14T22:13:30Z"),
        (253_402_300_800_000_000_001, "9999-12-31T23:59:59.000000001Z"),
    ],
)
def test_an_exact_timestamp_has_the_digits_of_go(nanoseconds: int, text: str) -> None:
    """Zeros at the end are left out, and so is the point without digits."""
    assert exact_timestamp(nanoseconds) == text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1999, "1970-01-01T00:00:01Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59Z"),
        (253_402_300_800_000, "9999-12-31T23:59:59Z"),
    ],
)
def test_a_timestamp_has_whole_seconds(milliseconds: int, text: str) -> None:
    """Milliseconds are rounded down to whole seconds."""
    assert timestamp(milliseconds) == text


def test_ids_are_a_sequence_for_each_kind() -> None:
    """The ids do not depend on the clock, and are the same in a new store."""
    one, other = Store(lambda: 0, 3), Store(lambda: 1, 3)
    ids = [one.new_id(kind) for kind in ("a", "a", "b")]
    assert len(set(ids)) == 3
    assert [other.new_id(kind) for kind in ("b", "a", "a")] == [ids[2], ids[0], ids[1]]
