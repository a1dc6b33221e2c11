"""The server over real sockets: verification, its order, refusals, settings, start and stop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from pytest_httpserver import HTTPServerError

from mock_server.server import DEFAULT_KEYS, FrozenClock, MockServer
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY, request, signature, signed

if TYPE_CHECKING:
    from tests.conftest import Clock

JSON = ("Content-Type", "application/json")


def exchange(mock: MockServer, raw: bytes) -> RawResponse:
    """Send a request, and return the response."""
    return parse(send_bytes(mock.port, raw))


def journal(mock: MockServer) -> list[dict[str, object]]:
    """Return the entries of the journal, over HTTP."""
    entries: list[dict[str, object]] = exchange(mock, request("GET", "/_mock/requests", [])).json["requests"]
    return entries


def test_a_signed_request_succeeds(mock: MockServer, clock: Clock) -> None:
    """The response is that of the API."""
    response = exchange(mock, signed("GET", "/v2/projects?page=1&perPage=2", clock.now))
    assert response.status == 200
    assert response.headers["content-type"] == "application/json"
    assert len(response.json["data"]) == 2
    assert "x-mock-refusal" not in response.headers


def test_status_needs_no_signature(mock: MockServer) -> None:
    """Other methods than GET and HEAD, and other spellings of the target, need one."""
    assert exchange(mock, request("GET", "/v2/status", [])).status == 200
    head = send_bytes(mock.port, request("HEAD", "/v2/status", []))
    assert head.startswith(b"HTTP/1.1 200 ")
    assert head.endswith(b"\r\n\r\n")
    assert (journal(mock)[-1]["method"], journal(mock)[-1]["code"]) == ("HEAD", "unsigned")
    assert exchange(mock, request("GET", "/v2/status", [("Authorization", "nonsense")])).status == 200
    for method, target in [
        ("POST", "/v2/status"),
        ("head", "/v2/status"),
        ("GET", "//v2/status"),
        ("GET", "/v2/%73tatus"),
    ]:
        assert exchange(mock, request(method, target, [])).status == 401


@pytest.mark.parametrize(
    "target",
    [
        "//v2/projects",
        "/v2/projects?",
        "/v2/%2f%7E/../x;y?a=+%20&a",
        "*",
        "/v2/\x85\xa0\xe9\x0b\x1c",
        "/v2/\t",
        "/" + "x" * 4096,
    ],
)
def test_a_target_is_received_unchanged(mock: MockServer, clock: Clock, target: str) -> None:
    """A target is verified and journaled as sent, also one that HTTP libraries change or reject."""
    response = exchange(mock, signed("GET", target, clock.now))
    assert response.status in (200, 404)
    entry = journal(mock)[-1]
    assert (entry["method"], entry["target"], entry["code"]) == ("GET", target, "ok")


def test_a_method_is_received_unchanged(mock: MockServer, clock: Clock) -> None:
    """A method in lower case differs from the one in upper case."""
    raw = signed("GET", "/v2/projects", clock.now).replace(b"GET", b"get", 1)
    assert exchange(mock, raw).headers["x-mock-mistake"] == "method_case"


def test_header_names_in_any_case_and_spaces_around_values(mock: MockServer, clock: Clock) -> None:
    """RFC 9110 allows both."""
    raw = signed("GET", "/v2/projects", clock.now).replace(b"Authorization: ", b"authorization:")
    raw = raw.replace(b"\r\nCouchbase-Timestamp: ", b" \t\r\nCOUCHBASE-TIMESTAMP:\t ")
    assert exchange(mock, raw).status == 200


def test_repeated_headers_are_not_joined(mock: MockServer, clock: Clock) -> None:
    """Two Authorization headers are two, not one with a comma."""
    raw = signed("GET", "/v2/projects", clock.now, b"", ("authorization", "Basic x"))
    assert exchange(mock, raw).headers["x-mock-refusal"] == "authorization_duplicated"


def test_a_refusal_explains_itself(mock: MockServer, clock: Clock) -> None:
    """A 401 has a message, and headers with the code, the mistake and the verified text."""
    target = "/v3/clusters?page=1&q=%C3%A9"
    mac = signature("GET", "/v3/clusters", clock.now)
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(clock.now))]
    response = exchange(mock, request("GET", target, both))
    assert response.status == 401
    assert set(response.json) == {"errorType", "message"}
    assert response.json["errorType"] == "Unauthorized"
    assert "query was left out" in response.json["message"]
    assert response.headers["x-mock-refusal"] == "signature_mismatch"
    assert response.headers["x-mock-mistake"] == "endpoint_without_query"
    assert unquote(response.headers["x-mock-message"]) == f"GET\n{target}\n{clock.now}"
    assert response.headers["www-authenticate"] == "Bearer"
    assert (journal(mock)[-1]["code"], journal(mock)[-1]["mistake"]) == (
        "signature_mismatch",
        "endpoint_without_query",
    )


def test_the_secret_and_the_expected_signature_are_never_shown(
    mock: MockServer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal, the journal, the log and a repr do not contain them."""
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


