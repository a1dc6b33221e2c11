"""The Python signer program: its protocol on stdin and stdout."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

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


TARGET = {
    "id": "t",
    "ask": "target",
    "base_url": "http://127.0.0.1:8091/",
    "path": ["v2", "a b"],
    "query": [],
}
SETTINGS = {"id": "s", "ask": "settings", "environment": {"CBC_ACCESS_KEY": "A", "CBC_SECRET_KEY": "s"}}
SERVICE = "https://cloudapi.cloud.couchbase.com"


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (TARGET, {"target": "/v2/a%20b"}),
        ({**TARGET, "query": [["a", "b+c"], ["a", ""]]}, {"target": "/v2/a%20b?a=b%2Bc&a="}),
        (SETTINGS, {"base_url": SERVICE, "access_key": "A", "secret_key": "s"}),
        ({**SETTINGS, "dotenv": None}, {"base_url": SERVICE, "access_key": "A", "secret_key": "s"}),
        (
            {**SETTINGS, "dotenv": "BASE_URL='https://h/'\nCBC_ACCESS_KEY='B'\n"},
            {"base_url": "https://h", "access_key": "A", "secret_key": "s"},
        ),
    ],
)
def test_targets_and_settings(request_: dict[str, object], reply: dict[str, str]) -> None:
    """The reply has what the client would send, or the settings that it would use."""
    done = signer(json.dumps(request_))
    assert json.loads(done.stdout) == {"id": request_["id"], **reply}


def test_refused_settings_have_names() -> None:
    """The names of missing and invalid settings are listed, and no value is shown."""
    done = signer(json.dumps({**SETTINGS, "environment": {"SECRET_KEY": " canary"}}))
    reply = json.loads(done.stdout)
    assert reply["names"] == ["CBC_ACCESS_KEY", "SECRET_KEY"]
    assert "canary" not in done.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"path": [".."]}, "refused"),
        ({"path": ["\ud800"]}, "refused"),
        ({"base_url": "ftp://h"}, "refused"),
        ({"path": "v2"}, "cannot"),
        ({"query": [["a"]]}, "cannot"),
        ({"query": None}, "cannot"),
        ({"base_url": 5}, "cannot"),
        ({"ask": "settings"}, "cannot"),
        ({"ask": "settings", "environment": []}, "cannot"),
        ({"ask": "settings", "environment": {"CBC_ACCESS_KEY": 5}}, "cannot"),
        ({"ask": "verify"}, "cannot"),
        ({"ask": None}, "cannot"),  # it asks for a signature, without a method
    ],
)
def test_targets_and_settings_without_an_answer(changes: dict[str, object], said: str) -> None:
    """An input that the client refuses is refused; one that is malformed gets `cannot`."""
    done = signer(json.dumps({**TARGET, **changes}))
    assert said in json.loads(done.stdout)
    assert done.stderr == ""
