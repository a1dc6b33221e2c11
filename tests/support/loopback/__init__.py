"""Allow tests, and the Python programs that they run, to use the loopback network only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = str(Path(__file__).parent)


def block_network() -> None:
    """Block the network beyond loopback in this process, and in every Python program that it starts.

    Nothing in the process can undo it. A program inherits it by PYTHONPATH, where Python looks for
    `sitecustomize.py` at its start. Programs in other languages are not blocked.
    """
    started_blocked = getattr(sys.modules.get("sitecustomize"), "__file__", "") == f"{HERE}/sitecustomize.py"
    if not started_blocked:
        from tests.support.loopback import sitecustomize  # noqa: F401, PLC0415  # the import itself blocks

    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    os.environ["PYTHONPATH"] = os.pathsep.join([HERE, *(each for each in others if each not in ("", HERE))])
