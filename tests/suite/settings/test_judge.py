"""The judge of settings: right settings and refusals pass, others fail without showing a value."""

from __future__ import annotations

import pytest

from tests.conformance.programs.answers import Answer
from tests.conformance.settings.cases import Settings, SettingsVector
from tests.conformance.settings.judge import judge

LOADED = SettingsVector("loaded", "all set", {}, expected=Settings("http://h", "A", "canary"))
REFUSED = SettingsVector("refused", "none set", {}, refuse="settings_missing", names=("CBC_ACCESS_KEY",))
INVALID = SettingsVector(
    "invalid",
    "a space",
    {"CBC_SECRET_KEY": " canary-of-the-environment"},
    "CBC_ACCESS_KEY=' canary-of-the-file'\n",
    refuse="settings_invalid",
    names=("CBC_SECRET_KEY", "CBC_ACCESS_KEY"),
)


def loaded(base_url: str, access_key: str, secret_key: str) -> Answer:
    """Return the answer of a client that loaded settings."""
    return Answer({}, 0.0, {"base_url": base_url, "access_key": access_key, "secret_key": secret_key})


def refused(why: str, *names: str) -> Answer:
    """Return the answer of a client that refused settings."""
    return Answer({}, 0.0, refused=why, names=names)


RIGHT = loaded("http://h", "A", "canary")


def test_right_settings_pass() -> None:
    """The expected settings are loaded, or the expected names are refused, in any order."""
    assert judge(LOADED, RIGHT).outcome == "passed"
    assert judge(REFUSED, refused("missing", "CBC_ACCESS_KEY")).outcome == "passed"
    assert judge(INVALID, refused("a space", "CBC_ACCESS_KEY", "CBC_SECRET_KEY")).outcome == "passed"


@pytest.mark.parametrize(
    ("vector", "answer", "name", "said"),
    [
        (LOADED, loaded("http://h", "A", "canary "), "settings: secret_key", "secret_key differs"),
        (LOADED, loaded("http://i", "B", "canary"), "settings: base_url, access_key", "access_key differ"),
        (LOADED, refused("no", "CBC_ACCESS_KEY"), "refused", "CBC_ACCESS_KEY"),
        (LOADED, refused("no", "\x1b[2J"), "refused", r"'\x1b[2J'"),
        (REFUSED, RIGHT, "settings_missing", "settings were loaded"),
        (REFUSED, refused("no"), "names", "no names"),
        (REFUSED, refused("no", "CBC_ACCESS_KEY", "B"), "names", "CBC_ACCESS_KEY, B"),
        (REFUSED, Answer({}, 0.0, refused="no"), "no names", "the field names"),
        (INVALID, refused("' canary-of-the-environment'", *INVALID.names), "value shown", "a secret"),
        (INVALID, refused("= canary-of-the-file", *INVALID.names), "value shown", "a secret"),
    ],
)
def test_wrong_settings_fail(vector: SettingsVector, answer: Answer, name: str, said: str) -> None:
    """The failure names what differs, but shows no value."""
    judgement = judge(vector, answer)
    assert (judgement.outcome, judgement.name) == ("failed", name)
    assert any(said in line for line in judgement.lines), judgement.lines
    assert not any("canary" in line for line in judgement.lines)
