"""The tests of `nox -s live`, run against the mock and against a fake service."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from tests.live.state import state_line
from tests.support.hostile_servers import NOWHERE, Action, ScriptedServer, drop, error_bytes, response_bytes
from tests.support.paths import ROOT
from tests.support.programs import run

if TYPE_CHECKING:
    from pathlib import Path

LIVE = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "live")]


def test_each_probe_is_printed_with_its_response() -> None:
    """Each probe is one line with the status and the message of the response. No line contains a key."""
    mock = [sys.executable, "-m", "mock_server", "--access-key", "A", "--secret-key", "canary", "--"]
    ran = run(*mock, *LIVE, "-k", "probe or state")
    assert ran.returncode == 0, ran.stdout
    found = dict(re.findall(r"^(\w[\w ]+?)  +(\d{3})", ran.stdout, re.MULTILINE))
    accepted = {probe for probe, status in found.items() if status == "200"}
    assert accepted == {"signed by the rule", "4 minutes old", "4 minutes in the future"}
    assert len(found) == 8
    [line] = re.findall(r"^v2 and v3 at (.*)$", ran.stdout, re.MULTILINE)
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+: GET /v2/projects works \(200\); GET /v3/clusters works \(200\)", line
    )
    assert "canary" not in ran.stdout + ran.stderr


def test_no_request_is_sent_without_settings(tmp_path: Path) -> None:
    """The session ends at once and names every missing setting."""
    ran = run(*LIVE, "-c", str(ROOT / "pyproject.toml"), cwd=tmp_path)
    assert ran.returncode == 2
    assert "CBC_ACCESS_KEY and CBC_SECRET_KEY not set" in ran.stdout + ran.stderr


V4_ERROR = b'{"code": 1003, "hint": "h", "httpStatusCode": 404, "message": "no such route"}'


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (response_bytes(200, b'{"data": []}'), "works (200)"),
        (error_bytes(401, "no"), "refuses these keys (401 no)"),
        (error_bytes(403, "no \\u001b[2J\\u202e"), "refuses these keys (403 no  [2J)"),
        (error_bytes(422, "m" * 200), f"refuses these keys (422 {'m' * 100})"),
        (error_bytes(404, "no route"), "is gone (404 no route)"),
        (response_bytes(404, b"<html>", content_type="text/html"), "is gone (404)"),
        (response_bytes(410, b""), "is gone (410)"),
        (response_bytes(405, b"{}"), "is gone (405)"),
        (response_bytes(301, b"", f"Location: {NOWHERE}"), "is gone (301)"),
        (response_bytes(401, V4_ERROR), "is gone (401 no such route, an error of v4)"),
        (
            response_bytes(200, b"<html>", content_type="text/html"),
            "is not known (200 without the API's JSON)",
        ),
        (response_bytes(200, b"[" * 100_000), "is not known (200 without the API's JSON)"),
        (response_bytes(401, b"<html>", content_type="text/html"), "is not known (401)"),
        (error_bytes(429, "wait"), "is not known (429 wait)"),
        (error_bytes(503, "later"), "is not known (503 later)"),
        (response_bytes(500, b'{"message": 7}'), "is not known (500)"),
        (drop, "is not known (no response: ConnectionError)"),
    ],
)
def test_state_of_a_service(reply: Action, state: str) -> None:
    """Each version is judged by its own response; redirects are not followed."""
    with ScriptedServer(reply, response_bytes(200, b'{"data": {}}')) as fake:
        line = state_line(
            "URL", lambda target: requests.get(fake.url + target, allow_redirects=False, timeout=30)
        )
        assert [request.target for request in fake.seen] == ["/v2/projects", "/v3/clusters"]
    assert line == f"v2 and v3 at URL: GET /v2/projects {state}; GET /v3/clusters works (200)"
