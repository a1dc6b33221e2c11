"""The Python client: the requests that its methods send, and its connections."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest

from capella.client import Client
from capella.errors import (
    InputInvalidError,
    ResponseError,
    SettingsError,
)
from capella.settings import Settings
from tests.support.hostile_servers import (
    NOWHERE,
    Rig,
    ScriptedServer,
    error_bytes,
    response_bytes,
)


def test_values_fill_the_path() -> None:
    """Values replace the names in braces, percent-encoded; a query value of None is left out."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.put("/v2/clusters/{id}/users/{username}", "7f3a", "a/b c", body={"a": "é"})
        client.get("/v3/clusters", query={"page": 1, "cloudId": None, "sortBy": "a&b"})
        put, get = wire.seen
    assert put.target == "/v2/clusters/7f3a/users/a%2Fb%20c"
    assert (put.header("Content-Type"), json.loads(put.body)) == ("application/json", {"a": "é"})
    assert get.target == "/v3/clusters?page=1&sortBy=a%26b"


@pytest.mark.parametrize("value", ["", ".", "..", "\ud800"])
def test_value_that_would_change_the_path(value: str) -> None:
    """A value that would change the path is refused, and no request is sent."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        with pytest.raises(InputInvalidError):
            client.delete("/v2/projects/{id}", value)
        assert not wire.seen


def test_status_needs_no_keys() -> None:
    """A client without keys sends neither of the two headers."""
    with ScriptedServer(response_bytes()) as wire, Client(Settings(wire.url)) as client:
        client.get("/v2/status")
        (seen,) = wire.seen
        assert seen.header("Authorization") is None
        assert seen.header("Couchbase-Timestamp") is None


def test_settings_made_by_hand_are_checked() -> None:
    """Settings created in code are checked: plain http to another machine, and keys that cannot sign."""
    for where in (
        Settings("http://example.com", "A", "s"),
        Settings(NOWHERE, "A:b", "s"),
        Settings(NOWHERE, "", "s"),
    ):
        with pytest.raises(SettingsError):
            Client(where)


def test_connection_is_kept() -> None:
    """Requests share one connection, also after errors and empty responses."""
    replies = (response_bytes(), response_bytes(204, b""), error_bytes(422), response_bytes(200, b"[]"))
    with ScriptedServer(*replies) as wire, Rig(wire.url).client as client:
        for _ in replies:
            with_error = pytest.raises(ResponseError) if len(wire.seen) == 2 else nullcontext()
            with with_error:
                client.get("/v2/clouds")
        assert (len(wire.seen), wire.connections) == (4, 1)
