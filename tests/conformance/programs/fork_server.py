"""Runs Python programs as processes of their own without the quarter of a second that their imports take.

    python -m tests.conformance.programs.fork_server MODULE ...

imports those modules it finds, then reads one JSON object a line: script, arguments, environment, folder, the
files for stdout and stderr, and a limit in seconds. For each it forks, and the child goes on as if `python
script arguments` had been typed: own process, own streams, own end. The exit code is written as a line, a
signal's number negative.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def become(job: dict[str, Any]) -> None:
    """Turn this process into the program, up to running it."""
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, job["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, job["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(name, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    signal.alarm(job["limit"])
    sys.argv = [job["script"], *job["arguments"]]
    sys.path[0] = str(Path(job["script"]).parent)
    runpy.run_path(job["script"], run_name="__main__")
    sys.exit()


def main() -> None:
    """Serve until stdin ends."""
    for name in sys.argv[1:]:
        with suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()  # or every child copies all the memory it only looks through: half of its time
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
