"""Measure the mock: its speed compared with a bare handler, its memory, and the cost of a refusal."""

from __future__ import annotations

import base64
import contextlib
import hmac
import http.client
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil
import requests

from mock_server.http import ReceivedRequest
from mock_server.verifier import verify
from tests.bench import servers
from tests.bench.measure import Measure, alternate, seconds
from tests.bench.signing import bare as signature
from tests.support.programs import started

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = "/v2/projects"
REQUESTS = 1_000
FEW, MANY = 1_000, 100_000


def headers() -> dict[str, str]:
    """Return new signed headers for the measured request."""
    timestamp = str(time.time_ns() // 1_000_000)
    signed = signature("GET", TARGET, timestamp, servers.SECRET_KEY)
    return {"Authorization": f"Bearer {servers.ACCESS_KEY}:{signed}", "Couchbase-Timestamp": timestamp}


_NOW = 1_700_000_000_123
_USUAL = "/v3/clusters?page=1&perPage=10&sortBy=name"
_ROUNDS = 5
_REFUSING = 8  # clients
_WELL_SIGNED = 100  # requests


def refusal() -> Iterator[Measure]:
    """Measure the CPU time of explaining: single mistakes, and signatures that nothing explains."""
    accepted = _cpu(_USUAL, f"GET\n{_USUAL}\n{_NOW}", secret=_SECRET)
    unexplained = _cpu(_USUAL, "quite another text")
    yield Measure("Mock: explaining a refusal / accepting a request", unexplained / accepted)
    for name, text in (
        ("its query left out", f"GET\n/v3/clusters\n{_NOW}"),
        ("another method", f"POST\n{_USUAL}\n{_NOW}"),
        ("seconds signed", f"GET\n{_USUAL}\n{_NOW // 1000}"),
        ("a newline at its end", f"GET\n{_USUAL}\n{_NOW}\n"),
        ("the clock read 2 s later", f"GET\n{_USUAL}\n{_NOW + 2000}"),
    ):
        yield Measure(f"Mock: explaining {name}", _cpu(_USUAL, text, secret=_SECRET) * 1e3, "ms", at_most=10)
    # The search looks for rare mistakes after the common ones, so the last of them take longer.
    for name, text, secret in (
        ("a rare placeholder", f"GET\n{_USUAL.replace('perPage=10', 'perPage=#{perPage}')}\n{_NOW}", _SECRET),
        ("a rare method", f"$env:method\n{_USUAL}\n{_NOW}", _SECRET),
        ("a rare separator", f"GET=>{_USUAL}=>{_NOW}", _SECRET),
        ("a rare secret key", f"GET\n{_USUAL}\n{_NOW}", _SECRET.replace("$One", "undefined")),
    ):
        yield Measure(f"Mock: explaining {name}", _cpu(_USUAL, text, secret=secret) * 1e3, "ms", at_most=15)
    yield Measure("Mock: explaining nothing, usual request", unexplained * 1e3, "ms", at_most=35)
    for name, target, body in _LONG:
        cpu = _cpu(target, "quite another text", body)
        yield Measure(f"Mock: explaining nothing, {name}", cpu * 1e3, "ms", at_most=60)


_ESCAPES = "".join(f"%{byte:02x}=%e9&" for byte in range(33, 256))
_LONG = (
    ("path with spaces", "/v2/clusters/7f3a/users/a%20b%2Fc?q=x%20y&z=%c3%a9", b""),
    ("512 bytes of escapes", f"/v2/clusters?{_ESCAPES}"[:512], b""),
    ("512 bytes of parameters", f"/v2/clusters?{'a=1&' * 200}"[:512], b""),
    ("1 KiB of escapes", f"/v2/clusters?{_ESCAPES}"[:1024], b""),
    ("target of 4 KiB", "/v2/clouds?a=" + "x%20" * 1020, b""),
    ("target of slashes", "/v2" + "/a;b%20" * 500 + "?" + "a=1&" * 120, b""),
    ("target of 64 KB", "/v2" + "/a;b%20" * 9000, b""),
    ("body of 1 MB", "/v2/projects", b'{"a": "%b"}' % (b"x" * 1_000_000)),
    ("body of 1 MB and target of 4 KiB", "/v2/projects?a=" + "x%20" * 1020, b"x" * 1_000_000),
)
_OTHER = "another secret"
_SECRET = "Mock#Secret%Key$One~Not&A=Real+One/0123456789:abcdefghijklmnopqrstuvwxyz@ABCXYZ"


def _cpu(target: str, text: str, body: bytes = b"", *, secret: str = _OTHER) -> float:
    """Return the least CPU time, in seconds, of verifying a request whose signature is that of a text."""
    mac = base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()
    received = (
        ("Host", "127.0.0.1:8091"),
        ("Authorization", f"Bearer A:{mac}"),
        ("Couchbase-Timestamp", str(_NOW)),
    )
    request = ReceivedRequest("GET", target, received, body)
    durations = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        verify(request, {"A": _SECRET}, lambda: _NOW)
        durations.append(time.process_time() - start)
    return min(durations)


def fairness() -> Iterator[Measure]:
    """Compare the rate of a well-signed client alone with its rate beside clients that are all refused."""
    with servers.mock() as (url, _):
        alone = _WELL_SIGNED / seconds(lambda: _send(url, _WELL_SIGNED))
        command = (sys.executable, "-m", "tests.bench.refused", url)
        with contextlib.ExitStack() as stack:
            for _ in range(_REFUSING):
                stack.enter_context(started(*command, limit=servers.LIMIT))
            time.sleep(_WARM_UP)
            beside = _WELL_SIGNED / seconds(lambda: _send(url, _WELL_SIGNED))
    yield Measure(f"Mock: requests beside {_REFUSING} refused clients / alone", beside / alone, at_least=0.2)


_WARM_UP = 2.0  # seconds, until all the refused clients send


def throughput() -> Iterator[Measure]:
    """Measure signed GETs of the projects, by one session, on the mock and on a bare handler."""
    with servers.mock() as (mock, _), requests.Session() as session:
        session.trust_env = False
        body = session.get(mock + TARGET, headers=headers(), timeout=10).content

        def rate(url: str) -> float:
            def send() -> None:
                for _ in range(REQUESTS):
                    session.get(url + TARGET, headers=headers(), timeout=10).raise_for_status()

            return REQUESTS / seconds(send)

        with servers.bare(body) as (plain, _):
            with_mock, with_bare = alternate(lambda: rate(mock), lambda: rate(plain))
    yield Measure("Mock: requests a second / bare handler", with_mock / with_bare, at_least=0.85)
    yield Measure("Mock: requests, one client", with_mock, "/s")


def memory() -> Iterator[Measure]:
    """Measure how much memory a mock gains by many requests."""
    with servers.mock() as (url, pid):
        process = psutil.Process(pid)
        _send(url, FEW)
        before = process.memory_info().rss
        _send(url, MANY - FEW)
        grown = process.memory_info().rss - before
    yield Measure(f"Mock: memory after {MANY:,} requests, less after {FEW:,}", grown / 2**20, "MB", at_most=5)


def _send(url: str, count: int) -> None:
    """Send requests and read by Content-Length, which is twice as fast as a session."""
    for _ in range(count):
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", TARGET, headers=headers())
        response = connection.getresponse()
        if response.status != http.HTTPStatus.OK:
            raise RuntimeError(f"the mock returned status {response.status}, not 200")
        response.read()
        connection.close()
