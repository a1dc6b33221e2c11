"""Runs every mutant and prints the vectors that kill it; a survivor is a failure."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from tests.conformance.report.tables import Table
from tests.conformance.vectors.suite import load_suite
from tests.mutants.catalogue import SIGNERS, VERIFIERS
from tests.mutants.matrix import Kills, wrong_answers, wrong_answers_of_program, wrong_codes
from tests.mutants.signer_states import STATES
from tests.mutants.signers import Signer
from tests.mutants.states import failures
from tests.mutants.verifiers import Verifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.conformance.report.results import Result
    from tests.mutants import signers, verifiers
    from tests.mutants.signer_states import StateMutant

SEED = 1  # of the order in which the signers with a state are asked
ALONE = "◆"  # a needed vector: only this one kills a mutant


def main(
    signers: Mapping[str, signers.Mutant] = SIGNERS,
    verifiers: Mapping[str, verifiers.Mutant] = VERIFIERS,
    states: Mapping[str, StateMutant] = STATES,
) -> int:
    """Print the kill matrix, and return 0 if all mutants are killed and the right ones pass, else 1."""
    suite = load_suite()
    flags = {vector.id: vector.flags for vector in suite.signatures}
    codes = {vector.id: (vector.expected.code,) for vector in suite.refusals.vectors}
    of_signers = Kills({name: frozenset(wrong_answers(suite, each.signer)) for name, each in signers.items()})
    of_verifiers = Kills(
        {name: frozenset(wrong_codes(suite, each.verifier)) for name, each in verifiers.items()}
    )
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        programs = pool.map(partial(wrong_answers_of_program, suite), signers)
        others = [
            name
            for (name, killers), by_protocol in zip(of_signers.by_mutant.items(), programs, strict=True)
            if killers != by_protocol
        ]
    of_states = {name: failures(each.start, suite.signatures, SEED) for name, each in states.items()}
    misnamed = [
        f"{name} is not named {states[name].cause!r}"
        for name, failed in of_states.items()
        if failed and not re.fullmatch(states[name].cause, _cause(failed))
    ]
    problems = [
        *(f"{vector} kills a right signer" for vector in wrong_answers(suite, Signer())),
        *(f"{vector} kills a right verifier" for vector in wrong_codes(suite, Verifier)),
        *(f"{name} survives" for kills in (of_signers, of_verifiers) for name in kills.survivors()),
        *(f"{name} is killed by other vectors when it runs as a program" for name in others),
        *(f"{name} survives" for name, failed in of_states.items() if not failed),
        *misnamed,
    ]
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    console.print(*_matrix("Signers", "flags of the vectors that kill it", of_signers, flags))
    console.print(*_matrix("Verifiers", "codes of the vectors that kill it", of_verifiers, codes))
    console.print(*_states(of_states))
    pruned = {**of_signers.alone(), **of_verifiers.alone()}
    console.print(
        f"{ALONE} Needed vectors, because no other vector kills these mutants: {len(pruned)}", style="bold"
    )
    for vector, mutants in sorted(pruned.items()):
        console.print(f"  {vector}: {', '.join(mutants)}")
    survivors = len(of_signers.survivors()) + len(of_verifiers.survivors())
    survivors += sum(not failed for failed in of_states.values())
    console.print(
        f"{len(signers)} signers, {len(signers) - len(others)} the same as programs by the signer protocol;"
        f" {len(states)} signers with a state; {len(verifiers)} verifiers; {survivors} survivors",
        style="bold",
    )
    for problem in problems:
        console.print(f"FAIL  {problem}", style="red")
    return 1 if problems else 0


def _states(failed: Mapping[str, Sequence[Result]]) -> tuple[str, object]:
    """Return a table: for each signer with a state how many vectors find it, and the name they give it."""
    rows = []
    for name, results in failed.items():
        rows.append((name, str(len(results)), _cause(results) or "SURVIVES: failed"))
    head = ("mutant", "killed by", "name of the cause")
    return f"Signers with a state, seed {SEED}: {len(rows)}", Table("", head, tuple(rows)).rich("left")


def _cause(results: Sequence[Result]) -> str:
    """Return the most frequent cause, or an empty text."""
    causes = Counter(result.cause for result in results).most_common(1)
    return causes[0][0] if causes else ""


def _matrix(title: str, head: str, kills: Kills, groups: Mapping[str, Sequence[str]]) -> tuple[str, object]:
    """Return a table: for each mutant the number of vectors that kill it, their kinds, and one of them."""
    rows = []
    for name, killers in kills.by_mutant.items():
        kinds = Counter(group for vector in killers for group in groups[vector])
        example = f"{ALONE if len(killers) == 1 else ' '} {min(killers)}" if killers else "SURVIVES: failed"
        counts = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common(2))
        rows.append((name, str(len(killers)), counts, example))
    return f"{title}: {len(rows)}", Table(title, ("mutant", "killed by", head, "such as"), tuple(rows)).rich(
        "left"
    )


if __name__ == "__main__":
    sys.exit(main())
