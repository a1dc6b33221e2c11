"""The status of the API."""

from tests.support.api_caller import ApiCaller


def test_the_status_is_ok(caller: ApiCaller) -> None:
    """The vendor documents an object with a text."""
    assert caller.get("/v2/status") == {"status": "OK"}
