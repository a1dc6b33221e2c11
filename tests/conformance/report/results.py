"""The outcome of one case: the record behind the tables, the report files and pytest's own result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pytest

Outcome = Literal["passed", "failed", "cannot", "known", "contested", "not run"]


@dataclass(frozen=True)
class Judgement:
    """The decision about one case. A failure has a name, and lines that explain it."""

    outcome: Outcome
    name: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """The record of one case that was selected.

    `implementation` is a signer, a language or the mock. `groups` are the vector's flags or its code.
    `input`, `expected` and `output` can be written as JSON. `detail` explains every outcome except `passed`.
    """

    kind: Literal["signature", "protocol", "refusal", "example", "fault", "shape"]
    implementation: str
    id: str
    groups: tuple[str, ...]
    outcome: Outcome
    input: Any = None
    expected: Any = None
    output: Any = None
    detail: str = ""
    seconds: float = 0.0  # duration

    def raise_unless_passed(self) -> None:
        """Pass the outcome on to pytest: only `passed` passes.

        A skip never hides a failure. A missing runtime is `failed` in CI. A known failure that passes is
        `failed`. A signer that signs nothing fails its protocol test. A contested vector is excused only for
        a code other than its own.
        """
        match self.outcome:
            case "passed":
                return
            case "failed":
                pytest.fail(self.detail, pytrace=False)
            case "known":
                pytest.xfail(self.detail)
            case "contested":
                pytest.skip(f"contested, not counted: {self.detail}")
            case _:
                pytest.skip(f"{self.outcome}: {self.detail}")
