"""What the Python client makes of an answer that is no success, and that no secret leaves it on any path."""

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
    InvalidError,
    NotFoundError,
    RateLimitedError,
    ResponseError,
    ServerError,
    UnexpectedResponseError,
    one_line,
)
from capella.retry import Limits
from capella.settings import Settings
from tests.support.hostile_servers import Reply, Rig, Wire, answer, drop, error, reset, truncate

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "canary-secret-key-1f7c"
PASSWORD = "canary-password-9d2e"


def raised_by(reply: Reply, method: str = "GET") -> ResponseError:
    """The error a call raises on this answer; every attempt gets the same."""
    with Wire(reply) as wire, Rig(wire.url).client as client, pytest.raises(ResponseError) as raised:
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
    """Each error is of exactly one kind, and carries what the API said and to whom."""
    found = raised_by(error(status, "told so", error_type="EntityNotWritable"))
    assert type(found) is kind
    assert (found.status, found.error_type, found.message) == (status, "EntityNotWritable", "told so")
    assert (found.method, found.endpoint, found.exit_code) == ("GET", "/v2/projects?page=1", 1)
    assert str(found) == f"GET /v2/projects?page=1: {status} EntityNotWritable: told so"


def test_tree_in_the_docstring_is_the_tree() -> None:
    """The classes drawn at the top of the module are the classes below, each below its parent."""
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


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Made up"),
        (b"   ", "Made up"),
        (b"{}", "Made up"),
        (b'{"message": null}', "Made up"),
        (b'{"code": 4, "hint": "h", "message": "of v4"}', "of v4"),
        (b"[1]", "Made up"),
        (b'"text"', "Made up"),
        (b"null", "Made up"),
    ],
)
def test_error_without_an_envelope(body: bytes, message: str) -> None:
    """JSON that is not the API's envelope, or nothing at all, leaves the status and its reason."""
    found = raised_by(answer(422, body, reason="Made up"))
    assert (type(found), found.message, found.error_type) == (InvalidError, message, "")


def test_error_in_another_media_type() -> None:
    """An envelope is read whatever it is called: the message is worth more than the label."""
    body = b'{"errorType": "Unauthorized", "message": "no"}'
    assert raised_by(answer(401, body, content_type="text/plain")).message == "no"


@pytest.mark.parametrize("status", [200, 201, 401, 403, 404, 422, 429, 500, 502, 503])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [("text/html", b"<html>canary</html>"), ("text/plain", b"canary"), ("application/json", b'{"canary"')],
)
def test_answer_that_is_not_the_api(status: int, media_type: str, body: bytes) -> None:
    """HTML from a gateway and malformed JSON are a kind of their own; the body is not quoted."""
    found = raised_by(answer(status, body, content_type=media_type))
    assert (type(found), found.status) == (UnexpectedResponseError, status)
    assert "a proxy or a gateway responded" in str(found)
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    "body",
    [
        *(b"NaN", b"[Infinity]", b"[-Infinity]", b"[1e999]", b"9" * 5000, b"[" * 100_000),
        *(b"\xff", b"\xef\xbb\xbf{}", b"{'a': 1}", b"{} {}"),
    ],
)
def test_success_that_is_not_json(body: bytes) -> None:
    """What Python's reader would take beyond JSON, or choke on, is no answer either."""
    assert type(raised_by(answer(200, body))) is UnexpectedResponseError


@pytest.mark.parametrize("media_type", ["text/html", "text/plain; charset=utf-8", "application/octet-stream"])
def test_success_in_another_media_type(media_type: str) -> None:
    """A success is JSON and says so."""
    assert type(raised_by(answer(200, b"{}", content_type=media_type))) is UnexpectedResponseError


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"]
)
def test_media_types_of_json(media_type: str) -> None:
    """Case and parameters of the media type mean nothing."""
    with Wire(answer(200, b"{}", content_type=media_type)) as wire, Rig(wire.url).client as client:
        assert client.get("/v2/clouds").body == {}


def test_control_characters_are_not_printed() -> None:
    """A message cannot move the cursor, colour the terminal or fill it."""
    body = b'{"errorType": "T\\r", "message": "a\\nb\\u001b[31mc\\u0000' + b"d" * 5000 + b'"}'
    text = str(raised_by(answer(422, body)))
    assert text.isprintable()
    assert len(text) < 2100


def test_one_line_keeps_what_can_be_printed() -> None:
    """Letters of any script stay as they are."""
    assert one_line("é 漢字 \u202e\x1b\n") == "é 漢字    "


# Clocks: the rig's stands at 2023-11-14 22:13:20 UTC


def test_clock_skew_is_explained() -> None:
    """A 401 by a server whose clock is far from ours names both clocks and the difference."""
    text = str(raised_by(error(401, "no", "Date: Tue, 14 Nov 2023 23:13:20 GMT")))
    assert text.endswith(
        "401 Refused: no; the local clock reads 2023-11-14 22:13:20 UTC,"
        " the server's 2023-11-14 23:13:20 UTC: set the local clock, which is 0:59:59 behind"
    )
    assert "ahead" in str(raised_by(error(401, "no", "Date: Tue, 14 Nov 2023 21:13:20 GMT")))


@pytest.mark.parametrize(
    "date",
    [
        *("Tue, 14 Nov 2023 22:14:20 GMT", "Tue, 14 Nov 2023 22:12:21 GMT"),
        *("", "today", "Tue, 99 Nov 2023 22:14:20 GMT", "Tue, 14 Nov 99999 22:14:20 GMT", "\xff"),
    ],
)
def test_clock_that_is_near_or_unknown(date: str) -> None:
    """Up to a minute, and without a date that can be read, there is nothing to say of clocks."""
    assert str(raised_by(error(401, "no", f"Date: {date}"))).endswith("401 Refused: no")


def test_clock_is_named_for_401_alone() -> None:
    """Other refusals have other reasons."""
    assert "clock" not in str(raised_by(error(403, "no", "Date: Tue, 14 Nov 2023 23:13:20 GMT")))


# Secrets


@pytest.fixture
def everything_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> pytest.LogCaptureFixture:
    """All logging there is, and the switch of `http.client` that prints headers."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    return caplog


def html(status: int) -> bytes:
    """An answer of a gateway."""
    return answer(status, b"<html>", content_type="text/html")


PATHS: list[Reply] = [
    answer(),
    answer(200, b"{"),
    answer(302, b"", "Location: http://127.0.0.1:1/"),
    answer(200, b"no gzip", "Content-Encoding: gzip"),
    html(200),
    html(502),
    *(
        error(status, "no", "Date: Tue, 14 Nov 2023 23:13:20 GMT")
        for status in (400, 401, 403, 404, 422, 429, 500, 503)
    ),
    drop,
    reset,
    truncate(answer()),
    b"noise\r\n\r\n",
]


def calls(client: Client) -> list[Callable[[], object]]:
    """Calls that are sent, and calls that are refused before."""
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
    reply: Reply, everything_logged: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not in a log, an error, a `repr`, a traceback with every local variable, or on stdout and stderr."""
    shown: list[str] = []
    variables: list[str] = []
    chained: list[BaseException | None] = []
    with Wire(reply) as wire:
        client = Client(Settings(wire.url, "access", CANARY), limits=Limits(attempts=2), sleep=lambda _: None)
        with client:
            shown += [repr(client), str(vars(client)), repr(client._transport), str(vars(client._transport))]  # noqa: SLF001  # a debugger looks there
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
    # Every frame of a call has its body, from the caller's on; nothing else has.
    assert [text for text in shown if PASSWORD in text] == []
