"""The Python client: the requests that its methods send, and its connections."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import TYPE_CHECKING

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
    SECRET,
    Rig,
    ScriptedServer,
    assert_signed,
    error_bytes,
    response_bytes,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_values_fill_the_path() -> None:
    """Values replace the names in braces, percent-encoded; a query value of None is left out."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.put("/v2/clusters/{id}/users/{username}", "7f3a", "a/b c", body={"a": "é"})
        client.get("/v3/clusters", query={"page": 1, "cloudId": None, "sortBy": "a&b"})
        put, get = wire.seen
    assert put.target == "/v2/clusters/7f3a/users/a%2Fb%20c"
    assert (put.header("Content-Type"), json.loads(put.body)) == ("application/json", {"a": "é"})
    assert get.target == "/v3/clusters?page=1&sortBy=a%26b"


def test_methods() -> None:
    """Each function sends its method, its values in the path and its body."""
    path = "/v2/clusters/{id}/users/{username}"
    with ScriptedServer(response_bytes(200, b"[]")) as wire, Rig(wire.url).client as client:
        client.get(path, "1", "a")
        client.get_list(path, "1", "a")
        client.get_pages(path, "1", "a", query={})
        client.get_pages(path, "1", "a", query={}, page=2)
        for send in (client.post, client.put, client.delete):
            send(path, "1", "a", body={"b": 2})
        client.delete(path, "1", "a")
    target = "/v2/clusters/1/users/a"
    assert [(seen.method, seen.target, seen.body) for seen in wire.seen] == [
        ("GET", target, b""),
        ("GET", target, b""),
        ("GET", f"{target}?page=1", b""),
        ("GET", f"{target}?page=2", b""),
        *((method, target, b'{"b": 2}') for method in ("POST", "PUT", "DELETE")),
        ("DELETE", target, b""),
    ]


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


def test_body_with_half_a_surrogate_pair() -> None:
    """JSON can escape half a surrogate pair, so a body with one is sent as ASCII."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.post("/v2/projects", body={"name": "a\udcff"})
        assert wire.seen[0].body == b'{"name": "a\\udcff"}'
        assert_signed(wire.seen[0])


@pytest.mark.parametrize("body", [None, {}, [], 0, False, ""])
def test_bodies(body: object) -> None:
    """Only None is no body."""
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.delete("/v2/projects", body=body)
        assert wire.seen[0].body == (b"" if body is None else json.dumps(body).encode())
        assert (wire.seen[0].header("Content-Type") is None) is (body is None)


def test_repr() -> None:
    """`repr` shows the settings without the secret key."""
    text = repr(Client(Settings(NOWHERE, "access", "canary")))
    assert text == f"Client(Settings(base_url='{NOWHERE}', access_key='access', secret_key=[secret]))"


def test_from_environment(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client takes its settings from the environment and a `.env` file; without keys it sends none."""
    with ScriptedServer(response_bytes()) as wire:
        (only / ".env").write_text(f"CBC_API_URL='{wire.url}'\nCBC_SECRET_KEY='{SECRET}'\n", "utf-8")
        with pytest.raises(SettingsError, match="CBC_ACCESS_KEY not set"):
            Client.from_environment()
        monkeypatch.setenv("CBC_ACCESS_KEY", "A")
        for keys in (True, False):
            with Client.from_environment(keys=keys) as client:
                client.get("/v2/status")
    assert_signed(wire.seen[0])
    assert wire.seen[1].header("Authorization") is None


def test_close_ends_the_connections() -> None:
    """At the end of its block a client closes its connections; a later request opens a new one."""
    with ScriptedServer(response_bytes()) as wire:
        with Rig(wire.url).client as client:
            client.get("/v2/clouds")
        client.get("/v2/clouds")
        client.close()
        assert wire.connections == 2
