"""Compares the settings that a client loaded, or its refusal, with the expected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..report.results import Judgement
from ..report.text import labelled

if TYPE_CHECKING:
    from ..programs.answers import Answer
    from .cases import SettingsVector

FIELDS = ("base_url", "access_key", "secret_key")
RECOGNISABLE = 8  # characters of a value; a shorter one can be a word of the message


def judge(vector: SettingsVector, answer: Answer) -> Judgement:
    """Decide about one environment. The lines of a failure never contain a value of a setting."""
    if vector.expected is None:
        return _judge_refusal(vector, answer)
    if answer.refused is not None:
        return Judgement("failed", "refused", (labelled("refused", _names(answer.names)),))
    wrong = [name for name in FIELDS if answer.fields.get(name) != getattr(vector.expected, name)]
    if not wrong:
        return Judgement("passed")
    why = f"{', '.join(wrong)} differ{'' if wrong[1:] else 's'} from the expected value"
    return Judgement("failed", f"settings: {', '.join(wrong)}", (labelled("why", why),))


def _judge_refusal(vector: SettingsVector, answer: Answer) -> Judgement:
    expected = labelled("expects", f"a refusal with {_names(vector.names)} ({vector.refuse})")
    if answer.refused is None:
        return Judgement("failed", vector.refuse or "", (labelled("got", "settings were loaded"), expected))
    if answer.names is None:
        why = labelled("why", "a refusal of settings has the field names, a list of the variables' names")
        return Judgement("failed", "no names", (expected, why))
    if set(answer.names) != set(vector.names):
        return Judgement("failed", "names", (labelled("got", _names(answer.names)), expected))
    if any(len(value) >= RECOGNISABLE and value in answer.refused for value in vector.values()):
        why = labelled("why", "the error contains the value of a setting, which may be a secret")
        return Judgement("failed", "value shown", (expected, why))
    return Judgement("passed")


def _names(names: tuple[str, ...] | None) -> str:
    return ", ".join(name if name.isprintable() else ascii(name) for name in names or ()) or "no names"
