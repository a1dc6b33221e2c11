"""Compares the settings that a client loaded, or its refusal, with the expected ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.conformance.report.results import Judgement
from tests.conformance.report.text import labelled

if TYPE_CHECKING:
    from tests.conformance.settings.cases import Settings, SettingsVector


@dataclass(frozen=True, slots=True)
class SettingsRefusal:
    """A client's error: `settings_missing` or `settings_invalid`, and the names of the settings."""

    code: str
    names: tuple[str, ...]


def judge(vector: SettingsVector, loaded: Settings | SettingsRefusal) -> Judgement:
    """Decide about one environment. The lines of a failure never contain a value of a setting."""
    if vector.expected is not None:
        if loaded == vector.expected:
            return Judgement("passed")
        if isinstance(loaded, SettingsRefusal):
            return Judgement("failed", "refused", (labelled("refused", _names(loaded)),))
        fields = ("base_url", "access_key", "secret_key")
        wrong = [name for name in fields if getattr(loaded, name) != getattr(vector.expected, name)]
        return Judgement("failed", "settings", (labelled("why", f"{', '.join(wrong)} differ"),))
    expected = SettingsRefusal(vector.refuse or "", vector.names)
    if loaded == expected:
        return Judgement("passed")
    got = _names(loaded) if isinstance(loaded, SettingsRefusal) else "settings were loaded"
    return Judgement("failed", expected.code, (labelled("got", got), labelled("expects", _names(expected))))


def _names(refusal: SettingsRefusal) -> str:
    return f"{refusal.code}: {', '.join(refusal.names)}"
