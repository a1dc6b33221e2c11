"""oapi-codegen generates a Go client from openapi.yaml, and the client calls every operation of the mock.

The client is other people's code: it decodes each response by the types that the description promises.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_server.api.description import Description, load
from mock_server.api.registry import HANDLERS
from mock_server.server import DEFAULT_KEYS, MockServer
from tests.support.paths import ROOT
from tests.support.programs import environment, require, run

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
OPENAPI = ROOT / "mock_server" / "api" / "openapi.yaml"
LIMIT = 600  # seconds to build the generator, or the client
GENERATOR = (
    "go",
    "tool",
    "oapi-codegen",
    "-generate",
    "types,client",
    "-package",
    "generated",
    "-o",
    "client.go",
)


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """Return a copy of the Go module with the generated client."""
    require("go")
    for file in (HERE / "go.mod", HERE / "go.sum", *HERE.glob("*_test.go")):
        shutil.copy(file, tmp_path)
    generated = run(*GENERATOR, OPENAPI, cwd=tmp_path, env=environment(GOPROXY="off"), limit=LIMIT)
    assert (generated.returncode, generated.stdout, generated.stderr) == (0, "", "")
    return tmp_path


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """Return a mock whose clusters and buckets are ready at once."""
    with MockServer(transition=0) as server:
        yield server
    server.check()


def test_generated_client_calls_every_operation(module: Path, mock: MockServer) -> None:
    """The Go tests pass, and the mock has accepted a request of each operation."""
    [(access_key, secret_key)] = DEFAULT_KEYS.items()
    settings = environment(
        CBC_API_URL=mock.url, CBC_ACCESS_KEY=access_key, CBC_SECRET_KEY=secret_key, GOPROXY="off"
    )
    tested = run("go", "test", "-count=1", "./...", cwd=module, env=settings, limit=LIMIT)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    described = Description(load(), HANDLERS)
    called = {
        described.find(entry["method"], entry["target"].partition("?")[0])[0].id
        for entry in mock.journal.entries()
        if entry["status"] < 300
    }
    assert called == set(HANDLERS)
