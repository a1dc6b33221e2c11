"""The signers under test: ours, the patterns to copy, and whatever `--signer 'NAME=COMMAND'` adds."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")
PATTERNS = "tests/conformance/signers"


@dataclass(frozen=True)
class Implementation:
    """A signer: how it is started, from the repository's root, and how it was given on the command line."""

    name: str
    command: tuple[str, ...]
    runtime: tuple[str, ...] = ()  # programs that need not be there: without them the signer is "not run"
    option: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether the suite brings it: then it may leave nothing out."""
        return not self.option

    def missing(self) -> str | None:
        """Say what keeps this signer from being run, if anything does."""
        lacking = [program for program in self.runtime if shutil.which(program) is None]
        return f"no {' and no '.join(lacking)} on PATH" if lacking else None


OURS = (
    Implementation("python", (sys.executable, "python/signer.py")),
    Implementation("go", ("go", "-C", "go/examples", "run", "./signer")),
    Implementation("node", ("node", f"{PATTERNS}/signer.mjs"), runtime=("node",)),
    Implementation("perl", ("perl", f"{PATTERNS}/signer.pl"), runtime=("perl",)),
    Implementation("shell", ("sh", f"{PATTERNS}/signer.sh"), runtime=("jq", "openssl")),
)


def implementations(options: list[str]) -> dict[str, Implementation]:
    """Return the signers by name: ours, and those of the options.

    Raises:
        ValueError: an option that is not NAME=COMMAND, or a name that is ours or given twice; one line.
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
        if name in {signer.name for signer in OURS}:
            raise ValueError(f"--signer {option!r}: the name {name} is taken by the suite")
        if name in given:
            raise ValueError(f"--signer {option!r}: the name {name} is given twice")
        given[name] = Implementation(name, command, option=option)
    return {signer.name: signer for signer in OURS} | given


def in_ci() -> bool:
    """Say whether this is a run for everybody, where nothing may be missing: the variable CI is set."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}
