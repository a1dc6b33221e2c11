"""The cases of `refusals.yaml`: requests that a server must refuse or accept; fields as in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.conformance.raw_http import RawRequest

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Expectation:
    """The code a server must give a request, and its mistake; `ok` and `unsigned` have no mistake."""

    code: str
    mistake: str | None = None


@dataclass(frozen=True, slots=True)
class RefusalVector:
    """One request for a server: a mutation of the signature vector named in `mutates`."""

    id: str
    about: str
    mutates: str
    authority: str
    request: RawRequest
    expected: Expectation

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> RefusalVector:
        """Return the vector of one entry of the file."""
        headers = tuple((name, value) for name, value in entry["request"]["headers"])
        request = RawRequest(**{**entry["request"], "headers": headers})
        return cls(**{**entry, "request": request, "expected": Expectation(**entry["expected"])})


@dataclass(frozen=True, slots=True)
class RefusalFile:
    """All requests, and the server's state: its clock and window in milliseconds, and its keys."""

    clock: str
    window: str
    keys: Mapping[str, str] = field(repr=False)  # access key -> secret
    vectors: tuple[RefusalVector, ...]
