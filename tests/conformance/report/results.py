"""What came of one vector or one example: the record behind the tables, the reports and pytest's verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pytest

Outcome = Literal["passed", "failed", "cannot", "known", "contested", "not run"]


@dataclass(frozen=True)
class Result:
    """The record of one thing that was selected.

    `implementation` is a signer, a language or the mock; `groups` are flags or a code; `input`, `expected`
    and `output` are JSON-able; `detail` is shown where it did not pass; `seconds` is how long it took.
    """

    kind: Literal["signature", "protocol", "refusal", "example", "fault"]
    implementation: str
    id: str
    groups: tuple[str, ...]
    outcome: Outcome
    input: Any = None
    expected: Any = None
    output: Any = None
    detail: str = ""
    seconds: float = 0.0

    def settle(self) -> None:
        """Tell pytest. Nothing but `passed` passes.

        What is skipped here cannot hide a failure: a runtime that is missing is `failed` in CI, a known
        failure that passes is `failed`, a signer that signs nothing fails as a whole, and a contested vector
        is excused for nothing but another code than the one it names.
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
