"""The output of the Python examples, on a terminal and in a pipe."""

from __future__ import annotations

import json
import re

from tests.support.hostile_servers import ScriptedServer, response_bytes
from tests.support.python_programs import KEYS, run
from tests.support.terminal import on_a_terminal

LONG_NAME = "a cloud whose name is longer than the terminal is wide"


def test_narrow_terminal() -> None:
    """A wide table is folded on a terminal without losing a character, and is not folded in a pipe."""
    cloud = {"name": LONG_NAME, "provider": "aws", "region": "us-east-1", "id": "7651e79b"}
    with ScriptedServer(response_bytes(200, json.dumps({"data": [cloud]}).encode())) as wire:
        code, shown = on_a_terminal("list_clouds", CBC_API_URL=wire.url, **KEYS)
        elsewhere = run("list_clouds", CBC_API_URL=wire.url, COLUMNS="40", **KEYS).stdout
    assert code == 0
    assert max(len(line) for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()) <= 40
    header, row = elsewhere.splitlines()
    assert header.split() == ["Name", "Provider", "Region", "ID"]
    assert re.split(r"  +", row) == [LONG_NAME, "aws", "us-east-1", "7651e79b"]
    assert sorted("".join(re.sub(r"\x1b\[[0-9;]*m", "", shown).split())) == sorted("".join(elsewhere.split()))


def test_markup_is_text() -> None:
    """Markup and control characters in a name are shown as text."""
    cloud = {"name": "[red]a[/red]\x1b[2J\nb", "provider": ["a", 1], "region": None, "id": True}
    with ScriptedServer(response_bytes(200, json.dumps({"data": [cloud, "odd"]}).encode())) as wire:
        _, row, odd = (run("list_clouds", CBC_API_URL=wire.url, **KEYS).stdout + ".").split("\n", 2)
    assert re.split(r"  +", row) == ["[red]a[/red] [2J b", '["a", 1]', "true"]
    assert odd == "\n."


def test_password_at_a_prompt() -> None:
    """On a terminal the password is typed at a prompt and not shown."""
    with ScriptedServer(response_bytes(201, b"")) as wire:
        code, shown = on_a_terminal(
            "create_database_user",
            "--username",
            "anna",
            "7f3a",
            typed="canary\n",
            CBC_API_URL=wire.url,
            **KEYS,
        )
        assert json.loads(wire.seen[0].body)["password"] == "canary"
    assert code == 0
    assert "password of the database user: " in shown
    assert "canary" not in shown


def test_progress_on_a_terminal() -> None:
    """A wait shows one changing line, which is erased before the result."""
    replies = [
        response_bytes(200, json.dumps({"status": status}).encode()) for status in ("deploying", "ready")
    ]
    with ScriptedServer(*replies) as wire:
        code, shown = on_a_terminal(
            "poll_cluster_status", "--interval", "0", "7f3a", CBC_API_URL=wire.url, **KEYS
        )
    assert code == 0
    assert "\x1b[2K" in shown  # the line that changes is erased
    assert shown.splitlines()[-1].endswith("ready")
