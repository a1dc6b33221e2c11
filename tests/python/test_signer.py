"""The Python signer program: its protocol on stdin and stdout."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from tests.conformance.vectors.suite import load_suite
from tests.support import programs
from tests.support.python_programs import PYTHON

if TYPE_CHECKING:
    import subprocess

VECTORS = load_suite().signatures
GUIDE = ("GET", "/v2/clouds", "1614622252260", "my secret key")
GUIDE_SIGNATURE = "/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="


def signer(*lines: str | bytes) -> subprocess.CompletedProcess[str]:
    """Run `signer.py` with these lines on stdin."""
    text = b"".join(
        line + b"\n" for line in (each.encode() if isinstance(each, str) else each for each in lines)
    )
    return programs.run(sys.executable, PYTHON / "signer.py", stdin=text)


def test_replies_to_every_vector() -> None:
    """The signer replies to each vector, in the protocol's terms."""
    asked = [
        {
            "id": vector.id,
            "method": vector.method,
            "endpoint": vector.endpoint,
            "timestamp": vector.timestamp,
            "access_key": vector.access_key,
            "secret": vector.secret,
        }
        for vector in VECTORS
    ]
    done = signer(*map(json.dumps, asked))
    assert (done.returncode, done.stderr) == (0, "")
    replies = {reply["id"]: reply for reply in map(json.loads, done.stdout.splitlines())}
    for vector in VECTORS:
        reply = replies.pop(vector.id)
        if vector.expected:
            assert reply["signature"] == vector.expected
            assert reply["authorization"] == f"Bearer {vector.access_key}:{vector.expected}"
        else:
            assert set(reply) == {"id", "refused"}
    assert not replies


def test_survives_bad_lines() -> None:
    """An invalid line is reported on stderr or gets `cannot`; the next line is signed."""
    good = {"id": "good", **dict(zip(("method", "endpoint", "timestamp", "secret"), GUIDE, strict=True))}
    done = signer(
        "{",
        "[]",
        '"text"',
        '{"id": 1}',
        b"\xff",
        "[" * 100_000,
        "",
        '{"id": "a"}',
        '{"id": "b", "method": 1, "endpoint": "/", "timestamp": "0", "secret": "s"}',
        json.dumps(good),
    )
    assert done.returncode == 0
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == [f"line {n}" for n in range(1, 8)]
    missing, wrong, last = map(json.loads, done.stdout.splitlines())
    assert (missing["id"], set(missing)) == ("a", {"id", "cannot"})
    assert (wrong["id"], set(wrong)) == ("b", {"id", "cannot"})
    assert last["signature"] == GUIDE_SIGNATURE


def test_flushes_each_reply() -> None:
    """Each reply arrives before the next request is written."""
    request = {"id": "a", "method": "GET", "endpoint": "/", "timestamp": "0", "secret": "s"}
    with programs.started(sys.executable, PYTHON / "signer.py") as process:
        for _ in range(3):
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == "a"
        done = process.end()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