def test_a_long_verified_text_is_not_sent(mock: MockServer, clock: Clock) -> None:
    """Clients reject long headers. The message is still sent."""
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{'A' * 43}="), ("Couchbase-Timestamp", str(clock.now))]
    response = exchange(mock, request("GET", "/" + "%" * 9000, both))
    assert (response.status, response.headers.get("x-mock-message")) == (401, None)
    assert "X-Mock-Message" in response.json["message"]


def test_the_signature_is_verified_first(mock: MockServer, clock: Clock) -> None:
    """401 comes before 404, 405, 413 and 422; a signed request gets these."""
    large = b"x" * 1_000_001
    for method, target, body, status in [
        ("GET", "/v2/nowhere", b"", 404),
        ("PATCH", "/v2/projects", b"", 405),
        ("POST", "/v2/projects", large, 413),
        ("POST", "/v2/projects", b"not json", 422),
    ]:
        assert exchange(mock, request(method, target, [], body)).status == 401
        response = exchange(mock, signed(method, target, clock.now, body))
        assert response.status == status
        assert set(response.json) == {"errorType", "message"}
    assert exchange(mock, signed("PATCH", "/v2/projects", clock.now)).headers["allow"]


def test_a_body_up_to_the_limit_is_accepted(mock: MockServer, clock: Clock) -> None:
    """The limit is one million bytes."""
    body = b'{"name":"x"}'.ljust(1_000_000)
    assert exchange(mock, signed("POST", "/v2/projects", clock.now, body, JSON)).status == 201


def test_a_signed_body_is_recognised(mock: MockServer, clock: Clock) -> None:
    """A signature that includes the body gets the mistake `body_included`."""
    body = b'{"name":"x"}'
    mac = signature("POST", "/v2/projects", f"{clock.now}\n{body.decode()}")
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{mac}"), ("Couchbase-Timestamp", str(clock.now))]
    response = exchange(mock, request("POST", "/v2/projects", both, body))
    assert response.headers["x-mock-mistake"] == "body_included"


def test_the_date_is_that_of_the_clock(mock: MockServer, clock: Clock) -> None:
    """Responses of the API and errors of the HTTP layer have the Date of the mock's clock."""
    clock.now = 0
    assert exchange(mock, request("GET", "/v2/status", [])).headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert exchange(mock, b"nonsense\r\n\r\n").headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"


@pytest.mark.parametrize("host", ["127.0.0.1:1", "api.example.com:8080", "[::1]:9", "localhost"])
def test_links_follow_the_host_header(mock: MockServer, clock: Clock, host: str) -> None:
    """Links begin with the host and port that the client used."""
    response = exchange(mock, signed("GET", "/v2/projects?perPage=1", clock.now, host=host))
    assert f'"http://{host}/public/v2/projects' in response.body.decode()


def test_a_client_that_follows_a_link_is_refused(mock: MockServer, clock: Clock) -> None:
    """As from the service: 401 without a signature, 404 with one."""
    response = exchange(mock, signed("GET", "/v2/projects?perPage=1", clock.now))
    target = response.json["cursor"]["hrefs"]["next"].removeprefix("http://127.0.0.1")
    assert target == "/public/v2/projects?page=2&perPage=1"
    assert exchange(mock, request("GET", target, [])).status == 401
    followed = exchange(mock, signed("GET", target, clock.now))
    assert (followed.status, followed.json["errorType"]) == (404, "RouteNotFound")


