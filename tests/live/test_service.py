"""Ask the service named by the settings what only it can say, and change nothing there.

The mock's window, its wording and its strictness about units are policy: the vendor documents none of
them. The probes send deliberately wrong signatures and print what the service makes of each.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

from capella.errors import SettingsError
from capella.settings import Settings, environment, load
from tests.live import FINDINGS
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LISTS = ("list_clouds", "list_users", "list_projects", "list_clusters", "list_clusters_v3")
MINUTE = 60_000  # milliseconds

# What is signed and sent: endpoint signed, milliseconds off, divisor of the timestamp.
PROBES = {
    "signed by the rule": ("/v2/projects?page=1&perPage=1", 0, 1),
    "query not signed": ("/v2/projects", 0, 1),
    "seconds": ("/v2/projects?page=1&perPage=1", 0, 1000),
    "4 minutes old": ("/v2/projects?page=1&perPage=1", -4 * MINUTE, 1),
    "6 minutes old": ("/v2/projects?page=1&perPage=1", -6 * MINUTE, 1),
    "1 hour old": ("/v2/projects?page=1&perPage=1", -60 * MINUTE, 1),
    "4 minutes ahead": ("/v2/projects?page=1&perPage=1", 4 * MINUTE, 1),
    "6 minutes ahead": ("/v2/projects?page=1&perPage=1", 6 * MINUTE, 1),
}
SENT = "/v2/projects?page=1&perPage=1"


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The caller's own; nothing is asked without them."""
    try:
        return load(environment())
    except SettingsError as error:
        pytest.exit(f"live needs the settings of a real key: {error}", returncode=2)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go examples, built once."""
    folder = tmp_path_factory.mktemp("go")
    subprocess.run(["go", "build", "-o", f"{folder}/", "./examples/..."], cwd=ROOT / "go", check=True)
    return folder


def run(settings: Settings, *command: str) -> dict[str, object]:
    """Run an example with the settings in its environment, and return what it printed."""
    names = {
        "CBC_API_URL": settings.base_url,
        "CBC_ACCESS_KEY": settings.access_key,
        "CBC_SECRET_KEY": settings.secret_key.reveal(),
    }
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | names, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    printed: dict[str, object] = json.loads(ran.stdout)
    return printed


@pytest.mark.parametrize("name", ["get_status", *LISTS])
def test_both_languages_read_the_same(settings: Settings, built: Path, name: str) -> None:
    """Every list of the organization is the same through both languages."""
    python = run(settings, sys.executable, f"python/{name}.py", "--json")
    assert python == run(settings, str(built / name.replace("_", "")))


@pytest.mark.parametrize("probe", PROBES)
def test_probe(settings: Settings, probe: str) -> None:
    """The service answers every probe, and accepts the one that is signed by the rule."""
    endpoint, off, divisor = PROBES[probe]
    timestamp = str((time.time_ns() // 1_000_000 + off) // divisor)
    digest = hmac.digest(
        settings.secret_key.reveal().encode(), f"GET\n{endpoint}\n{timestamp}".encode(), "sha256"
    )
    authorization = f"Bearer {settings.access_key}:{base64.b64encode(digest).decode()}"
    answer = requests.get(
        settings.base_url + SENT,
        headers={"Authorization": authorization, "Couchbase-Timestamp": timestamp},
        timeout=30,
        allow_redirects=False,
    )
    said = answer.json().get("message", "") if answer.status_code != requests.codes.ok else ""
    FINDINGS[probe] = f"{answer.status_code} {said}".strip()
    if probe == "signed by the rule":
        assert answer.status_code == requests.codes.ok
    else:
        assert answer.status_code < requests.codes.server_error
