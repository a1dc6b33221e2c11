"""Compare signing with the HMAC alone, and a signer with the same JSON in one process."""

from __future__ import annotations

import base64
import hmac
import json
import re
import statistics
import sys
import tempfile
from typing import TYPE_CHECKING

from capella.signing import sign
from tests.bench.measure import ROUNDS, Measure, alternate, seconds
from tests.support.paths import ROOT
from tests.support.programs import environment, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUEST = ("GET", "/v3/clusters?page=1&perPage=10", "1700000000000", "my secret key")
CALLS = 100_000
LINES = 50_000
LIMIT = 600.0  # seconds for each program


def bare(method: str, endpoint: str, timestamp: str, secret: str) -> str:
    """Sign in two lines, without validation."""
    message = f"{method}\n{endpoint}\n{timestamp}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()


def python() -> Iterator[Measure]:
    """Compare `sign` with the HMAC alone, and `python/signer.py` with a loop in this process."""

    def repeat(call: Callable[[str, str, str, str], str]) -> float:
        return seconds(lambda: [call(*REQUEST) for _ in range(CALLS)]) / CALLS

    ours, theirs = alternate(lambda: repeat(sign), lambda: repeat(bare))
    yield Measure("Python: sign / bare hmac.digest + base64", ours / theirs, at_most=1.4)
    yield Measure("Python: sign", ours * 1e6, "us")

    def in_one_process() -> float:
        return seconds(lambda: [answer(line) for line in _questions().splitlines()]) / LINES

    ours, theirs = alternate(lambda: _protocol(sys.executable, "python/signer.py"), in_one_process)
    yield Measure("Python: signer.py / same JSON in one process", ours / theirs, at_most=2.0)
    yield Measure("Python: signer.py", 1 / ours, "/s")


def answer(line: bytes) -> bytes:
    """Return the reply of a signer to one line, without validation."""
    ask = json.loads(line)
    signature = bare(ask["method"], ask["endpoint"], ask["timestamp"], ask["secret"])
    reply = {
        "id": ask["id"],
        "signature": signature,
        "authorization": f"Bearer {ask['access_key']}:{signature}",
    }
    return json.dumps(reply).encode() + b"\n"


def go() -> Iterator[Measure]:
    """Compare `Sign` and the signer with the same work without them, by four Go benchmarks."""
    nanoseconds, allocations = go_benchmarks("./capella", "^Benchmark(Sign|BareHMAC)$")
    yield Measure("Go: Sign / bare crypto/hmac", nanoseconds["Sign"] / nanoseconds["BareHMAC"], at_most=1.15)
    yield Measure("Go: Sign", nanoseconds["Sign"] / 1e3, "us")
    yield Measure(
        "Go: allocations of Sign beyond those of the HMAC alone",
        allocations["Sign"] - allocations["BareHMAC"],
        "",
        at_most=0,
    )
    with tempfile.TemporaryDirectory() as folder:
        signer = f"{folder}/signer"
        run("go", "build", "-o", signer, "./examples/signer", cwd=ROOT / "go", limit=LIMIT).check_returncode()
        ours = statistics.median(_protocol(signer) for _ in range(ROUNDS))
    nanoseconds, _ = go_benchmarks("./examples/signer", "^BenchmarkBareJSON$")
    yield Measure("Go: signer / same JSON in one process", ours * 1e9 / nanoseconds["BareJSON"], at_most=2.0)
    yield Measure("Go: signer", 1 / ours, "/s")


def go_benchmarks(package: str, pattern: str, url: str = "") -> tuple[dict[str, float], dict[str, float]]:
    """Return the medians of nanoseconds and of allocations per operation, by benchmark."""
    figures: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(ROUNDS):
        ran = run(
            *("go", "test", "-run", "^$", "-bench", pattern, "-benchmem", package),
            cwd=ROOT / "go",
            env=environment(CAPELLA_BENCH_URL=url),
            limit=LIMIT,
        )
        ran.check_returncode()
        for found in re.finditer(
            r"^Benchmark(\w+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op.*?(\d+) allocs/op", ran.stdout, re.MULTILINE
        ):
            times, counts = figures.setdefault(found[1], ([], []))
            times.append(float(found[2]))
            counts.append(float(found[3]))
    return (
        {name: statistics.median(times) for name, (times, _) in figures.items()},
        {name: statistics.median(counts) for name, (_, counts) in figures.items()},
    )


def _questions(count: int = LINES) -> bytes:
    method, endpoint, timestamp, secret = REQUEST
    ask = {
        "method": method,
        "endpoint": endpoint,
        "timestamp": timestamp,
        "access_key": "A",
        "secret": secret,
    }
    return b"".join(json.dumps({"id": f"vector-{number}", **ask}).encode() + b"\n" for number in range(count))


def _protocol(*command: str) -> float:
    """Return the seconds per vector through a signer, without the time of its start."""

    def through(count: int) -> float:
        with tempfile.TemporaryFile() as questions:
            questions.write(_questions(count))
            questions.flush()

            def ask() -> None:
                questions.seek(0)
                run(*command, stdin=questions, limit=LIMIT).check_returncode()

            return seconds(ask)

    return (through(LINES) - through(1)) / (LINES - 1)
