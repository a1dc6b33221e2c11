"""The people of the organization."""

from mock_server.api.answers import Answer
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation


@operation("listUsers")
def list_users(call: Call) -> Answer:
    """List one page of them."""
    cursor, users = page_of(call, ordered(call, list(call.store.users.values())))
    return Answer(200, {"cursor": cursor, "data": users})
