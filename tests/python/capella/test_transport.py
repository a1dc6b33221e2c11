"""The connections of the Python client: proxies, redirects, timeouts, size limits and broken responses."""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import DecodeError, MaxRetryError, ProtocolError

from capella.client import Client
from capella.errors import CapellaError, TransportError, UnexpectedResponseError
from capella.retry import Limits
from capella.settings import Settings
from capella.transport import MalformedHeaderError, Request, Transport
from tests.support.hostile_servers import (
    NOWHERE,
    SECRET,
    Action,
    Rig,
    ScriptedServer,
    assert_signed,
    drop,
    response_bytes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import urllib3

HOST = "capella.test"

pytestmark = pytest.mark.usefixtures("no_proxies")


# Proxies and netrc


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """Return a proxy for every host, which refuses to connect."""
    with ScriptedServer(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n") as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://anna:hidden@127.0.0.1:{proxy.port}")
            monkeypatch.setenv(name.lower(), f"http://anna:hidden@127.0.0.1:{proxy.port}")
        yield proxy


def test_loopback_is_never_proxied(proxied: ScriptedServer) -> None:
    """A request to loopback uses no proxy of the environment."""
    with ScriptedServer(response_bytes()) as wire:
        for host in ("127.0.0.1", "localhost"):
            with Rig(f"http://{host}:{wire.port}").client as client:
                client.get("/v2/clouds")
        assert (len(wire.seen), proxied.seen) == (2, [])


def test_proxy_that_refuses(proxied: ScriptedServer) -> None:
    """The proxy gets a CONNECT without a key, and the error names the proxy."""
    with (
        Rig(f"https://{HOST}").client as client,
        pytest.raises(TransportError, match=r"proxy.*407") as raised,
    ):
        client.post("/v2/projects", body={})
    assert {(seen.method, seen.target) for seen in proxied.seen} == {("CONNECT", f"{HOST}:443")}
    assert all(seen.header("Authorization") is None for seen in proxied.seen)
    assert "hidden" not in str(raised.value)


def test_netrc_cannot_replace_the_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A netrc entry for the host is ignored."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login anna password hidden\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.get("/v2/clouds")
        assert_signed(wire.seen[0])
        assert wire.seen[0].header("Cookie") is None


# Redirects and cookies


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_redirect_is_not_followed(status: int, method: str) -> None:
    """No request follows the Location of a redirect."""
    with ScriptedServer(response_bytes()) as elsewhere:
        with ScriptedServer(response_bytes(status, b"", f"Location: {elsewhere.url}/v2/clouds")) as wire:
            unexpected = pytest.raises(UnexpectedResponseError, match=f"{status}: a redirect is not followed")
            with Rig(wire.url).client as client, unexpected:
                client.request(method, "/v2/clouds")
            assert len(wire.seen) == 1
        assert elsewhere.seen == []


def test_no_cookie_is_kept() -> None:
    """A cookie of a response is not sent with the next request."""
    with (
        ScriptedServer(response_bytes(200, b"{}", "Set-Cookie: a=b")) as wire,
        Rig(wire.url).client as client,
    ):
        client.get("/v2/clouds")
        client.get("/v2/clouds")
        assert wire.seen[1].header("Cookie") is None


# Limits


def test_silence_ends_an_attempt() -> None:
    """A server without response ends an attempt at its limit; a GET is repeated."""
    waiting = threading.Event()

    def never(_: socket.socket) -> None:
        waiting.wait(10)

    with ScriptedServer(never, response_bytes()) as wire:
        with Rig(wire.url, Limits(attempt=0.05)).client as client:
            assert client.get("/v2/clouds").status == 200
        assert len(wire.seen) == 2
        waiting.set()


BEGINNINGS = (
    *(b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"),
    b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
)


@pytest.mark.parametrize("begun", BEGINNINGS)
def test_slow_response_ends_at_the_limit(begun: bytes) -> None:
    """A response that arrives byte by byte ends at the limits of the attempt and of the call."""
    gone = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(begun)
        while not gone.is_set():
            connection.sendall(b"a")

    with ScriptedServer(drip) as wire:
        rig = Rig(wire.url, Limits(attempt=12, total=20, attempts=100))
        rig.tick = 1  # each reading of the clock takes a second
        with rig.client as client, pytest.raises(TransportError, match="no response in time"):
            client.get("/v2/clouds")
        gone.set()
        assert rig.monotonic < 25
        assert len(wire.seen) == 2


def test_connection_timeout() -> None:
    """A connection that is not accepted ends at its limit, and the error says so."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)  # noqa: FBT003  # its only parameter
            second.connect_ex(address)  # the queue is full now
            rig = Rig(f"http://127.0.0.1:{address[1]}", Limits(connect=0.05, attempts=2))
            with rig.client as client, pytest.raises(TransportError, match="no connection in time") as raised:
                client.post("/v2/projects", body={})
            assert not raised.value.connected


MEGABYTE = 1024 * 1024


def test_response_at_the_limit() -> None:
    """A response of 10 MB is read."""
    body = b'"' + b"a" * (10 * MEGABYTE - 2) + b'"'
    with ScriptedServer(response_bytes(200, body)) as wire, Rig(wire.url).client as client:
        assert len(client.get("/v2/clouds").body) == 10 * MEGABYTE - 2


@pytest.mark.parametrize("compressed", [False, True])
def test_response_over_the_limit(compressed: bool) -> None:  # noqa: FBT001  # a column
    """A response over 10 MB is an error, also if it is compressed."""
    body = b'"' + b"a" * (10 * MEGABYTE - 1) + b'"'
    reply = (
        response_bytes(200, gzip.compress(body), "Content-Encoding: gzip")
        if compressed
        else response_bytes(200, body)
    )
    with ScriptedServer(reply) as wire, Rig(wire.url).client as client:
        with pytest.raises(UnexpectedResponseError, match="larger than 10 MB"):
            client.get("/v2/clouds")
        assert len(wire.seen) == 1


def test_endless_response_is_cut() -> None:
    """An endless success is cut at its limit, and an endless error at its smaller limit."""
    sent = []

    def endless(status: bytes) -> Action:
        def send(connection: socket.socket) -> None:
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Type: application/json\r\n\r\n")
            sent.append(0)
            while True:
                connection.sendall(b"a" * 65536)
                sent[-1] += 65536

        return send

    for status, at_most in ((b"200 OK", 20 * MEGABYTE), (b"422 No", 10 * MEGABYTE)):
        unexpected = pytest.raises(UnexpectedResponseError)
        with ScriptedServer(endless(status)) as wire, Rig(wire.url).client as client, unexpected:
            client.get("/v2/clouds")
        assert sent[-1] < at_most  # the system's buffers take more than what is read


def test_broken_compression() -> None:
    """A response that cannot be decompressed is an error after one attempt."""
    with (
        ScriptedServer(response_bytes(200, b"no gzip", "Content-Encoding: gzip")) as wire,
        Rig(wire.url).client as client,
    ):
        with pytest.raises(TransportError, match="cannot be decompressed"):
            client.get("/v2/clouds")
        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    "noise",
    [
        *(b"\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n"),
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_noise_is_a_transport_error(noise: bytes) -> None:
    """A response that is not HTTP is a TransportError."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(noise)

    with ScriptedServer(speak) as wire, Rig(wire.url).client as client, pytest.raises(TransportError):
        client.get("/v2/clouds")


@pytest.mark.parametrize("host", ["a..b", "a" * 70 + ".test"])
def test_invalid_host(host: str) -> None:
    """A base URL with an invalid host is an error of this package."""
    with Rig(f"https://{host}").client as client, pytest.raises(CapellaError):
        client.get("/v2/clouds")


def test_debug_switch_of_http_client(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The switch of `http.client` that prints headers does not affect the client's connections."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with ScriptedServer(response_bytes()) as wire, Rig(wire.url).client as client:
        client.get("/v2/clouds")
    assert capsys.readouterr().out == ""


def test_clients_in_threads() -> None:
    """Threads can share a client; each request has its own target and signature."""
    with ScriptedServer(response_bytes()) as wire, Client(Settings(wire.url, "A", SECRET)) as client:
        targets = [f"/v2/projects?page={number}" for number in range(16)]
        threads = [threading.Thread(target=client.request, args=("GET", target)) for target in targets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert sorted(seen.target for seen in wire.seen) == sorted(targets)
        for seen in wire.seen:
            assert_signed(seen)


class Timeouts:
    """Stands for the HTTP library: records the timeouts that it gets, and fails."""

    def __init__(self, error: Exception) -> None:
        """Fail with this error."""
        self._error = error
        self.seen: list[tuple[float, float]] = []

    def send(self, _: object, timeout: urllib3.Timeout, **__: object) -> None:
        """Record the timeouts and fail."""
        assert isinstance(timeout.connect_timeout, float | int)
        assert isinstance(timeout.read_timeout, float | int)
        self.seen.append((timeout.connect_timeout, timeout.read_timeout))
        raise self._error

    def close(self) -> None:
        """Close nothing."""


@pytest.mark.parametrize(("connect", "wait", "used"), [(10, 30, 10), (10, 7, 7), (10, 10, 10)])
def test_connect_timeout(connect: float, wait: float, used: float) -> None:
    """Connecting is limited by its own limit and by the time left for the attempt."""
    transport = Transport(NOWHERE, None, connect)
    timeouts = Timeouts(OSError("no"))
    transport._adapter = timeouts  # type: ignore[assignment]  # noqa: SLF001  # it has the same two methods
    with pytest.raises(TransportError):
        transport.send(Request("GET", "/"), lambda: wait)
    assert timeouts.seen == [(used, wait)]


def test_no_time_left() -> None:
    """Without time left no connection is made, and the error says so."""

    def wait() -> float:
        raise TimeoutError

    with ScriptedServer(response_bytes()) as wire:
        transport = Transport(wire.url, None, 10)
        with pytest.raises(TransportError, match="no connection in time") as raised:
            transport.send(Request("POST", "/"), wait)
        assert (wire.connections, raised.value.connected) == (0, False)


def untrusted(reason: str) -> ssl.SSLCertVerificationError:
    """Return the error of a certificate that is not trusted."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = reason
    return error


@pytest.mark.parametrize(
    ("error", "reason", "temporary"),
    [
        (ssl.SSLEOFError(8, "EOF"), "TLS: EOF", True),
        (ssl.SSLError(1, "bad record"), "TLS: bad record", False),
        (
            untrusted("self-signed certificate"),
            "TLS: self-signed certificate; for a private CA, set REQUESTS_CA_BUNDLE to its certificate file",
            False,
        ),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "unknown", False),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), "try again", True),
        (
            ProtocolError("broken", http.client.IncompleteRead(b"")),
            "the connection closed before the response was complete",
            True,
        ),
        (ProtocolError("broken", MalformedHeaderError()), "the response has a malformed header", False),
        (DecodeError("gzip"), "the response cannot be decompressed", False),
        (ProtocolError("broken", http.client.BadStatusLine("x")), "the connection broke: x", True),
        (ConnectionResetError(104, "reset"), "the connection broke: reset", True),
        (
            MaxRetryError(HTTPConnectionPool("a"), "/", ConnectionResetError(104, "reset")),
            "the connection broke: reset",
            True,
        ),
        (requests.exceptions.InvalidURL("no host"), "no host", False),
        (ValueError(), "ValueError", False),
        (TimeoutError(), "no connection in time", True),
    ],
)
def test_reasons(error: Exception, reason: str, temporary: bool) -> None:  # noqa: FBT001  # a column
    """Each failure has its reason, and is temporary or not; before a connection nothing was carried out."""
    transport = Transport(NOWHERE, None, 10)
    transport._adapter = Timeouts(error)  # type: ignore[assignment]  # noqa: SLF001  # it has the same two methods
    with pytest.raises(TransportError) as raised:
        transport.send(Request("POST", "/v2/x"), lambda: 1)
    assert str(raised.value) == f"POST /v2/x: {reason} (127.0.0.1:1)"
    assert (raised.value.temporary, raised.value.connected) == (temporary, False)


@pytest.mark.parametrize(("scheme", "connected"), [("socks5", True), ("SOCKS5h", True), ("http", False)])
def test_socks(scheme: str, connected: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001  # a column
    """SOCKS connections do not say whether they were made, so a POST counts as sent and is not repeated."""
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://127.0.0.1:1")
    transport = Transport(f"https://{HOST}", None, 10)
    transport._adapter = Timeouts(ConnectionResetError(104, "reset"))  # type: ignore[assignment]  # noqa: SLF001  # it has the same two methods
    with pytest.raises(TransportError) as raised:
        transport.send(Request("POST", "/"), lambda: 1)
    assert raised.value.connected is connected
    sent = "; the request may have been carried out" if connected else ""
    assert str(raised.value) == f"POST /: the connection broke: reset{sent} ({HOST})"


@pytest.mark.parametrize(
    ("proxy", "replaced"), [("http://a:1", True), ("socks5://a:1", False), ("SOCKS5h://a:1", False)]
)
def test_connections_through_a_proxy(proxy: str, replaced: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001  # a column
    """A connection through a proxy is one of this package. Only SOCKS keeps the classes of its library."""
    manager = SimpleNamespace(pool_classes_by_scheme=None)
    passed: list[object] = []

    def record(_: HTTPAdapter, *args: object, **options: object) -> SimpleNamespace:
        passed.extend((*args, options))
        return manager

    monkeypatch.setattr(HTTPAdapter, "proxy_manager_for", record)
    adapter = Transport(NOWHERE, None, 10)._adapter  # noqa: SLF001  # the HTTP library calls its method
    adapter.proxy_manager_for(proxy, block=True)
    assert passed == [proxy, {"block": True}]
    assert (manager.pool_classes_by_scheme is not None) is replaced


@pytest.mark.parametrize(("status", "limit"), [(200, 10 * MEGABYTE), (299, 10 * MEGABYTE), (400, 65536)])
def test_size_limits_at_their_edges(status: int, limit: int) -> None:
    """A body at its limit is whole; one byte more is cut."""
    for size, cut in ((limit, False), (limit + 1, True)):
        with ScriptedServer(response_bytes(status, b"a" * size)) as wire:
            transport = Transport(wire.url, None, 10)
            received = transport.send(Request("GET", "/"), lambda: 10)
            transport.close()
        assert (received.status, len(received.body), received.cut) == (status, limit, cut)
    assert "aaa" not in repr(received)


def test_headers_that_are_sent() -> None:
    """A request without a body has no Content-Type; one with a body has its length. Both accept JSON."""
    with ScriptedServer(response_bytes()) as wire:
        transport = Transport(wire.url, None, 10)
        transport.send(Request("GET", "/"), lambda: 10)
        transport.send(Request("POST", "/", b"{}"), lambda: 10)
        transport.send(Request("POST", "/", b""), lambda: 10)
        transport.close()
    get, post, empty = wire.seen
    assert {(each.header("Accept-Encoding") or "")[:4] for each in wire.seen} == {"gzip"}  # sent only once
    assert {(each.header("User-Agent") or "")[:16] for each in wire.seen} == {"python-requests/"}
    assert [each.header("Accept") for each in wire.seen] == ["application/json"] * 3
    assert (get.header("Content-Type"), get.header("Content-Length")) == (None, None)
    assert (post.header("Content-Type"), post.header("Content-Length")) == ("application/json", "2")
    assert (empty.header("Content-Type"), empty.header("Content-Length")) == ("application/json", "0")
    assert "b'{}'" not in repr(Request("POST", "/", b"{}"))


def test_head() -> None:
    """A response to HEAD has no body, whatever its Content-Length says."""
    with ScriptedServer(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") as wire:
        transport = Transport(wire.url, None, 10)
        received = transport.send(Request("HEAD", "/"), lambda: 2)
        transport.close()
    assert (received.status, received.body) == (200, b"")


def test_time_to_send_over_a_reused_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sending over a reused connection has the time that is left, not that of the earlier request."""
    timeouts: list[float | None] = []
    settimeout = socket.socket.settimeout

    def recorded(sock: socket.socket, seconds: float | None) -> None:
        timeouts.append(seconds)
        settimeout(sock, seconds)

    monkeypatch.setattr("socket.socket.settimeout", recorded)
    with ScriptedServer(response_bytes()) as wire:
        transport = Transport(wire.url, None, 10)
        transport.send(Request("GET", "/"), lambda: 9)
        timeouts.clear()
        transport.send(Request("GET", "/"), lambda: 7)
        transport.close()
    assert wire.connections == 1
    assert timeouts[0] == 7
    assert set(timeouts) == {7}


def test_reused_connection_that_breaks() -> None:
    """A POST over a reused connection counts as sent, so it is not repeated."""
    with ScriptedServer(response_bytes(), drop, response_bytes()) as wire, Rig(wire.url).client as client:
        client.get("/v2/clouds")
        with pytest.raises(TransportError, match="may have been carried out") as raised:
            client.post("/v2/projects", body={})
        assert raised.value.connected
        assert len(wire.seen) == 2
