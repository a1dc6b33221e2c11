"""The mock over real sockets: what is verified, in which order, and how it is answered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from mock_server.server import FrozenClock, MockServer
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY, request, signature, signed

if TYPE_CHECKING:
    from tests.conftest import Clock

JSON = ("Content-Type", "application/json")


def exchange(mock: MockServer, raw: bytes) -> RawResponse:
    """Send a request and read its answer."""
    return parse(send_bytes(mock.port, raw))


def journal(mock: MockServer) -> list[dict[str, object]]:
    """The journal, over HTTP."""
    entries: list[dict[str, object]] = exchange(mock, request("GET", "/_mock/requests", [])).json["requests"]
    return entries


def test_signed_request_is_answered(mock: MockServer, clock: Clock) -> None:
    """A request signed by the rule gets the API's answer."""
    reply = exchange(mock, signed("GET", "/v2/projects?page=1&perPage=2", clock.now))
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert len(reply.json["data"]) == 2
    assert "x-mock-refusal" not in reply.headers


def test_status_needs_no_signature(mock: MockServer) -> None:
    """`GET /v2/status` is open; no other method and no other spelling of it is."""
    assert exchange(mock, request("GET", "/v2/status", [])).status == 200
    assert exchange(mock, request("GET", "/v2/status", [("Authorization", "nonsense")])).status == 200
    for method, target in [("HEAD", "/v2/status"), ("GET", "//v2/status"), ("GET", "/v2/%73tatus")]:
        assert exchange(mock, request(method, target, [])).status == 401


@pytest.mark.parametrize(
    "target",
    [
        "//v2/projects",
        "/v2/projects?",
        "/v2/%2f%7E/../x;y?a=+%20&a",
        "http://[/v2",
        "http://elsewhere/v2/projects",
        "*",
        "/v2/\x85\xa0\xe9\x0b\x1c",
        "/v2/\t",
        "/" + "x" * 4096,
    ],
)
def test_target_arrives_untouched(mock: MockServer, clock: Clock, target: str) -> None:
    """A target is verified exactly as it travelled, whatever libraries make of such a one."""
    reply = exchange(mock, signed("GET", target, clock.now))
    assert reply.status in (200, 404)
    assert journal(mock)[-1] | {"status": 0} == {
        "time": clock.now,
        "method": "GET",
        "target": target,
        "status": 0,
        "code": "ok",
        "mistake": None,
        "fault": None,
    }


def test_method_arrives_untouched(mock: MockServer, clock: Clock) -> None:
    """A method in small letters is not the one in capitals."""
    raw = signed("GET", "/v2/projects", clock.now).replace(b"GET", b"get", 1)
    assert exchange(mock, raw).headers["x-mock-mistake"] == "method_case"


def test_header_names_in_any_case_and_blanks_after_values(mock: MockServer, clock: Clock) -> None:
    """What RFC 9110 lets a client do to a header changes nothing."""
    raw = signed("GET", "/v2/projects", clock.now).replace(b"Authorization: ", b"authorization:")
    raw = raw.replace(b"\r\nCouchbase-Timestamp: ", b" \t\r\nCOUCHBASE-TIMESTAMP:\t ")
    assert exchange(mock, raw).status == 200


def test_duplicate_headers_arrive_apart(mock: MockServer, clock: Clock) -> None:
    """Two Authorization headers are two, not one with a comma."""
    raw = signed("GET", "/v2/projects", clock.now, b"", ("authorization", "Basic x"))
    assert exchange(mock, raw).headers["x-mock-refusal"] == "authorization_duplicated"


def test_refusal_explains_itself(mock: MockServer, clock: Clock) -> None:
    """A 401 has the API's envelope, one sentence, and headers with the names and the text verified."""
    target = "/v3/clusters?page=1&q=%C3%A9"
    mac = signature("GET", "/v3/clusters", clock.now)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(clock.now))]
    reply = exchange(mock, request("GET", target, both))
    assert reply.status == 401
    assert set(reply.json) == {"errorType", "message"}
    assert reply.json["errorType"] == "Unauthorized"
    assert "query was left out" in reply.json["message"]
    assert reply.headers["x-mock-refusal"] == "signature_mismatch"
    assert reply.headers["x-mock-mistake"] == "endpoint_without_query"
    assert unquote(reply.headers["x-mock-message"]) == f"GET\n{target}\n{clock.now}"
    assert reply.headers["www-authenticate"] == "Bearer"
    assert (journal(mock)[-1]["code"], journal(mock)[-1]["mistake"]) == (
        "signature_mismatch",
        "endpoint_without_query",
    )


