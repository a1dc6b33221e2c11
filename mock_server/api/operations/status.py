"""The status of the API: the only operation that needs no signature."""

from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.http import Reply


@operation("getStatus")
def get_status(_call: Call) -> Reply:
    """Return the status. The vendor does not document its text; `OK` is the mock's own policy."""
    return json_reply(200, {"status": "OK"})
