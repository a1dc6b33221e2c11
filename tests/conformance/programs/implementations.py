"""The signers under test: the built-in ones, and those that `--signer 'NAME=COMMAND'` adds."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
SIGNERS = "tests/conformance/signers"


@dataclass(frozen=True)
class Implementation:
    """A signer: its command, run from the root of the repository, and its option on the command line."""

    name: str
    command: tuple[str, ...]
    runtime: tuple[str, ...] = ()  # programs that may be missing: then the signer is "not run"
    option: str = ""

    @property
    def is_built_in(self) -> bool:
        """Whether the signer belongs to the suite; then it must support every vector."""
        return not self.option

    def missing(self) -> str | None:
        """Return which programs of the runtime are missing, or None."""
        lacking = [program for program in self.runtime if shutil.which(program) is None]
        return f"no {' and no '.join(lacking)} on PATH" if lacking else None


BUILT_IN = (
    Implementation("python", (sys.executable, "python/signer.py")),
    Implementation("go", ("go", "-C", "go/examples", "run", "./signer")),
    Implementation("node", ("node", f"{SIGNERS}/signer.mjs"), runtime=("node",)),
    Implementation("perl", ("perl", f"{SIGNERS}/signer.pl"), runtime=("perl",)),
    Implementation("shell", ("sh", f"{SIGNERS}/signer.sh"), runtime=("jq", "openssl")),
)


def implementations(options: list[str]) -> dict[str, Implementation]:
    """Return the signers by name: the built-in ones, then those of the options.

    Raises:
        ValueError: an option is not NAME=COMMAND, or its name is already used; the text is one line.
    """
    given: dict[str, Implementation] = {}
    for option in options:
        name, equals, text = option.partition("=")
        if not equals or not NAME.fullmatch(name):
            raise ValueError(f"--signer {option!r}: write NAME=COMMAND, NAME of letters, digits and _ . + -")
        try:
            command = tuple(shlex.split(text))
        except ValueError as error:
            raise ValueError(f"--signer {option!r}: the command cannot be split: {error}") from None
        if not command:
            raise ValueError(f"--signer {option!r}: the command is empty")
        if name in {signer.name for signer in BUILT_IN}:
            raise ValueError(f"--signer {option!r}: the name {name} belongs to a built-in signer")
        if name in given:
            raise ValueError(f"--signer {option!r}: the name {name} is given twice")
        given[name] = Implementation(name, command, option=option)
    return {signer.name: signer for signer in BUILT_IN} | given


def in_ci() -> bool:
    """Return whether the variable CI is set: then no runtime may be missing."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}
