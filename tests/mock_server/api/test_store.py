"""The state: lifecycles, times and ids."""

import pytest

from mock_server.api.store import Lifecycle, Store, timestamp
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
