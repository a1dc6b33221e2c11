"""The replies of operations. The keys of their JSON are in alphabetical order, as those of the service."""

import json

from mock_server.http import Reply

_encode = json.JSONEncoder(
    separators=(",", ":"), sort_keys=True
).encode  # ASCII output, as in mock_server.http


def json_reply(status: int, body: object, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Return a reply with a JSON body. Its Content-Type comes before the other headers."""
    return Reply(status, _encode(body).encode("ascii"), (("Content-Type", "application/json"), *headers))
