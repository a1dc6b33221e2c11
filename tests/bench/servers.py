"""Start the measured servers, each in its own process, so that no client shares a lock with one."""

from __future__ import annotations

import contextlib
import re
import sys
import threading
from typing import TYPE_CHECKING

from tests.support.programs import started

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCESS_KEY = "bench"
SECRET_KEY = "bench secret"
LIMIT = 1800.0  # seconds; a server runs as long as its measurement

# pytest-httpserver as the mock uses it, with a handler that only returns these bytes.
BARE = """
import logging, re, signal, sys
from pytest_httpserver import HTTPServer
from werkzeug import Response

body = sys.stdin.buffer.read()
logging.getLogger("werkzeug").setLevel(logging.ERROR)  # the mock does not log requests either

def respond(request):
    server.log.clear()
    return Response(body, content_type="application/json")

with HTTPServer(port=0, threaded=True) as server:
    server.expect_request(re.compile("")).respond_with_handler(respond)
    print(f"http://127.0.0.1:{server.port}", file=sys.stderr, flush=True)
    signal.pause()
"""


@contextlib.contextmanager
def mock() -> Iterator[tuple[str, int]]:
    """Run a mock on a free port; yield its base URL and its process id."""
    keys = ("--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY)
    with _server([sys.executable, "-m", "mock_server", "--port", "0", *keys], "") as running:
        yield running


@contextlib.contextmanager
def bare(body: bytes) -> Iterator[tuple[str, int]]:
    """Run a bare handler on a free port that returns `body` for every request; yield the same."""
    with _server([sys.executable, "-c", BARE], body.decode()) as running:
        yield running


@contextlib.contextmanager
def _server(command: list[str], body: str) -> Iterator[tuple[str, int]]:
    with started(*command, limit=LIMIT) as program:
        program.stdin.write(body)
        program.stdin.close()
        for line in program.stderr:
            if url := re.search(r"http://127\.0\.0\.1:\d+", line):
                # A refusal writes a line: an unread pipe would fill up and stop the server.
                threading.Thread(target=program.stderr.read, daemon=True).start()
                yield url.group(), program.pid
                return
    raise RuntimeError(f"{command} ended before it listened")