@pytest.mark.parametrize("host", ["", "a b", '"><x>', "a/b", "h:999999"])
def test_links_do_not_repeat_an_invalid_host(mock: MockServer, clock: Clock, host: str) -> None:
    """With an invalid Host, links begin with the mock's own address."""
    response = exchange(mock, signed("GET", "/v2/projects?perPage=1", clock.now, host=host))
    assert f'"{mock.url}/public/v2/projects' in response.body.decode()


def test_a_bug_of_the_mock_is_a_500(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The exception is journaled, logged without its text, and kept for `check`."""

    def fail(*_: object) -> None:
        raise RuntimeError("canary")

    with MockServer(clock=clock) as mock:
        monkeypatch.setattr(mock.api, "handle", fail)
        response = exchange(mock, signed("GET", "/v2/projects", clock.now))
        assert (response.status, response.json["errorType"]) == (500, "InternalServerError")
        assert journal(mock)[-1]["status"] == 500
        monkeypatch.setattr(mock.faults, "pick", fail)
        assert exchange(mock, signed("GET", "/v2/projects", clock.now)).status == 500
    assert b"canary" not in response.body
    assert "canary" not in caplog.text
    assert "RuntimeError at" in caplog.text
    for _ in range(2):
        with pytest.raises(RuntimeError, match="canary"):
            mock.check()
    mock.check()


def test_every_refusal_is_logged(mock: MockServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """One line each, with the explanation where it differs from the last one."""
    caplog.set_level(logging.INFO, "mock_server")
    for number in range(2):
        exchange(mock, request("GET", f"/v2/projects?page={number}", []))
        exchange(mock, signed("GET", "/v2/projects", clock.now))
    exchange(mock, request("GET", "/v2/projects", [("Authorization", "x")]))
    assert [message.partition(":")[0] for message in caplog.messages] == [
        "401 GET /v2/projects?page=0 authorization_missing",
        "401 GET /v2/projects?page=1 authorization_missing",
        "401 GET /v2/projects timestamp_missing",
    ]
    assert [":" in message for message in caplog.messages] == [True, False, True]


def test_seconds_are_accepted_with_the_unit_either(clock: Clock) -> None:
    """The journal marks requests whose timestamp is in seconds."""
    raw = signed("GET", "/v2/projects", clock.now // 1000)
    with MockServer(clock=clock) as mock:
        assert exchange(mock, raw).headers["x-mock-refusal"] == "timestamp_unit"
    mock.check()
    with MockServer(clock=clock, timestamp_unit="either") as mock:
        assert exchange(mock, raw).status == 200
        assert (journal(mock)[-1]["code"], journal(mock)[-1]["mistake"]) == ("ok", "timestamp_unit")
    mock.check()


def test_keys_and_window_are_settings(clock: Clock) -> None:
    """Given keys replace the default ones, and a window ends at its exact limit."""
    with MockServer(keys={"other": "x"}, clock=clock) as mock:
        assert exchange(mock, signed("GET", "/", clock.now)).headers["x-mock-refusal"] == "access_key_unknown"
    mock.check()
    with MockServer(window=10, clock=clock) as mock:
        assert exchange(mock, signed("GET", "/v2/projects", clock.now - 10)).status == 200
        assert (
            exchange(mock, signed("GET", "/", clock.now - 11)).headers["x-mock-refusal"] == "timestamp_stale"
        )
    mock.check()


def test_a_reset_restores_the_state(mock: MockServer, clock: Clock) -> None:
    """Created resources and the journal are removed."""
    body = b'{"name":"canary project"}'
    assert exchange(mock, signed("POST", "/v2/projects", clock.now, body, JSON)).status == 201
    listing = signed("GET", "/v2/projects?perPage=100", clock.now)
    assert b"canary project" in exchange(mock, listing).body
    assert exchange(mock, request("POST", "/_mock/reset", [])).status == 204
    assert journal(mock) == []
    assert b"canary project" not in exchange(mock, listing).body


def test_a_server_starts_and_stops(clock: Clock) -> None:
    """A stopped server can start again on its port. A port in use raises an OSError."""
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


def test_the_url_can_be_requested() -> None:
    """IPv6 addresses are in brackets, and a server on all addresses gives its loopback address."""
    assert MockServer("0.0.0.0", 1).url == "http://127.0.0.1:1"  # noqa: S104  # never started
    assert MockServer("::", 1).url == "http://[::1]:1"
    assert MockServer("::1", 1).url == "http://[::1]:1"
    assert MockServer(port=8091).url == "http://127.0.0.1:8091"


def test_requests_are_not_kept(mock: MockServer) -> None:
    """The server keeps no requests, unlike pytest-httpserver by default."""
    for _ in range(3):
        exchange(mock, request("GET", "/v2/status", []))
    assert mock.log == []


def test_a_frozen_clock_is_named_in_the_message() -> None:
    """Only the message for a stale or future timestamp names a frozen clock."""
    frozen = FrozenClock(1_700_000_000_000)
    for clock, expected in ((frozen, True), (lambda: frozen.time, False)):
        with MockServer(clock=clock) as mock:
            for off, code in ((-300_001, "timestamp_stale"), (300_001, "timestamp_future")):
                response = exchange(mock, signed("GET", "/v2/projects", frozen.time + off))
                assert response.headers["x-mock-mistake"] == code
                named = "frozen at 1700000000000 (it was started with --clock)" in response.json["message"]
                assert named is expected
            response = exchange(mock, signed("GET", "/v2/projects", frozen.time // 1000))
            assert "frozen" not in response.json["message"]


def test_the_first_20_errors_are_kept(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` raises each of them once; later errors are only logged, so that memory is bounded."""
    errors = iter(range(25))

    def fail(*_: object) -> None:
        raise RuntimeError(f"error {next(errors)}")

    with MockServer(clock=clock) as mock:
        monkeypatch.setattr(mock.api, "handle", fail)
        for _ in range(25):
            assert exchange(mock, request("GET", "/v2/status", [])).status == 500
    for number in range(20):
        with pytest.raises(RuntimeError, match=f"^error {number}$"):
            mock.check()
    mock.check()


@pytest.mark.parametrize(("length", "sent"), [(4074, True), (4075, False)])
def test_the_verified_text_is_sent_up_to_its_limit(
    mock: MockServer, clock: Clock, length: int, *, sent: bool
) -> None:
    """The limit is 4096 percent-encoded characters. The text has 22 characters beside the target."""
    target = "/".ljust(length, "x")
    both = [("Authorization", f"Bearer {ACCESS_KEY}:{'A' * 43}="), ("Couchbase-Timestamp", str(clock.now))]
    response = exchange(mock, request("GET", target, both))
    text = response.headers.get("x-mock-message")
    assert text == (f"GET%0A{target}%0A{clock.now}" if sent else None)


def test_without_one_timestamp_there_is_no_verified_text(mock: MockServer) -> None:
    """A request without exactly one timestamp gets a 401 without the header X-Mock-Message."""
    response = exchange(mock, request("GET", "/v2/projects", []))
    assert (response.status, response.headers.get("x-mock-message")) == (401, None)


@pytest.mark.parametrize(("transition", "status"), [(0, "ready"), (1, "deploying")])
def test_the_transition_is_a_setting(clock: Clock, transition: int, status: str) -> None:
    """A new cluster is ready after this number of polls."""
    with MockServer(clock=clock, transition=transition) as mock:
        cloud = exchange(mock, signed("GET", "/v2/clouds?perPage=1", clock.now)).json["data"][0]["id"]
        project = exchange(mock, signed("GET", "/v2/projects?perPage=1", clock.now)).json["data"][0]["id"]
        body = f'{{"name": "new", "cloudId": "{cloud}", "projectId": "{project}"}}'.encode()
        created = exchange(mock, signed("POST", "/v2/clusters", clock.now, body, JSON))
        response = exchange(mock, signed("GET", created.headers["location"] + "/status", clock.now))
        assert response.json == {"status": status}
    mock.check()


def test_a_running_server_cannot_start_again(mock: MockServer) -> None:
    """Starting a running server raises an error and keeps its socket."""
    with pytest.raises(HTTPServerError, match="already running"):
        mock.start()


def test_the_default_keys_are_read_only() -> None:
    """The default keys, which all servers share, cannot be changed."""
    with pytest.raises(TypeError):
        DEFAULT_KEYS["x"] = "y"  # type: ignore[index]  # the test is that it fails


def test_changing_the_keys_given_does_not_change_the_server(clock: Clock) -> None:
    """The server has a copy."""
    keys = {ACCESS_KEY: SECRET_KEY}
    with MockServer(clock=clock, keys=keys) as mock:
        keys.clear()
        assert exchange(mock, signed("GET", "/v2/projects", clock.now)).status == 200
    mock.check()
