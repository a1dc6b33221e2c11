"""Send requests to the service in the settings, and change nothing there.

The vendor does not document the clock window, the wording of a 401 or the unit of a timestamp, so the mock's
are our choice. The probes send wrong signatures on purpose and print the responses of the service.
"""

from __future__ import annotations

import base64
import hmac
import json
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

from capella.errors import SettingsError
from capella.settings import Settings, environment, load
from tests.live import FINDINGS, STATE
from tests.live.state import message, state_line
from tests.support import programs
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LISTS = ("list_clouds", "list_users", "list_projects", "list_clusters", "list_clusters_v3")
MINUTE = 60_000  # milliseconds

# The signed endpoint, the clock offset in milliseconds, and the divisor of the timestamp.
PROBES = {
    "signed by the rule": ("/v2/projects?page=1&perPage=1", 0, 1),
    "query not signed": ("/v2/projects", 0, 1),
    "seconds": ("/v2/projects?page=1&perPage=1", 0, 1000),
    "4 minutes old": ("/v2/projects?page=1&perPage=1", -4 * MINUTE, 1),
    "6 minutes old": ("/v2/projects?page=1&perPage=1", -6 * MINUTE, 1),
    "1 hour old": ("/v2/projects?page=1&perPage=1", -60 * MINUTE, 1),
    "4 minutes in the future": ("/v2/projects?page=1&perPage=1", 4 * MINUTE, 1),
    "6 minutes in the future": ("/v2/projects?page=1&perPage=1", 6 * MINUTE, 1),
}
SENT = "/v2/projects?page=1&perPage=1"


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the caller's settings. Without them no request is sent."""
    try:
        return load(environment())
    except SettingsError as error:
        pytest.exit(f"the session live needs the settings of a real API key: {error}", returncode=2)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the Go examples once, and return their folder."""
    folder = tmp_path_factory.mktemp("go")
    done = programs.run("go", "build", "-o", f"{folder}/", "./examples/...", cwd=ROOT / "go", limit=600)
    assert done.returncode == 0, done.stderr
    return folder


def run(settings: Settings, *command: str) -> dict[str, object]:
    """Run an example with these settings and return the JSON that it prints."""
    names = {
        "CBC_API_URL": settings.base_url,
        "CBC_ACCESS_KEY": settings.access_key,
        "CBC_SECRET_KEY": settings.secret_key.reveal(),
    }
    ran = programs.run(*command, env=programs.environment(**names), limit=300)
    assert ran.returncode == 0, ran.stderr
    printed: dict[str, object] = json.loads(ran.stdout)
    return printed


@pytest.mark.parametrize("name", ["get_status", *LISTS])
def test_both_languages_read_the_same(settings: Settings, built: Path, name: str) -> None:
    """Both languages print the same for every list of the organization."""
    python = run(settings, sys.executable, f"python/{name}.py", "--json")
    assert python == run(settings, str(built / name.replace("_", "")))


def send(settings: Settings, target: str, *, endpoint: str, timestamp: int) -> requests.Response:
    """Send a GET with the signature of this endpoint and timestamp, and return its response."""
    text = f"GET\n{endpoint}\n{timestamp}"
    digest = hmac.digest(settings.secret_key.reveal().encode(), text.encode(), "sha256")
    authorization = f"Bearer {settings.access_key}:{base64.b64encode(digest).decode()}"
    return requests.get(
        settings.base_url + target,
        headers={"Authorization": authorization, "Couchbase-Timestamp": str(timestamp)},
        timeout=30,
        allow_redirects=False,
    )


def now() -> int:
    """Return the time in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def test_state(settings: Settings) -> None:
    """A signed request for each version shows whether v2 and v3 still work. The line at the end says so."""
    line = state_line(
        settings.base_url, lambda target: send(settings, target, endpoint=target, timestamp=now())
    )
    STATE.append(line)
    assert "is not known" not in line


@pytest.mark.parametrize("probe", PROBES)
def test_probe(settings: Settings, probe: str) -> None:
    """The service accepts a request that is signed by the rule, and does not fail on the others."""
    endpoint, off, divisor = PROBES[probe]
    response = send(settings, SENT, endpoint=endpoint, timestamp=(now() + off) // divisor)
    FINDINGS[probe] = f"{response.status_code} {message(response)}".strip()
    if probe == "signed by the rule":
        assert response.status_code == requests.codes.ok
    else:
        assert response.status_code < requests.codes.server_error
