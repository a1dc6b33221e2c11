"""Compiles a program before it runs, once for each version of its sources and compilers."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.support.paths import ROOT

from ..report.text import plain
from .environment import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT: Final = ROOT / ".nox" / "signers"
LIMIT: Final = 600.0  # seconds of one command; the first run downloads packages
BUILT: Final = "{built}"
"""Stands for the folder of the build in the command of a program."""


class BuildError(Exception):
    """A program cannot be compiled; the text is one line."""


@dataclass(frozen=True)
class Build:
    """How a program is compiled: its files are copied to a folder, and the commands run there.

    Attributes:
        folder: where the files are, relative to the root of the repository.
        files: paths in that folder; a change of one makes a new build.
        commands: run one after the other, without a shell.
    """

    folder: str
    files: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]


def built(name: str, build: Build, kept: Path = KEPT) -> Path:
    """Return the folder of a finished build, which is made if there is none.

    `kept` is the folder of all builds. If it cannot be written, the build is made in a temporary folder.

    Raises:
        BuildError: a command failed or took too long.
    """
    done = kept / f"{name}-{_key(build)}"
    if done.is_dir():
        return done
    try:
        kept.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(dir=kept, prefix="making-"))
    except OSError:  # a read-only checkout
        return _made(build, Path(tempfile.mkdtemp(prefix=f"signer-{name}-")))
    try:
        _made(build, making)
        with suppress(OSError):  # another run was faster
            making.rename(done)
        for old in kept.glob(f"{name}-*"):
            if old != done:
                shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return done


def _key(build: Build) -> str:
    """Return a hash of what the build depends on."""
    found = hashlib.sha256(repr(build).encode())
    for file in build.files:
        found.update(hashlib.sha256((ROOT / build.folder / file).read_bytes()).digest())
    for program in sorted({command[0] for command in build.commands}):
        path = os.path.realpath(shutil.which(program) or program)
        with suppress(OSError):  # a program that an earlier command brings
            status = Path(path).stat()
            found.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return found.hexdigest()[:16]


def _made(build: Build, folder: Path) -> Path:
    """Make the build in a folder, and return the folder."""
    for file in build.files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / build.folder / file, folder / file)
    for command in build.commands:
        _run(command, folder)
    return folder


def _run(command: Sequence[str], folder: Path) -> None:
    said = " ".join(command)
    try:
        ended = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise BuildError(f"`{said}` took more than {LIMIT:g} s") from None
    except OSError as error:
        raise BuildError(f"`{said}`: {error.strerror}") from None
    if ended.returncode:
        lines = [line for line in ended.stdout.decode(errors="backslashreplace").splitlines() if line.strip()]
        raise BuildError(plain(f"`{said}` failed: {lines[0].strip() if lines else 'it printed nothing'}"))
