"""The cases of `targets.yaml`: unencoded parts and the encoded target; fields as in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TargetVector:
    """One call with unencoded parts. It has either `expected`, the request target as sent, or `refuse`."""

    id: str
    about: str
    base_url: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    expected: str | None = None
    refuse: str | None = None

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> TargetVector:
        """Return the vector of one entry of the file."""
        query = tuple((key, value) for key, value in entry["query"])
        return cls(**{**entry, "path": tuple(entry["path"]), "query": query})

    def question(self) -> dict[str, object]:
        """Return the fields that a client receives, without the id."""
        query = [list(pair) for pair in self.query]
        return {"ask": "target", "base_url": self.base_url, "path": list(self.path), "query": query}
