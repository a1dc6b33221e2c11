"""The state of the API itself: the one operation that needs no signature."""

from mock_server.api.answers import Answer
from mock_server.api.registry import Call, operation


@operation("getStatus")
def get_status(_call: Call) -> Answer:
    """Say that the API is there. The vendor leaves the word open; `OK` is ours."""
    return Answer(200, {"status": "OK"})
