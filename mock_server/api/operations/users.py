"""The users of the organization."""

from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.http import Reply


@operation("listUsers")
def list_users(call: Call) -> Reply:
    """Return one page of the users."""
    cursor, users = page_of(call, ordered(call, list(call.store.users.values())))
    return json_reply(200, {"cursor": cursor, "data": users})