def test_secret_and_expected_signature_never_leave(
    mock: MockServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """No refusal, journal, log or repr shows the secret or the signature that would have been right."""
    caplog.set_level(logging.DEBUG)
    good = signature("GET", "/v2/projects", clock.now)
    seen = []
    for value in ("", "Basic x", f"Bearer {ACCESS_KEY}:{'A' * 43}=", f"Bearer {SECRET_KEY}:x", "Bearer a:b"):
        both = [("Authorization", value), ("Couchbase-Timestamp", str(clock.now))]
        seen.append(send_bytes(mock.port, request("GET", "/v2/projects", both)).decode())
    seen += [send_bytes(mock.port, request("GET", "/_mock/requests", [])).decode(), caplog.text, repr(mock)]
    for text in seen:
        assert SECRET_KEY not in text
        assert good not in text


def test_text_verified_is_left_out_where_clients_would_choke(mock: MockServer, clock: Clock) -> None:
    """A header longer than clients read is not sent; the sentence still is."""
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{'A' * 43}="), ("Couchbase-Timestamp", str(clock.now))]
    reply = exchange(mock, request("GET", "/" + "%" * 9000, both))
    assert (reply.status, reply.headers.get("x-mock-message")) == (401, None)
    assert "X-Mock-Message" in reply.json["message"]


def test_signature_comes_first(mock: MockServer, clock: Clock) -> None:
    """401 before 404, 405, 413 and 422; with a signature each of them shows."""
    large = b"x" * 1_000_001
    for method, target, body, status in [
        ("GET", "/v2/nowhere", b"", 404),
        ("PATCH", "/v2/projects", b"", 405),
        ("POST", "/v2/projects", large, 413),
        ("POST", "/v2/projects", b"not json", 422),
    ]:
        assert exchange(mock, request(method, target, [], body)).status == 401
        reply = exchange(mock, signed(method, target, clock.now, body))
        assert reply.status == status
        assert set(reply.json) == {"errorType", "message"}
    assert exchange(mock, signed("PATCH", "/v2/projects", clock.now)).headers["allow"]


def test_body_up_to_the_limit_is_read(mock: MockServer, clock: Clock) -> None:
    """One million bytes are let through to the operation."""
    body = b'{"name":"x"}'.ljust(1_000_000)
    assert exchange(mock, signed("POST", "/v2/projects", clock.now, body, JSON)).status == 201


def test_signed_body_is_recognised(mock: MockServer, clock: Clock) -> None:
    """A signature over the body too is named, which takes the body as it came."""
    body = b'{"name":"x"}'
    mac = signature("POST", "/v2/projects", f"{clock.now}\n{body.decode()}")
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(clock.now))]
    reply = exchange(mock, request("POST", "/v2/projects", both, body))
    assert reply.headers["x-mock-mistake"] == "body_included"


def test_date_is_the_clock_of_the_mock(mock: MockServer, clock: Clock) -> None:
    """Date follows the injected clock, in answers and in what the HTTP layer refuses."""
    clock.now = 0
    assert exchange(mock, request("GET", "/v2/status", [])).headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert exchange(mock, b"nonsense\r\n\r\n").headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"


@pytest.mark.parametrize("host", ["127.0.0.1:1", "api.example.com:8080", "[::1]:9", "localhost"])
def test_links_follow_the_host_header(mock: MockServer, clock: Clock, host: str) -> None:
    """Links in answers begin with what the client called us."""
    reply = exchange(mock, signed("GET", "/v2/projects?perPage=1", clock.now, host=host))
    assert f'"http://{host}/v2/projects' in reply.body.decode()


@pytest.mark.parametrize("host", ["", "a b", '"><x>', "a/b", "h:999999"])
def test_a_host_that_is_none_is_not_repeated(mock: MockServer, clock: Clock, host: str) -> None:
    """A Host that is no host gives links with our own address."""
    reply = exchange(mock, signed("GET", "/v2/projects?perPage=1", clock.now, host=host))
    assert f'"{mock.url}/v2/projects' in reply.body.decode()


