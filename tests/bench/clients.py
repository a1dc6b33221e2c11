"""Compare one GET through each client with the same GET through the HTTP library alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import requests

from capella.client import Client
from capella.settings import Settings
from tests.bench import servers
from tests.bench.measure import Measure, alternate, seconds
from tests.bench.mock import headers
from tests.bench.signing import go_benchmarks

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUESTS = 1_000
BODY = b'{"status":"OK"}'


def python() -> Iterator[Measure]:
    """Compare both on a bare handler. The bare requests have the same headers, signed in advance."""
    with servers.bare(BODY) as (url, _), requests.Session() as session:
        session.trust_env = False
        session.headers.update(headers())
        settings = Settings(base_url=url, access_key=servers.ACCESS_KEY, secret_key=servers.SECRET_KEY)
        with Client(settings) as client:

            def with_client() -> None:
                for _ in range(REQUESTS):
                    client.get("/v2/projects")

            def without_client() -> None:
                for _ in range(REQUESTS):
                    session.get(url + "/v2/projects", timeout=10).json()

            through, without = alternate(lambda: seconds(with_client), lambda: seconds(without_client))
    yield Measure("Python: one GET, client / requests.Session", through / without, at_most=1.1)
    yield Measure("Python: one GET, client", through / REQUESTS * 1e3, "ms")


def go() -> Iterator[Measure]:
    """Compare by two Go benchmarks, on the bare handler that Python uses as well."""
    with servers.bare(BODY) as (url, _):
        nanoseconds, _ = go_benchmarks("./capella", "^Benchmark(ClientGet|BareGet)$", url)
    yield Measure(
        "Go: one GET, client / http.Client", nanoseconds["ClientGet"] / nanoseconds["BareGet"], at_most=1.1
    )
    yield Measure("Go: one GET, client", nanoseconds["ClientGet"] / 1e3, "us")
