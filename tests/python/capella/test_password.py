"""The password of a database user: from the environment or a prompt."""

from __future__ import annotations

import pytest

from capella import password
from capella.errors import SettingsError

pytestmark = pytest.mark.usefixtures("only")


def terminal(monkeypatch: pytest.MonkeyPatch, typed: str | BaseException | None) -> list[str]:
    """Replace the terminal: return the prompts that it gets; None is no terminal."""
    prompts: list[str] = []

    def getpass(prompt: str) -> str:
        prompts.append(prompt)
        if isinstance(typed, BaseException):
            raise typed
        return typed or ""

    monkeypatch.setattr("sys.stdin.isatty", lambda: typed is not None, raising=False)
    monkeypatch.setattr("getpass.getpass", getpass)
    return prompts


def test_environment_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is used unchanged, without a prompt."""
    prompts = terminal(monkeypatch, "typed")
    monkeypatch.setenv("CBC_DATABASE_PASSWORD", "pass word")
    assert password.database_password() == "pass word"
    assert prompts == []


def test_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the password is typed; an empty variable counts as not set."""
    prompts = terminal(monkeypatch, "typed")
    monkeypatch.setenv("CBC_DATABASE_PASSWORD", "")
    assert password.database_password() == "typed"
    assert prompts == ["password of the database user: "]


@pytest.mark.parametrize("typed", [None, "", EOFError()])
def test_no_password(typed: str | BaseException | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal, with nothing typed and with Ctrl-D the error names the variable."""
    prompts = terminal(monkeypatch, typed)
    with pytest.raises(
        SettingsError, match=r"^CBC_DATABASE_PASSWORD not set, and no password typed"
    ) as refused:
        password.database_password()
    assert refused.value.missing == ("CBC_DATABASE_PASSWORD",)
    assert len(prompts) == (typed is not None)
