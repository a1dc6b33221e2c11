"""The servers that are measured, each in a process of its own so that no lock is shared with the client."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCESS_KEY = "bench"
SECRET_KEY = "bench secret"

# pytest-httpserver as the mock uses it, with a handler that does nothing but answer these bytes.
BARE = """
import logging, re, signal, sys
from pytest_httpserver import HTTPServer
from werkzeug import Response

body = sys.stdin.buffer.read()
logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the mock writes no line a request either

def answer(request):
    server.log.clear()
    return Response(body, content_type="application/json")

with HTTPServer(port=0, threaded=True) as server:
    server.expect_request(re.compile("")).respond_with_handler(answer)
    print(f"http://127.0.0.1:{server.port}", file=sys.stderr, flush=True)
    signal.pause()
"""


@contextlib.contextmanager
def mock() -> Iterator[tuple[str, int]]:
    """A mock on a free port: its base URL and its process id."""
    keys = ("--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
    with _server([sys.executable, "-m", "mock_server", "--port", "0", *keys], b"") as running:
        yield running


@contextlib.contextmanager
def bare(body: bytes) -> Iterator[tuple[str, int]]:
    """A bare handler on a free port that answers every request with `body`."""
    with _server([sys.executable, "-c", BARE], body) as running:
        yield running


@contextlib.contextmanager
def _server(command: list[str], said: bytes) -> Iterator[tuple[str, int]]:
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write(said)
        process.stdin.close()
        try:
            for line in process.stderr:
                if url := re.search(rb"http://127\.0\.0\.1:\d+", line):
                    yield url.group().decode(), process.pid
                    break
            else:
                raise RuntimeError(f"{command} ended before it listened")
        finally:
            process.terminate()
