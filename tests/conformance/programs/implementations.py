"""The programs under test: the built-in ones, and those that `--signer` and `--client` add."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from .builds import BUILT, Build, built

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
SIGNERS = "tests/conformance/signers"

Role = Literal["signer", "client"]


@dataclass(frozen=True)
class Implementation:
    """A program: its command, its role, and its option on the command line."""

    name: str
    command: tuple[str, ...]
    runtime: tuple[str, ...] = ()  # programs that may be missing: then this one is "not run"
    option: str = ""
    role: Role = "signer"
    build: Build | None = None  # what compiles it; `{built}` in the command is the folder of the result

    @property
    def is_built_in(self) -> bool:
        """Whether the program belongs to the suite; then it must support every vector."""
        return not self.option

    def missing(self) -> str | None:
        """Return which programs of the runtime are missing, or None."""
        lacking = [program for program in self.runtime if shutil.which(program) is None]
        return f"no {' and no '.join(lacking)} on PATH" if lacking else None

    def compiled(self) -> Implementation:
        """Return the program with the command that runs it, after compiling it if that is necessary.

        Raises:
            BuildError: it cannot be compiled; the text is one line.
        """
        if self.build is None:
            return self
        folder = str(built(self.name, self.build))
        return replace(self, command=tuple(part.replace(BUILT, folder) for part in self.command), build=None)


JAVA = ("java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", BUILT, "Signer")  # starts fast
PYTHON = (sys.executable, "python/signer.py")
GO = ("go", "-C", "go/examples", "run", "./signer")

BUILT_IN = (
    Implementation("python", PYTHON),
    Implementation("go", GO),
    Implementation("node", ("node", f"{SIGNERS}/signer.mjs"), runtime=("node",)),
    Implementation(
        "typescript",
        ("node", f"{BUILT}/signer.js"),
        runtime=("node", "npm"),
        build=Build(
            f"{SIGNERS}/typescript",
            ("package.json", "package-lock.json", "tsconfig.json", "signer.ts"),
            (("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"), ("node_modules/.bin/tsc",)),
        ),
    ),
    Implementation("perl", ("perl", f"{SIGNERS}/signer.pl"), runtime=("perl",)),
    Implementation("ruby", ("ruby", f"{SIGNERS}/signer.rb"), runtime=("ruby",)),
    Implementation("php", ("php", f"{SIGNERS}/signer.php"), runtime=("php",)),
    Implementation(
        "rust",
        (f"{BUILT}/target/debug/signer",),
        runtime=("cargo",),
        build=Build(
            f"{SIGNERS}/rust",
            ("Cargo.toml", "Cargo.lock", "src/main.rs"),
            # Without debug information, which takes time and space.
            (("cargo", "build", "-q", "--locked", "--target-dir=target", "--config=profile.dev.debug=0"),),
        ),
    ),
    Implementation(
        "java",
        JAVA,
        runtime=("java", "javac"),
        build=Build(SIGNERS, ("Signer.java",), (("javac", "Signer.java"),)),
    ),
    Implementation("shell", ("sh", f"{SIGNERS}/signer.sh"), runtime=("jq", "openssl")),
    Implementation("python", PYTHON, role="client"),
    Implementation("go", GO, role="client"),
)


def implementations(
    options: Sequence[str], role: Role = "signer", built_in: Sequence[Implementation] = BUILT_IN
) -> dict[str, Implementation]:
    """Return the programs of a role by name: the built-in ones, then those of the options.

    Raises:
        ValueError: an option is not NAME=COMMAND, or its name is already used; the text is one line.
    """
    ours = {each.name: each for each in built_in if each.role == role}
    given: dict[str, Implementation] = {}
    for option in options:
        where = f"--{role} {option!r}"
        name, equals, text = option.partition("=")
        if not equals or not NAME.fullmatch(name):
            raise ValueError(f"{where}: write NAME=COMMAND, NAME of letters, digits and _ . + -")
        try:
            command = tuple(shlex.split(text))
        except ValueError as error:
            raise ValueError(f"{where}: the command cannot be split: {error}") from None
        if not command:
            raise ValueError(f"{where}: the command is empty")
        if name in ours:
            raise ValueError(f"{where}: the name {name} belongs to a built-in {role}")
        if name in given:
            raise ValueError(f"{where}: the name {name} is given twice")
        given[name] = Implementation(name, command, option=option, role=role)
    return ours | given


def in_ci() -> bool:
    """Return whether the variable CI is set: then no runtime may be missing."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}
