"""The judge of settings: right settings and refusals pass, others fail without showing a value."""

from __future__ import annotations

import pytest

from tests.conformance.settings.cases import Settings, SettingsVector
from tests.conformance.settings.judge import SettingsRefusal, judge

LOADED = SettingsVector("loaded", "all set", {}, expected=Settings("http://h", "A", "canary"))
REFUSED = SettingsVector("refused", "none set", {}, refuse="settings_missing", names=("CBC_ACCESS_KEY",))
MISSING = SettingsRefusal("settings_missing", ("CBC_ACCESS_KEY",))


def test_right_settings_pass() -> None:
    """The expected settings are loaded, or the expected names are refused."""
    assert judge(LOADED, Settings("http://h", "A", "canary")).outcome == "passed"
    assert judge(REFUSED, MISSING).outcome == "passed"


@pytest.mark.parametrize(
    ("vector", "loaded", "name", "said"),
    [
        (LOADED, Settings("http://h", "A", "canary "), "settings", "secret_key differ"),
        (LOADED, Settings("http://i", "B", "canary"), "settings", "base_url, access_key differ"),
        (LOADED, MISSING, "refused", "settings_missing: CBC_ACCESS_KEY"),
        (REFUSED, Settings("http://h", "A", "canary"), "settings_missing", "settings were loaded"),
        (REFUSED, SettingsRefusal("settings_invalid", MISSING.names), "settings_missing", "settings_invalid"),
        (REFUSED, SettingsRefusal("settings_missing", ("A", "B")), "settings_missing", "A, B"),
    ],
)
def test_wrong_settings_fail(
    vector: SettingsVector, loaded: Settings | SettingsRefusal, name: str, said: str
) -> None:
    """The failure names what differs, but shows no value."""
    judgement = judge(vector, loaded)
    assert (judgement.outcome, judgement.name) == ("failed", name)
    assert any(said in line for line in judgement.lines), judgement.lines
    assert not any("canary" in line for line in judgement.lines)
