"""The cases of `signatures.yaml`: the input of a signer and the expected signature; fields as in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FIELDS = ("method", "endpoint", "timestamp", "access_key", "secret")


@dataclass(frozen=True, slots=True)
class Flag:
    """A kind of bug: its description, and its effect for users."""

    bug: str
    effect: str


@dataclass(frozen=True, slots=True)
class SignatureVector:
    """One input of a signer. It has either `message` and `expected`, or `refuse`.

    `changed` is not in the file: it names the field in which a case of the second pass differs.
    """

    id: str
    about: str
    flags: tuple[str, ...]
    method: str
    endpoint: str
    timestamp: str
    secret: str
    access_key: str = "A"
    message: str | None = None
    expected: str | None = None
    refuse: str | None = None
    changed: str = ""

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> SignatureVector:
        """Return the vector of one entry of the file."""
        return cls(**{**entry, "flags": tuple(entry["flags"])})

    @property
    def is_contested(self) -> bool:
        """Whether an input has half of a surrogate pair, which JSON readers treat differently."""
        return any(
            "\ud800" <= character <= "\udfff" for text in self.question().values() for character in text
        )

    def question(self) -> dict[str, str]:
        """Return the fields that a signer receives, without the id."""
        return {name: getattr(self, name) for name in FIELDS}
