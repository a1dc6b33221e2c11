"""Runs every mutant and prints the vectors that kill it; a survivor is a failure."""

from __future__ import annotations

import os
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
from tests.mutants.signers import Signer
from tests.mutants.verifiers import Verifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.mutants import signers, verifiers

ALONE = "◆"  # a needed vector: only this one kills a mutant


def main(
    signers: Mapping[str, signers.Mutant] = SIGNERS, verifiers: Mapping[str, verifiers.Mutant] = VERIFIERS
) -> int:
    """Print the kill matrix, and return 0 if all mutants are killed and the right ones pass, else 1."""
    suite = load_suite()
    flags = {vector.id: vector.flags for vector in suite.signatures}
    codes = {vector.id: (vector.expected.code,) for vector in suite.refusals.vectors}
    of_signers = Kills({name: wrong_answers(suite, each.signer) for name, each in signers.items()})
    of_verifiers = Kills({name: wrong_codes(suite, each.verifier) for name, each in verifiers.items()})
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        programs = pool.map(partial(wrong_answers_of_program, suite), signers)
        others = [
            name
            for (name, killers), by_protocol in zip(of_signers.by_mutant.items(), programs, strict=True)
            if killers != by_protocol
        ]
    problems = [
        *(f"{vector} kills a right signer" for vector in wrong_answers(suite, Signer())),
        *(f"{vector} kills a right verifier" for vector in wrong_codes(suite, Verifier)),
        *(f"{name} survives" for kills in (of_signers, of_verifiers) for name in kills.survivors()),
        *(f"{name} is killed by other vectors when it runs as a program" for name in others),
    ]
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    console.print(*_matrix("Signers", "flags of the vectors that kill it", of_signers, flags))
    console.print(*_matrix("Verifiers", "codes of the vectors that kill it", of_verifiers, codes))
    pruned = {**of_signers.alone(), **of_verifiers.alone()}
    console.print(
        f"{ALONE} Needed vectors, because no other vector kills these mutants: {len(pruned)}", style="bold"
    )
    for vector, mutants in sorted(pruned.items()):
        console.print(f"  {vector}: {', '.join(mutants)}")
    survivors = len(of_signers.survivors()) + len(of_verifiers.survivors())
    console.print(
        f"{len(signers)} signers, {len(signers) - len(others)} the same as programs by the signer protocol;"
        f" {len(verifiers)} verifiers; {survivors} survivors",
        style="bold",
    )
    for problem in problems:
        console.print(f"FAIL  {problem}", style="red")
    return 1 if problems else 0


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
