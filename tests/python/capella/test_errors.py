"""The errors of the Python client: their kinds and messages, without any secret."""

from __future__ import annotations

import http.client
import logging
import traceback
from typing import TYPE_CHECKING

import pytest

from capella import errors
from capella.client import Client
from capella.errors import (
    AuthenticationError,
    CapellaError,
    ForbiddenError,
    InputInvalidError,
    InvalidError,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    ServerError,
    SettingsError,
    TransportError,
)
from capella.retry import Limits
from capella.settings import Settings
from tests.support.hostile_servers import (
    Action,
    Rig,
    ScriptedServer,
    drop,
    error_bytes,
    reset,
    response_bytes,
    truncate,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "canary-secret-key-1f7c"
PASSWORD = "canary-password-9d2e"


def raised_by(reply: Action, method: str = "GET") -> ResponseError:
    """Return the error that a request raises if every attempt gets this response."""
    with (
        ScriptedServer(reply) as wire,
        Rig(wire.url).client as client,
        pytest.raises(ResponseError) as raised,
    ):
        client.request(method, "/v2/projects?page=1")
    return raised.value


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ResponseError),
        (401, AuthenticationError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (405, ResponseError),
        (413, ResponseError),
        (422, InvalidError),
        (429, RateLimitedError),
        (500, ServerError),
        (503, ServerError),
        (599, ServerError),
    ],
)
def test_kind_follows_the_status(status: int, kind: type[ResponseError]) -> None:
    """Each status has one error class, with the API's message and the request."""
    found = raised_by(error_bytes(status, "told so", error_type="EntityNotWritable"))
    assert type(found) is kind
    assert (found.status, found.error_type, found.message) == (status, "EntityNotWritable", "told so")
    assert (found.method, found.endpoint, found.exit_code) == ("GET", "/v2/projects?page=1", 1)
    assert str(found) == f"GET /v2/projects?page=1: {status} EntityNotWritable: told so"


def test_tree_in_the_docstring_is_the_tree() -> None:
    """The tree in the module's docstring is the tree of its classes."""
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        name = next((word for word in line.split() if word.endswith("Error") and word.isidentifier()), "")
        if name and line.startswith("    "):
            depth = line.index(name) // 4 - 1
            path[depth:] = [name]
            drawn[name] = path[depth - 1] if depth else "Exception"
    defined = {
        name: next(base.__name__ for base in kind.__mro__[1:] if base is not ValueError)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, CapellaError)
    }
    assert drawn == defined


def test_control_characters_are_not_printed() -> None:
    """Control characters of a message are not printed, and a long message is cut."""
    body = b'{"errorType": "T\\r", "message": "a\\nb\\u001b[31mc\\u0000' + b"d" * 5000 + b'"}'
    text = str(raised_by(response_bytes(422, body)))
    assert text.isprintable()
    assert len(text) < 2100


@pytest.mark.parametrize("kind", ["response", "transport"])
def test_long_messages_are_cut(kind: str) -> None:
    """A message contains at most 2000 characters of text from a response."""
    text = "x" * 2000
    for message, end in ((text, text), (text + "y", text + "...")):
        error: CapellaError = (
            ResponseError(400, "", message, method="GET", endpoint="/")
            if kind == "response"
            else TransportError(message, "GET", "/")
        )
        assert str(error).endswith(f" {end}")


def test_transport_error_by_default() -> None:
    """Without other facts, a failure may have been carried out and is temporary."""
    error = TransportError("why", "GET", "/v2/x")
    assert (error.connected, error.temporary, error.method, error.endpoint) == (True, True, "GET", "/v2/x")
    assert str(error) == "GET /v2/x: why"


def test_exit_codes() -> None:
    """Errors before a request end a program with 2, all others with 1."""
    kinds: list[type[CapellaError]] = [CapellaError, *CapellaError.__subclasses__()]
    codes = {kind: kind.exit_code for kind in kinds}
    assert {kind for kind, code in codes.items() if code == 2} == {InputInvalidError, SettingsError}
    assert {code for code in codes.values() if code != 2} == {1}


# Secrets


@pytest.fixture
def everything_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    """Log everything, and set the switch of `http.client` that prints headers."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    return caplog


def html(status: int) -> bytes:
    """Return a response of a gateway."""
    return response_bytes(status, b"<html>", content_type="text/html")


PATHS: list[Action] = [
    response_bytes(),
    response_bytes(200, b"{"),
    response_bytes(302, b"", "Location: http://127.0.0.1:1/"),
    response_bytes(200, b"no gzip", "Content-Encoding: gzip"),
    html(200),
    html(502),
    *(
        error_bytes(status, "no", "Date: Tue, 14 Nov 2023 23:13:20 GMT")
        for status in (400, 401, 403, 404, 422, 429, 500, 503)
    ),
    drop,
    reset,
    truncate(response_bytes()),
    b"noise\r\n\r\n",
]


def calls(client: Client) -> list[Callable[[], object]]:
    """Return requests that are sent, and requests that are refused before."""
    return [
        lambda: client.get("/v2/projects/{id}", "7f3a"),
        lambda: client.get_pages("/v2/projects", query={"perPage": 1}),
        lambda: client.post("/v2/projects", body={"password": PASSWORD}),
        lambda: client.delete("/v2/projects/{id}", ""),
        lambda: client.request("GET", "/a b"),
        lambda: client.request("get", "/v2/projects"),
    ]


@pytest.mark.parametrize("reply", PATHS)
def test_no_secret_leaves(
    reply: Action, everything_logged: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """No log, error, `repr`, traceback with local variables, stdout or stderr contains a secret."""
    shown: list[str] = []
    variables: list[str] = []
    chained: list[BaseException | None] = []
    with ScriptedServer(reply) as wire:
        client = Client(Settings(wire.url, "access", CANARY), limits=Limits(attempts=2), sleep=lambda _: None)
        with client:
            shown += [repr(client), str(vars(client)), repr(client._transport), str(vars(client._transport))]  # noqa: SLF001  # what a debugger shows
            for call in calls(client):
                try:
                    shown.append(repr(call()))
                except CapellaError as raised:
                    shown += [repr(raised), str(vars(raised)), *traceback.format_exception(raised)]
                    whole = traceback.TracebackException.from_exception(raised, capture_locals=True)
                    variables += whole.format()
                    chained += [raised.__cause__, raised.__context__]
        signatures = [(seen.header("Authorization") or "").rpartition(":")[2] for seen in wire.seen]
    shown += [everything_logged.text, *capfd.readouterr()]
    assert variables
    assert set(chained) == {None}
    for secret in (CANARY, *signatures):
        assert [text for text in shown + variables if secret in text] == []
    # Only the frames of a call contain its body.
    assert [text for text in shown if PASSWORD in text] == []