def test_an_error_of_ours_is_the_apis_500(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception inside is a 500 in the API's envelope, journaled, logged without its text, and kept."""

    def answer(*_: object) -> None:
        raise RuntimeError("canary")

    with MockServer(clock=clock) as mock:
        monkeypatch.setattr(mock.api, "handle", answer)
        reply = exchange(mock, signed("GET", "/v2/projects", clock.now))
        assert (reply.status, reply.json["errorType"]) == (500, "InternalServerError")
        assert journal(mock)[-1]["status"] == 500
        monkeypatch.setattr(mock.faults, "pick", answer)
        assert exchange(mock, signed("GET", "/v2/projects", clock.now)).status == 500
    assert b"canary" not in reply.body
    assert "canary" not in caplog.text
    assert "RuntimeError at" in caplog.text
    for _ in range(2):
        with pytest.raises(RuntimeError, match="canary"):
            mock.check()
    mock.check()


def test_each_mistake_is_logged_once(
    mock: MockServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """However often a mistake is made, the log has one line of it: nobody may be reading."""
    caplog.set_level(logging.INFO, "mock_server")
    for _ in range(3):
        exchange(mock, request("GET", "/v2/projects", []))
        exchange(mock, request("GET", "/v2/projects", [("Authorization", "x")]))
        exchange(mock, signed("GET", "/v2/projects", clock.now))
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "401 authorization_missing / authorization_missing",
        "401 timestamp_missing / timestamp_missing",
    ]


def test_seconds_are_let_through_on_demand(clock: Clock) -> None:
    """With the unit `either`, seconds pass and the journal marks them."""
    raw = signed("GET", "/v2/projects", clock.now // 1000)
    with MockServer(clock=clock) as mock:
        assert exchange(mock, raw).headers["x-mock-refusal"] == "timestamp_unit"
    mock.check()
    with MockServer(clock=clock, timestamp_unit="either") as mock:
        assert exchange(mock, raw).status == 200
        assert (journal(mock)[-1]["code"], journal(mock)[-1]["mistake"]) == ("ok", "timestamp_unit")
    mock.check()


def test_keys_and_window_are_settings(clock: Clock) -> None:
    """Other keys replace the defaults, and the window is what it was set to."""
    with MockServer(keys={"other": "x"}, clock=clock) as mock:
        assert exchange(mock, signed("GET", "/", clock.now)).headers["x-mock-refusal"] == "access_key_unknown"
    mock.check()
    with MockServer(window=10, clock=clock) as mock:
        assert exchange(mock, signed("GET", "/v2/projects", clock.now - 10)).status == 200
        assert (
            exchange(mock, signed("GET", "/", clock.now - 11)).headers["x-mock-refusal"] == "timestamp_stale"
        )
    mock.check()


def test_state_is_there_until_reset(mock: MockServer, clock: Clock) -> None:
    """What was created is listed, and gone after a reset, together with the journal."""
    body = b'{"name":"canary project"}'
    assert exchange(mock, signed("POST", "/v2/projects", clock.now, body, JSON)).status == 201
    listing = signed("GET", "/v2/projects?perPage=100", clock.now)
    assert b"canary project" in exchange(mock, listing).body
    assert exchange(mock, request("POST", "/_mock/reset", [])).status == 204
    assert journal(mock) == []
    assert b"canary project" not in exchange(mock, listing).body


def test_starts_and_stops(clock: Clock) -> None:
    """A server stops at once, leaves its port, and can start again on it; a taken port is an OSError."""
    mock = MockServer(clock=clock)
    for _ in range(2):
        mock.start()
        assert exchange(mock, request("GET", "/v2/status", [])).status == 200
        with pytest.raises(OSError, match="in use"):
            MockServer(port=mock.port).start()
        mock.stop()
        with pytest.raises(ConnectionRefusedError):
            send_bytes(mock.port, b"")
    mock.check()


def test_url_is_one_to_reach_it_by() -> None:
    """The base URL brackets IPv6 addresses, and names loopback where the server listens on everything."""
    assert MockServer("0.0.0.0", 1).url == "http://127.0.0.1:1"  # noqa: S104  # never started
    assert MockServer("::", 1).url == "http://[::1]:1"
    assert MockServer("::1", 1).url == "http://[::1]:1"
    assert MockServer(port=8091).url == "http://127.0.0.1:8091"


def test_nothing_is_kept_of_a_request(mock: MockServer) -> None:
    """Requests and answers, which pytest-httpserver would keep for ever, are let go."""
    for _ in range(3):
        exchange(mock, request("GET", "/v2/status", []))
    assert mock.log == []


def test_frozen_clock_is_named() -> None:
    """Who is too far from a clock that stands still is told where it stands; nobody else is."""
    frozen = FrozenClock(1_700_000_000_000)
    for clock, expected in ((frozen, True), (lambda: frozen.time, False)):
        with MockServer(clock=clock) as mock:
            for off, code in ((-300_001, "timestamp_stale"), (300_001, "timestamp_future")):
                reply = exchange(mock, signed("GET", "/v2/projects", frozen.time + off))
                assert reply.headers["x-mock-mistake"] == code
                named = "frozen at 1700000000000 (it was started with --clock)" in reply.json["message"]
                assert named is expected
            reply = exchange(mock, signed("GET", "/v2/projects", frozen.time // 1000))
            assert "frozen" not in reply.json["message"]
