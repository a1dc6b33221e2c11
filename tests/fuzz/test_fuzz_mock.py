"""Send random and mutated requests to the mock: it must respond or close the connection, and keep working.

`FUZZ_REQUESTS` sets the number of requests (default 2,000), and `FUZZ_SEED` the seed. A failure shows the
seed and the bytes of the request.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import string
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.raw_http import parse, send_bytes
from tests.conformance.vectors.suite import load_suite
from tests.support.programs import started
from tests.support.raw_http import request, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "2000"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
NOW = 1_700_000_000_000
SECONDS = 60 + REQUESTS / 20  # a mock that hangs ends then
CLIENTS = 16
BATCH = 500
LONG = 40  # batches
FLAT = 8_192  # KiB: the journal, full of the longest targets, is half of it

TARGETS = [
    "/v2/status",
    "/v2/projects?page=1&perPage=10&sortBy=name",
    "/v2/clouds/9f1c6b5a-0000-4000-8000-000000000000",
    "//v2/%2f%zz;x?a=b&&=+%20#f",
    "/v3/clusters?page=-1",
    "http://[::1/v2",
    "*",
    "/_mock/health",
]
METHODS = [
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "CONNECT",
    "TRACE",
    "get",
    "\x85",
    "X" * 300,
]
HEADERS = [
    ("Content-Length", "5"),
    ("Content-Length", "-1"),
    ("Content-Length", "99999999999999999999"),
    ("Content-Length", "1_0"),
    ("Transfer-Encoding", "chunked"),
    ("Transfer-Encoding", "gzip, chunked"),
    ("Expect", "100-continue"),
    ("Connection", "keep-alive"),
    ("Upgrade", "h2c"),
    ("Content-Type", "application/json"),
    ("Content-Type", "multipart/mixed; boundary*0*=utf-8''%"),
    ("Content-Type", "message/rfc822"),
    ("Content-Type", "text/plain; charset=\xff"),
    ("Content-Transfer-Encoding", "base64"),
    ("Host", "[::1"),
    ("Host", "\x00"),
    ("X-Fold", "a\r\n b"),
    ("X-CR", "a\rb: c"),
    ("From ", "x"),
    ("A" * 2000, "b" * 2000),
]
BODIES = [
    b"",
    b"{}",
    b"[" * 5000,
    b'{"name":"\\ud800"}',
    b"5\r\nabcde\r\n0\r\n\r\n",
    b"fffffff\r\nab",
    b"\xff\x00",
]


def seeds() -> list[bytes]:
    """Return the requests to mutate: those of the vectors, and signed requests for every kind of target."""
    vectors = [
        request(
            each.request.method,
            each.request.target,
            list(each.request.headers),
            (each.request.body or "").encode(),
        )
        for each in load_suite().refusals.vectors
    ]
    return vectors + 20 * [signed("GET", target, NOW) for target in TARGETS]


def mutated(chance: random.Random, raw: bytes) -> bytes:
    """Return the request with one to six random edits: bytes replaced, inserted, deleted or repeated."""
    data = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = chance.randbytes(1)
            case 1:
                data[at:at] = chance.choice(
                    [b"\r\n", b"\n", b"\r", b" ", b":", b"\t", b"\x00", b"\xff", b"%"]
                )
            case 2:
                del data[at : min(to, at + 20)]
            case 3:
                data[at:at] = data[at : min(to, at + 200)]
            case 4:
                del data[at if at > len(data) // 2 else to :]
            case 5:
                data[at:at] = chance.randbytes(chance.randrange(20))
    return bytes(data)


def built(chance: random.Random) -> bytes:
    """Return a request built from unusual parts; half of the requests have a correct signature."""
    method, target = chance.choice(["GET", "GET", "POST", *METHODS]), chance.choice(TARGETS)
    if chance.random() < 0.3:
        target = "/" + "".join(chance.choices(string.printable + "\x80\x85\xa0\xff", k=chance.randrange(60)))
        target = re.sub(r"[ \r\n]", "", target)
    headers = chance.sample(HEADERS, chance.choice([0, 0, 1, 1, 2, 3]))
    body = chance.choice(BODIES)
    if chance.random() < 0.5:
        return signed(method, target, NOW, b"", *headers) + body
    return request(method, target, headers) + body


def inputs(chance: random.Random, known: list[bytes], count: int) -> Iterator[bytes]:
    """Yield `count` requests: one eighth random bytes, three eighths built, one half mutated."""
    for number in range(count):
        kind = number % 8
        if kind == 0:
            yield chance.randbytes(chance.randrange(200))
        elif kind < 4:
            yield built(chance)
        else:
            yield mutated(chance, chance.choice(known))


def attack(port: int, raw: bytes) -> int | None:
    """Send a request and return the status; None if the connection closed without a response."""
    try:
        answer = send_bytes(port, raw, timeout=20)
    except ConnectionError:
        return None
    except TimeoutError:
        raise AssertionError(f"no complete response after 20 s, seed {SEED}: {raw!r}") from None
    while answer.startswith(b"HTTP/1.1 100 "):
        answer = answer.partition(b"\r\n\r\n")[2]
    if not answer:
        return None
    reply = parse(answer)
    assert reply.status != 500, f"the status is 500, seed {SEED}: {raw!r}"
    if reply.status >= 400 and reply.body:
        assert set(reply.json) == {"errorType", "message"}, (
            f"the body has no error envelope, seed {SEED}: {raw!r}"
        )
    return reply.status


def resident(pid: int) -> list[int]:
    """Return the resident memory of a process in KiB; an empty list on a system without /proc."""
    with contextlib.suppress(OSError):
        return [int(kib) for kib in re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())]
    return []


def test_any_bytes_get_a_response_or_a_closed_connection(capsys: pytest.CaptureFixture[str]) -> None:
    """No request makes the mock hang, respond with 500, print a traceback, leak memory, or stop."""
    command = [sys.executable, "-W", "error", "-m", "mock_server", "--port", "0", "--clock", str(NOW)]
    chance, known = random.Random(SEED), seeds()  # noqa: S311  # inputs, not secrets
    statuses: Counter[int | None] = Counter()
    memory: list[int] = []
    said: list[str] = []
    with (
        started(*command, limit=SECONDS) as mock,
        ThreadPoolExecutor(CLIENTS + 1) as pool,
    ):
        try:
            banner = re.search(r"listening on http://\S+:(\d+)", mock.stderr.readline())
            assert banner
            port = int(banner[1])
            pool.submit(said.extend, mock.stderr)
            for begun in range(0, REQUESTS, BATCH):
                batch = inputs(chance, known, min(BATCH, REQUESTS - begun))
                statuses.update(pool.map(partial(attack, port), batch))
                memory += resident(mock.pid)
            assert parse(send_bytes(port, signed("GET", "/v2/projects", NOW))).status == 200
        finally:
            mock.send_signal(signal.SIGTERM)
            code = mock.wait()
    with capsys.disabled():  # the counts are what a fuzz run reports
        sys.stdout.write(
            f"\n{REQUESTS} requests to the mock, seed {SEED}: {dict(statuses)}, RSS {memory[-1:]} KiB\n"
        )
    assert code == 0
    assert [line for line in said if not line.startswith("mock_server: ") or " 500 " in line] == []
    assert {None, 200, 400, 401, 404, 413, 422} <= set(statuses)
    # The first thousands of requests fill caches. Only a long run can show that memory does not grow.
    assert len(memory) < LONG or memory[-1] - memory[LONG // 2] < FLAT
