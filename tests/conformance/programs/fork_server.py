"""Runs Python programs in processes of their own, without the 0.25 s that start and imports take.

    python -m tests.conformance.programs.fork_server FOLDER MODULE ...

imports these modules, some of them from FOLDER, then reads one JSON object per line: `id` and `jobs`. Each
job has a script, arguments, an environment, a folder, files for stdout and stderr, and a limit in seconds.
The server forks a child, and the child runs the jobs one after the other, each as `python script arguments`
would run: own arguments, environment and streams, own exit code. The jobs of a request share the process,
because all runs after the first take a third of its time. A job that kills its process does not affect the
next ones: these run in a new child.

The reply is one line, `{"id": ..., "ends": [[exit code, seconds], ...]}`; the code of a signal is negative.
Requests run side by side. The server ends when stdin ends.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHUNK = 65_536


@dataclass
class Request:
    """A request, the child that works on it, and how the jobs have ended so far."""

    id: int
    jobs: list[dict[str, Any]]
    ends: list[tuple[int, float]] = field(default_factory=list)
    reader: int = -1  # the child writes a line to this pipe after each job but the last
    started: float = 0.0


def prepare(job: dict[str, Any]) -> None:
    """Give this process the arguments, environment, folder and streams of a job."""
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


def run_and_return(job: dict[str, Any]) -> int:
    """Run a job, and return its exit code as the interpreter would."""
    prepare(job)
    code: object = None
    try:
        runpy.run_path(job["script"], run_name="__main__")
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  # as the interpreter does
        traceback.print_exc()
        code = 1
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return (code or 0) & 0xFF


def run_and_end(job: dict[str, Any]) -> None:
    """Run a job, and end this process as the program does."""
    prepare(job)
    runpy.run_path(job["script"], run_name="__main__")
    sys.exit()


def start(request: Request) -> int:
    """Fork a child that runs the jobs which have not ended yet; return its process id."""
    request.reader, writer = os.pipe()
    request.started = time.perf_counter()
    child = os.fork()
    if child:
        os.close(writer)
        return child
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *first, last = request.jobs[len(request.ends) :]
    for job in first:
        begun = time.perf_counter()
        code = run_and_return(job)
        os.write(writer, f"{code} {time.perf_counter() - begun}\n".encode())
    run_and_end(last)
    return 0


def collect(request: Request, status: int) -> bool:
    """Note how a child's jobs ended; return whether all jobs of the request have ended."""
    with open(request.reader, encoding="ascii") as pipe:  # noqa: PTH123  # a file descriptor
        written = [line.split() for line in pipe.read().splitlines()]
    ends = [(int(code), float(seconds)) for code, seconds in written]
    spent = sum(seconds for _, seconds in ends)
    ends.append((os.waitstatus_to_exitcode(status), time.perf_counter() - request.started - spent))
    request.ends += ends
    return len(request.ends) == len(request.jobs)


def serve() -> None:
    """Serve requests until stdin ends."""
    wakeup, writer = os.pipe()
    for descriptor in (wakeup, writer):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(writer)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, Request] = {}
    unread = b""
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        selector.register(wakeup, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if wakeup in ready:
                with suppress(BlockingIOError):
                    os.read(wakeup, CHUNK)
                for child in list(running):
                    ended, status = os.waitpid(child, os.WNOHANG)
                    if ended:
                        request = running.pop(child)
                        if collect(request, status):
                            reply = json.dumps({"id": request.id, "ends": request.ends})
                            os.write(1, f"{reply}\n".encode())
                        else:
                            running[start(request)] = request
            if 0 in ready:
                chunk = os.read(0, CHUNK)
                if not chunk:
                    return
                *lines, unread = (unread + chunk).split(b"\n")
                for line in lines:
                    request = Request(**json.loads(line))
                    running[start(request)] = request


def main() -> None:
    """Import the modules, then serve."""
    _, folder, *modules = sys.argv
    sys.path.insert(1, folder)
    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)
    sys.path.remove(folder)
    gc.freeze()  # otherwise each child copies all the memory that its garbage collector visits
    serve()


if __name__ == "__main__":
    main()
