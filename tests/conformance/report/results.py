"""The outcome of one case: the record behind the tables, the summary of failures and the report files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["passed", "failed", "cannot", "known", "contested", "not run"]
Kind = Literal["signature", "target", "settings", "protocol", "wire", "refusal", "example", "fault", "shape"]


@dataclass(frozen=True)
class Judgement:
    """The decision about one case. A failure has a name, and lines that explain it.

    `needs_order` is set if the failure depends on the questions before: only all of them show it again.
    """

    outcome: Outcome
    name: str = ""
    lines: tuple[str, ...] = ()
    needs_order: bool = False


@dataclass(frozen=True)
class Result:
    """The record of one case that was selected.

    `implementation` is a program, a language or the mock. `groups` are the vector's flags or its code.
    `input`, `expected` and `output` can be written as JSON. `detail` explains every outcome except `passed`.
    Failures with the same `cause` are shown together; `again` is the command that repeats a failure.
    A failure with `needs_order` depends on the questions before.
    """

    kind: Kind
    implementation: str
    id: str
    groups: tuple[str, ...]
    outcome: Outcome
    input: Any = None
    expected: Any = None
    output: Any = None
    detail: str = ""
    seconds: float = 0.0  # duration
    about: str = ""
    cause: str = ""
    again: str = ""
    needs_order: bool = False
