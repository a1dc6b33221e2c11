"""The cases of `settings.yaml`: an environment, a `.env` file and the settings; fields as in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Settings:
    """The three settings of a client."""

    base_url: str
    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SettingsVector:
    """One environment and `.env` text. It has either `expected`, or `refuse` and the `names` to report."""

    id: str
    about: str
    environment: Mapping[str, str] = field(repr=False)
    dotenv: str | None = field(default=None, repr=False)
    expected: Settings | None = None
    refuse: str | None = None
    names: tuple[str, ...] = ()

    @classmethod
    def from_entry(cls, entry: dict[str, Any]) -> SettingsVector:
        """Return the vector of one entry of the file."""
        expected = Settings(**entry["expected"]) if "expected" in entry else None
        return cls(**{**entry, "expected": expected, "names": tuple(entry.get("names", ()))})

    def question(self) -> dict[str, object]:
        """Return the fields that a client receives, without the id; without `dotenv`, there is no file."""
        dotenv = {} if self.dotenv is None else {"dotenv": self.dotenv}
        return {"ask": "settings", "environment": dict(self.environment), **dotenv}

    def values(self) -> set[str]:
        """Return the values that the variables in `names` have."""
        found = {self.environment[name] for name in self.names if self.environment.get(name)}
        lines = (line.partition("=") for line in (self.dotenv or "").splitlines())
        return found | {value[1:-1] for name, _, value in lines if name in self.names}
