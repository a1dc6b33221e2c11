"""The whole suite in a process of its own, and a signer to change."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Write = Callable[..., str]
Run = Callable[..., "Ended"]

SUITE = (sys.executable, "-m", "pytest", "-q", "tests/conformance")
NO_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

SIGNER = """
import base64, hmac, json, sys

def signature(ask):
    text = "\\n".join((ask["method"], ask["endpoint"], ask["timestamp"]))
    return base64.b64encode(hmac.digest(ask["secret"].encode(), text.encode(), "sha256")).decode()

def answer(ask):
    return {"signature": signature(ask)}

def end():
    pass
"""
LOOP = """
for line in sys.stdin:
    ask = json.loads(line)
    print(json.dumps({"id": ask["id"], **answer(ask)}), flush=True)
end()
"""


@dataclass(frozen=True)
class Ended:
    """A run of the suite: exit code, output, and report.json."""

    code: int
    text: str
    report: Any

    def outcomes(self) -> dict[tuple[str, str], str]:
        """Return the outcome of each vector, by signer and id."""
        return {(each["implementation"], each["id"]): each["outcome"] for each in self.report["results"]}
