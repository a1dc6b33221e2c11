"""Signing against the bare HMAC, and a signer's protocol against the same JSON in one process."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from capella.signing import sign
from tests.bench.measure import ROUNDS, Measure, alternate, seconds
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REQUEST = ("GET", "/v3/clusters?page=1&perPage=10", "1700000000000", "my secret key")
CALLS = 100_000
LINES = 50_000


def bare(method: str, endpoint: str, timestamp: str, secret: str) -> str:
    """The rule in two lines, with no checks."""
    message = f"{method}\n{endpoint}\n{timestamp}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()


def python() -> Iterator[Measure]:
    """`sign` against the bare call, and `python/signer.py` against a loop in this process."""

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
    """What a signer does with one line, with no checks."""
    ask = json.loads(line)
    signature = bare(ask["method"], ask["endpoint"], ask["timestamp"], ask["secret"])
    reply = {
        "id": ask["id"],
        "signature": signature,
        "authorization": f"Bearer {ask['access_key']}:{signature}",
    }
    return json.dumps(reply).encode() + b"\n"


def go() -> Iterator[Measure]:
    """`Sign` and the signer's loop against the bare ones, all four written as Go benchmarks."""
    nanoseconds, allocations = go_benchmarks("./capella", "^Benchmark(Sign|BareHMAC)$")
    yield Measure("Go: Sign / bare crypto/hmac", nanoseconds["Sign"] / nanoseconds["BareHMAC"], at_most=1.15)
    yield Measure("Go: Sign", nanoseconds["Sign"] / 1e3, "us")
    yield Measure(
        "Go: Sign's allocations beyond the bare ones",
        allocations["Sign"] - allocations["BareHMAC"],
        "",
        at_most=0,
    )
    with tempfile.TemporaryDirectory() as folder:
        signer = f"{folder}/signer"
        subprocess.run(["go", "build", "-o", signer, "./examples/signer"], cwd=ROOT / "go", check=True)
        ours = statistics.median(_protocol(signer) for _ in range(ROUNDS))
    nanoseconds, _ = go_benchmarks("./examples/signer", "^BenchmarkBareJSON$")
    yield Measure("Go: signer / same JSON in one process", ours * 1e9 / nanoseconds["BareJSON"], at_most=2.0)
    yield Measure("Go: signer", 1 / ours, "/s")


def go_benchmarks(package: str, pattern: str, url: str = "") -> tuple[dict[str, float], dict[str, float]]:
    """The medians of nanoseconds and allocations an operation, by name, over alternating rounds."""
    figures: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(ROUNDS):
        ran = subprocess.run(
            ["go", "test", "-run", "^$", "-bench", pattern, "-benchmem", package],
            cwd=ROOT / "go",
            env=os.environ | {"CAPELLA_BENCH_URL": url},
            check=True,
            capture_output=True,
            text=True,
        )
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
    """Seconds a vector through a signer's stdin and stdout, its start taken off."""

    def run(count: int) -> float:
        with tempfile.TemporaryFile() as questions:
            questions.write(_questions(count))
            questions.flush()

            def ask() -> None:
                questions.seek(0)
                subprocess.run(command, cwd=ROOT, stdin=questions, stdout=subprocess.PIPE, check=True)

            return seconds(ask)

    return (run(LINES) - run(1)) / (LINES - 1)
