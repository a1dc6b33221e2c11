"""The options of the suite, for pytest and for a command line of its own."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .program_runs import ProgramRun, ProgramRuns, known_of
from .programs.conversation import LIMITS, Limits
from .programs.implementations import BUILT_IN, Implementation, implementations
from .report.rerun import NOX, Rerun
from .selection import Selection, selection
from .signatures.known_failures import known_failures

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .program_runs import Vector
    from .vectors.suite import Suite
    from .vectors.suite import Vector as AnyVector

MAX_SEED: Final = 1_000_000
MAX_SILENCE: Final = 86_400  # seconds

# The arguments of `add_argument` and of `addoption`, which are the same.
OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "--signer": {
        "action": "append",
        "default": [],
        "metavar": "NAME=COMMAND",
        "help": "also test this signer (repeatable); COMMAND is split as a shell would, and runs without one",
    },
    "--client": {
        "action": "append",
        "default": [],
        "metavar": "NAME=COMMAND",
        "help": "also test this client, on targets and settings (repeatable); COMMAND as for --signer",
    },
    "--known-failing": {
        "type": Path,
        "metavar": "FILE",
        "help": "vectors that must fail, as they are known to: each line has a program, an id and a reason",
    },
    "--flag": {"action": "append", "default": [], "help": "only run the vectors with this flag (repeatable)"},
    "--code": {
        "action": "append",
        "default": [],
        "help": "only run the vectors with this code or mistake (repeatable)",
    },
    "--seed": {
        "metavar": "N",
        "help": "ask the questions in the order of this number, which a run prints",
    },
    "--silence": {
        "metavar": "SECONDS",
        "help": f"how long a program may be silent ({LIMITS.between:g} s between two answers, "
        f"{LIMITS.first:g} s before the first)",
    },
    "--report": {"type": Path, "metavar": "DIR", "help": "write report.json and report.md to DIR"},
}
LIST_HELP: Final = "print the ids of the selected vectors and what they are about, and run nothing"
KEYWORD_HELP: Final = (
    "only run the cases with this id: an exact id, NAME, NAME/ID, or a glob; several with spaces"
)


@dataclass(frozen=True)
class Options:
    """The values of the options, and the folder in which commands run."""

    folder: Path
    signer: Sequence[str] = ()
    client: Sequence[str] = ()
    known_failing: Path | None = None
    flag: Sequence[str] = ()
    code: Sequence[str] = ()
    keyword: str = ""
    seed: str | None = None  # a whole number
    silence: str | None = None  # seconds
    built_in: Sequence[Implementation] = BUILT_IN
    command: str = NOX  # how a user starts the suite


@dataclass(frozen=True)
class Plan:
    """What the options select: programs, and the cases of each.

    Attributes:
        programs: all of them, selected or not.
        runs: the programs that have selected cases.
    """

    selection: Selection
    programs: Sequence[Implementation]
    seed: int
    runs: ProgramRuns = field(default_factory=ProgramRuns)

    def names(self, suite: Suite) -> set[tuple[str, str]]:
        """Return all implementations and ids that `-k` can select, whatever other options select."""
        of: dict[str, Sequence[AnyVector]] = {
            "signer": suite.signatures,
            "client": [*suite.targets, *suite.settings],
        }
        found = {(program.name, vector.id) for program in self.programs for vector in of[program.role]}
        return found | {("mock", vector.id) for vector in suite.refusals.vectors}


def plan(suite: Suite, options: Options) -> Plan:
    """Return what the options select.

    Raises:
        ValueError: an option is invalid; the text is one line.
    """
    signers = implementations(options.signer, "signer", options.built_in)
    clients = implementations(options.client, "client", options.built_in)
    for_clients: list[Vector] = [*suite.targets, *suite.settings]
    known = {}
    if options.known_failing:
        ids = {vector.id for vector in (*suite.signatures, *for_clients)}
        known = known_failures(options.known_failing, [*signers, *clients], ids)
    chosen = selection(suite, options.flag, options.code, options.keyword)
    seed = seed_of(options.seed)
    made = Plan(chosen, [*signers.values(), *clients.values()], seed)
    kept = [f"--known-failing={options.known_failing}"] if options.known_failing else []
    kept += [f"--silence={options.silence}"] if options.silence is not None else []
    rerun = Rerun(options.command, seed, tuple(kept))
    for program in made.programs:
        vectors: Iterable[Vector] = suite.signatures if program.role == "signer" else for_clients
        selected = [vector for vector in vectors if chosen.selects(program.name, vector)]
        if selected:
            made.runs.add(
                ProgramRun(
                    program,
                    selected,
                    options.folder,
                    seed,
                    limits(options.silence),
                    known_of(known, program.name),
                    rerun,
                    chosen.options,
                )
            )
    return made


def seed_of(text: str | None) -> int:
    """Return the seed of the option, or a random one.

    Raises:
        ValueError: it is not a whole number.
    """
    if text is None:
        return random.randrange(MAX_SEED)  # noqa: S311  # an order
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise ValueError(f"--seed {text!r}: write a whole number, as a run prints it")
    return int(text)


def limits(silence: str | None) -> Limits:
    """Return the limits with the silence of the option.

    Raises:
        ValueError: it is not a positive number of seconds.
    """
    if silence is None:
        return LIMITS
    try:
        seconds = float(silence)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= MAX_SILENCE:
        raise ValueError(f"--silence {silence!r}: write seconds, a number above 0 and at most {MAX_SILENCE}")
    return Limits(first=seconds, between=seconds)


def listing(suite: Suite, made: Plan) -> str:
    """Return one line for each selected vector: its file, its id, and what it is about."""
    files: dict[str, tuple[Sequence[AnyVector], str]] = {
        "signatures": (suite.signatures, "signer"),
        "refusals": (suite.refusals.vectors, "mock"),
        "targets": (suite.targets, "client"),
        "settings": (suite.settings, "client"),
    }
    rows = []
    for name, (vectors, role) in files.items():
        owners = [each.name for each in made.programs if each.role == role] or [role]
        rows += [
            (name, vector.id, vector.about)
            for vector in vectors
            if any(made.selection.selects(owner, vector) for owner in owners)
        ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return "".join(f"{name:<{widths[0]}}  {id_:<{widths[1]}}  {about}\n" for name, id_, about in rows)
