"""The state: times."""

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
