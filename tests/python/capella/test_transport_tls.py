"""TLS of the Python client: the certificates that it accepts, and the variable for a private CA."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from capella.errors import TransportError
from capella.retry import Limits
from tests.support.certificates import HOST, LOOPBACK, Authority
from tests.support.hostile_servers import Rig, ScriptedServer, assert_signed, drop, reset, response_bytes

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("no_proxies")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Return a CA that is not trusted."""
    return Authority(tmp_path)


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Return the CA, trusted by the variable that `requests` reads."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.file))
    return authority


def test_private_ca(trusted: Authority) -> None:
    """A certificate of the CA in REQUESTS_CA_BUNDLE is accepted, and the request is signed."""
    with (
        ScriptedServer(response_bytes(), tls=trusted.context(LOOPBACK)) as wire,
        Rig(wire.url).client as client,
    ):
        client.request("GET", "/v2/clouds?a=%2f")
        assert wire.seen[0].target == "/v2/clouds?a=%2f"
        assert_signed(wire.seen[0])


def refused_certificate(context: ssl.SSLContext) -> str:
    """Return the error for a server with this certificate, which gets no request and no second attempt."""
    with ScriptedServer(response_bytes(), tls=context) as wire:
        rig = Rig(wire.url)
        with rig.client as client, pytest.raises(TransportError, match=r"^GET /v2/clouds: TLS: ") as raised:
            client.get("/v2/clouds")
        assert (wire.seen, rig.slept) == ([], [])
    return str(raised.value)


def test_unknown_ca(authority: Authority) -> None:
    """An unknown CA is refused, and the error names the variable to set."""
    assert "REQUESTS_CA_BUNDLE" in refused_certificate(authority.context(LOOPBACK))


def test_expired_certificate(trusted: Authority) -> None:
    """An expired certificate is refused, and the error says so."""
    assert "expired" in refused_certificate(trusted.context(LOOPBACK, valid=-timedelta(days=1)))


def test_certificate_of_another_host(trusted: Authority) -> None:
    """A certificate for another host is refused."""
    assert "127.0.0.1" in refused_certificate(trusted.context(HOST))


def test_ca_file_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing CA file is an error that names the file."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with (
        Rig("https://127.0.0.1:1").client as client,
        pytest.raises(TransportError, match=r"/nowhere/ca\.pem"),
    ):
        client.get("/v2/clouds")


def test_server_without_tls() -> None:
    """A server without TLS is an error after one attempt."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 What?\r\n\r\n")
                connection.recv(65536)

        speaker = threading.Thread(target=speak)
        speaker.start()
        rig = Rig(f"https://127.0.0.1:{listener.getsockname()[1]}")
        with rig.client as client, pytest.raises(TransportError, match="TLS"):
            client.get("/v2/clouds")
        speaker.join(10)
        assert rig.slept == []


def test_tunnel_through_a_proxy(trusted: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through a proxy the target arrives as signed."""
    with ScriptedServer(response_bytes(), tls=trusted.context(HOST)) as wire:

        def tunnel(client: socket.socket) -> None:
            with socket.create_connection(("127.0.0.1", wire.port)) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=pump, args=(server, client), daemon=True)
                back.start()
                pump(client, server)
                back.join(10)

        with ScriptedServer(tunnel) as proxy:
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
            with Rig(f"https://{HOST.value}").client as client:
                client.request("GET", "//v2/../clouds?%7e=%2f&")
            assert proxy.seen[0].header("Authorization") is None
        assert wire.seen[0].target == "//v2/../clouds?%7e=%2f&"
        assert_signed(wire.seen[0])


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Copy bytes from one socket to the other until the end."""
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.mark.parametrize("silent", [True, False])
def test_handshake_that_fails(silent: bool) -> None:  # noqa: FBT001  # a column
    """A TLS handshake that times out or breaks sent no request, so a POST is repeated."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepted: list[socket.socket] = []

        def accept() -> None:
            for _ in range(2):
                accepted.append(listener.accept()[0])
                if not silent:
                    accepted[-1].recv(1)
                    reset(accepted[-1])
                    accepted[-1].close()

        server = threading.Thread(target=accept, daemon=True)
        server.start()
        rig = Rig(f"https://127.0.0.1:{listener.getsockname()[1]}", Limits(connect=0.2, attempts=2))
        with rig.client as client, pytest.raises(TransportError) as raised:
            client.post("/v2/projects", body={})
        server.join(10)
        assert len(accepted) == 2
        assert len(rig.slept) == 1
        for connection in accepted:
            connection.close()
    assert ("no connection in time" in str(raised.value)) is silent
    assert not raised.value.connected
    assert raised.value.temporary
    assert "carried out" not in str(raised.value)


def test_post_with_an_unknown_certificate(authority: Authority) -> None:
    """A POST is not sent before the certificate is verified, and the error does not say otherwise."""
    with (
        ScriptedServer(response_bytes(), tls=authority.context(LOOPBACK)) as wire,
        Rig(wire.url).client as client,
    ):
        with pytest.raises(TransportError, match=r"set REQUESTS_CA_BUNDLE to its certificate file") as raised:
            client.post("/v2/projects", body={})
        assert wire.seen == []
    assert not raised.value.connected
    assert not raised.value.temporary
    assert "carried out" not in str(raised.value)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_tls_connection_that_breaks(method: str, trusted: Authority) -> None:
    """A TLS connection that ends without a response was connected: only a GET is repeated."""
    with (
        ScriptedServer(drop, tls=trusted.context(LOOPBACK)) as wire,
        Rig(wire.url, Limits(attempts=2)).client as client,
    ):
        with pytest.raises(TransportError) as raised:
            client.request(method, "/v2/projects")
        assert len(wire.seen) == (2 if method == "GET" else 1)
    assert raised.value.connected
    assert ("may have been carried out" in str(raised.value)) is (method == "POST")
