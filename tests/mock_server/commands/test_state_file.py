"""`--state` and `--empty`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mock_server.commands import state_file
from mock_server.commands.console import UsageError
from mock_server.framing import STATE_LIMIT
from tests.mock_server.commands.programs import call, run_mock, running_mock
from tests.support.raw_http import request

if TYPE_CHECKING:
    from collections.abc import Callable

YAML = """\
projects:
- name: Payments   # a comment
  id: 11111111-1111-4111-8111-111111111111
clustersV3:
- name: blue
  projectId: 11111111-1111-4111-8111-111111111111
  createdAt: 2024-01-31T00:00:00Z
"""


def state_of(port: int) -> dict[str, list[dict[str, object]]]:
    """Return the state of a mock, over HTTP."""
    response = call(port, request("GET", "/_mock/state", []))
    assert response.status == 200
    state: dict[str, list[dict[str, object]]] = response.json
    return state


def test_a_mock_starts_with_the_state_of_a_file(tmp_path: Path) -> None:
    """YAML or JSON: what `GET /_mock/state` gives starts another mock with the same state."""
    first, second = tmp_path / "state.yaml", tmp_path / "state.json"
    first.write_text(YAML)
    with running_mock("--port", "0", "--state", str(first)) as (_, port, _):
        raw = call(port, request("GET", "/_mock/state", [])).body
        state = state_of(port)
        assert [project["name"] for project in state["projects"]] == ["Payments"]
        assert state["clustersV3"][0]["createdAt"] == "2024-01-31T00:00:00Z"
        call(port, request("PUT", "/_mock/state", [], b"{}"))
        assert state_of(port)["projects"] == []
        call(port, request("POST", "/_mock/reset", []))
        assert call(port, request("GET", "/_mock/state", [])).body == raw
    second.write_bytes(raw)
    with running_mock("--port", "0", "--state", str(second)) as (_, port, _):
        assert call(port, request("GET", "/_mock/state", [])).body == raw


def test_a_mock_starts_empty() -> None:
    """With no resource at all."""
    with running_mock("--port", "0", "--empty") as (_, port, _):
        state = state_of(port)
    assert {name: state[name] for name in state if isinstance(state[name], list)} == {
        name: [] for name in ("clouds", "users", "projects", "clusters", "clustersV3")
    }


def write(data: bytes) -> Callable[[Path], Path]:
    """Return a function that writes a file, and returns its path."""

    def file(directory: Path) -> Path:
        path = directory / "state"
        path.write_bytes(data)
        return path

    return file


BAD = [
    (write(b""), " is empty"),
    (write(b"# nothing\n"), " is empty"),
    (write(b"---\n"), " is empty: --empty starts without any resource"),
    (write(b"null"), " is empty: --empty starts"),
    (write(b"projects: [{name: \xff}]"), " is not UTF-8"),
    (write(b"projects: ["), " is not YAML: "),
    (write(b'{"projects": [}'), " is not JSON: Expecting value at line 1, column 15"),
    (write(b"projects: &p []\nusers: *p"), " contains an anchor or an alias at line 1, column 11"),
    (write(b"projects: []\n<<: {users: []}"), " contains the merge key << at line 2"),
    (write(b"projects: []\nprojects: []"), " contains the key 'projects' twice at line 2"),
    (write(b'{"projects": [], "projects": []}'), " contains an object with the same name twice"),
    (write(b"clusters: [{servers: [{size: .nan}]}]"), " contains .nan, which is no number"),
    (write(b'{"counters": {"time": NaN}}'), " contains NaN or Infinity"),
    (write(b"[" * 3000), " is nested too deeply"),
    (write(b'{"a":' * 3000 + b"1" + b"}" * 3000), " is nested too deeply"),
    (write(b"x" * 10_000_000), " is larger than 4,000,000 bytes"),
    (write(b" " * STATE_LIMIT + b"{"), " is larger than 4,000,000 bytes"),
    (lambda directory: directory, ": Is a directory"),
    (lambda directory: directory / "missing", ": No such file or directory"),
    (lambda directory: directory / ("x" * 300), ": File name too long"),
    (lambda _: Path("/dev/zero"), " is larger than 4,000,000 bytes"),
]


@pytest.mark.parametrize(("make", "message"), BAD, ids=[message for _, message in BAD])
def test_a_file_that_is_no_state_is_refused(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    """One line with the name of the file, at once."""
    started = time.monotonic()
    path = make(tmp_path)
    with pytest.raises(UsageError) as caught:
        state_file.read(path)
    assert f"{path}{message}" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - started < 5


def test_a_name_with_a_newline_stays_on_one_line(tmp_path: Path) -> None:
    """So does one with a character that changes the direction of writing."""
    with pytest.raises(UsageError) as caught:
        state_file.read(tmp_path / "a\nb\u202ec")
    assert "a b c: No such file" in str(caught.value)


def test_an_invalid_state_is_exit_2_and_one_line(tmp_path: Path) -> None:
    """With the path of what is wrong; COMMAND does not run."""
    path = tmp_path / "state.yaml"
    path.write_text(YAML.replace("  projectId: 1", "  projectId: 9"))
    done = run_mock("--state", path, "--", "sh", "-c", "echo ran")
    line = (
        f"{path}: state.clustersV3[0].projectId: no project has the id 91111111-1111-4111-8111-111111111111"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"mock_server: --state: {line}\n")
    done = run_mock("--state", path, "--empty")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "mock_server: --empty and --state exclude each other: use one of them\n"
