"""Measure the mock: its speed compared with a bare handler, its memory, and the cost of a refusal."""

from __future__ import annotations

import http.client
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


def refusal() -> Iterator[Measure]:
    """Compare the time to explain a signature that fits no known mistake with the time to accept one."""
    clock = 1_700_000_000_000
    endpoint = "/v3/clusters?page=1&perPage=10&sortBy=name.desc&cloudId=7f3a"

    def per_request(secret: str, count: int) -> float:
        signed = signature("GET", endpoint, str(clock), secret)
        received = (
            ("Host", "127.0.0.1:8091"),
            ("Authorization", f"Bearer A:{signed}"),
            ("Couchbase-Timestamp", str(clock)),
        )
        request = ReceivedRequest("GET", endpoint, received)

        def check() -> None:
            for _ in range(count):
                verify(request, {"A": "right"}, lambda: clock)

        return seconds(check) / count

    explained, accepted = alternate(lambda: per_request("wrong", 20), lambda: per_request("right", 2_000))
    yield Measure("Mock: explaining a refusal / accepting a request", explained / accepted)
    yield Measure("Mock: explaining a refusal", explained * 1e3, "ms", at_most=35)


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
