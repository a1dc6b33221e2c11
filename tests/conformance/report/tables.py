"""The tables at the end of a run, as plain text cells: the terminal and report.md show the same ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.table import Table as RichTable
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .results import Result


CLIENT_KINDS = {"target", "wire", "settings"}
CLIENT_ROWS = {
    "target": "targets",
    "wire": "targets on the wire",
    "settings": "settings",
    "protocol": "protocol",
}


@dataclass(frozen=True)
class Table:
    """A title, a head, and rows of cells; the first column names the row."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rich(self, justify: Literal["left", "right"] = "right") -> RichTable:
        """Return the table for a terminal; `justify` applies to all columns except the first."""
        table = RichTable(box=box.SIMPLE_HEAD)
        for number, name in enumerate(self.head):
            table.add_column(Text(name), justify=justify if number else "left", overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(cell, style="red" if "failed" in cell else "") for cell in row))
        return table

    def markdown(self) -> str:
        """Return the table as a Markdown section."""
        lines = [self.head, ("---", *("---:" for _ in self.head[1:])), *self.rows]
        return f"### {self.title}\n\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def tables(results: Sequence[Result]) -> list[Table]:
    """Return every table that is not empty."""
    made = (
        _signers([each for each in results if each.kind == "signature" or _protocol(each, "signer")]),
        _contested([each for each in results if each.kind == "signature" and each.outcome == "contested"]),
        _clients([each for each in results if each.kind in CLIENT_KINDS or _protocol(each, "client")]),
        _server([each for each in results if each.kind == "refusal"]),
        _by_language(
            "Examples by language: passed of total",
            "run",
            [each for each in results if each.kind == "example"],
        ),
        _faults([each for each in results if each.kind == "fault"]),
        _by_language(
            "Shapes by language: passed of total", "shape", [each for each in results if each.kind == "shape"]
        ),
    )
    return [table for table in made if table.rows]


def _signers(results: Sequence[Result]) -> Table:
    """Return the table of signers by flag: passed of total, then the counts of the other outcomes."""
    signatures = [each for each in results if each.kind == "signature" and each.outcome != "contested"]
    names = _in_order(each.implementation for each in results)
    flags = _in_order(flag for each in signatures for flag in each.groups)

    def row(title: str, cell: Callable[[list[Result]], str], among: Sequence[Result]) -> tuple[str, ...]:
        return title, *(cell([each for each in among if each.implementation == name]) for name in names)

    def count(title: str, wanted: Callable[[Result], bool]) -> tuple[str, ...]:
        return row(title, lambda results: str(sum(map(wanted, results))), signatures)

    rows = (
        *(row(flag, tally, [each for each in signatures if flag in each.groups]) for flag in flags),
        row("all vectors", tally, signatures),
        row("protocol", tally, [each for each in results if each.kind == "protocol"]),
        count("refused correctly", lambda each: each.outcome == "passed" and "refused" in each.expected),
        count("cannot", lambda each: each.outcome == "cannot"),
        count("known to fail", lambda each: each.outcome == "known"),
        count("not run", lambda each: each.outcome == "not run"),
    )
    return Table("Signers by flag: passed of total", ("flag", *names), rows if signatures else ())


def _contested(results: Sequence[Result]) -> Table:
    """Return the table of what signers do with inputs about which JSON readers differ."""
    names = _in_order(each.implementation for each in results)
    reactions = {(each.id, each.implementation): each.detail for each in results}
    rows = (
        (id_, *(reactions.get((id_, name), "") for name in names))
        for id_ in _in_order(each.id for each in results)
    )
    return Table("Half of a surrogate pair, not counted", ("case", *names), tuple(rows))


def _protocol(result: Result, role: str) -> bool:
    return result.kind == "protocol" and result.groups == (role,)


def _clients(results: Sequence[Result]) -> Table:
    """Return the table of clients by file of the vectors."""
    names = _in_order(each.implementation for each in results)
    rows = []
    for kind, title in CLIENT_ROWS.items():
        among = [each for each in results if each.kind == kind]
        rows.append(
            (title, *(tally(each for each in among if each.implementation == name) for name in names))
        )
    return Table("Clients: passed of total", ("vectors", *names), tuple(rows) if results else ())


def _server(results: Sequence[Result]) -> Table:
    """Return the table of refusals by code."""
    counted = [each for each in results if each.outcome != "contested"]
    codes = _in_order(each.groups[0] for each in counted)
    rows = [(code, tally(each for each in counted if each.groups[0] == code)) for code in codes]
    if counted:
        rows.append(("all", tally(counted)))
        rows.append(("contested, not counted", str(len(results) - len(counted))))
    return Table("The mock by code: passed of total", ("code", "mock"), tuple(rows))


def _by_language(title: str, head: str, results: Sequence[Result]) -> Table:
    """Return a table of results by group and language."""
    names = _in_order(each.implementation for each in results)
    groups = _in_order(each.groups[0] for each in results)
    rows = []
    for group in groups:
        among = [each for each in results if each.groups[0] == group]
        rows.append(
            (group, *(tally(each for each in among if each.implementation == name) for name in names))
        )
    return Table(title, (head, *names), tuple(rows))


def _faults(results: Sequence[Result]) -> Table:
    """Return the table of faults by language: the reactions of the clients."""
    names = _in_order(each.implementation for each in results)
    cells = {(each.groups[0], each.implementation): each for each in results}
    faults = _in_order(each.groups[0] for each in results)
    rows = [(fault, *(_outcome(cells.get((fault, name))) for name in names)) for fault in faults]
    return Table("Faults by language: the reaction of the client", ("fault", *names), tuple(rows))


def _outcome(result: Result | None) -> str:
    if result is None:
        return "-"
    return str(result.output) if result.outcome == "passed" else result.outcome


def tally(results: Iterable[Result]) -> str:
    """Return how many passed, and the outcomes of the others: `10/12 (1 known, 1 cannot)`."""
    counts = Counter(result.outcome for result in results)
    total, passed = counts.total(), counts.pop("passed", 0)
    others = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    return f"{passed}/{total}" + (f" ({others})" if others else "") if total else "-"


def _in_order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
