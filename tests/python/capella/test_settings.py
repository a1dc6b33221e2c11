"""Settings in Python: the vectors through a real `.env` file, and the password that is never an argument."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from capella import settings
from capella.errors import SettingsError
from capella.settings import Settings
from tests.conformance.vectors.suite import SettingsVector, load_suite

if TYPE_CHECKING:
    from pathlib import Path

VECTORS = load_suite().settings


def ids(vector: SettingsVector) -> str:
    """Name a test by its vector."""
    return vector.id


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty environment, and an empty working directory that is returned."""
    for name in os.environ:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found() -> dict[str, str]:
    """The environment, without what pytest puts there."""
    return {name: value for name, value in settings.environment().items() if name != "PYTEST_CURRENT_TEST"}


@pytest.mark.parametrize("vector", VECTORS, ids=ids)
def test_vector(vector: SettingsVector, only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment and file give these settings, or an error with these names and no value."""
    for name, value in vector.environment.items():
        monkeypatch.setenv(name, value)
    if vector.dotenv is not None:
        (only / ".env").write_bytes(vector.dotenv.encode())
    if vector.expected:
        expected = Settings(vector.expected.base_url, vector.expected.access_key, vector.expected.secret_key)
        assert settings.load(settings.environment()) == expected
        return
    with pytest.raises(SettingsError) as refused:
        settings.load(settings.environment())
    error = refused.value
    assert (error.missing or error.invalid) == vector.names
    assert vector.refuse == ("settings_missing" if error.missing else "settings_invalid")
    assert str(error).isprintable()
    assert set(vector.names) <= set(str(error).replace(";", " ").split())
    assert not {"hidden", "anna", "your"} & set(re.findall(r"\w+", str(error)))


def test_everything_wrong_is_said_at_once() -> None:
    """A missing key and a refused base URL are one message."""
    with pytest.raises(SettingsError) as refused:
        settings.load({"CBC_API_URL": "http://example.com", "cbc_secret_key": " s"})
    assert refused.value.missing == ("CBC_ACCESS_KEY",)
    assert refused.value.invalid == ("CBC_API_URL", "cbc_secret_key")
    for name in ("CBC_API_URL", "CBC_ACCESS_KEY", "cbc_secret_key"):
        assert name in str(refused.value)


def test_without_keys() -> None:
    """What needs no keys asks for none, and takes none along."""
    assert settings.load({"ACCESS_KEY": "a", "SECRET_KEY": "b"}, keys=False) == Settings(settings.SERVICE)


@pytest.mark.parametrize("value", ["a\udcff", "caf\u00e9", "a\x01b", "a\x7f"])
def test_access_key_no_header_carries(value: str) -> None:
    """An access key is visible ASCII."""
    with pytest.raises(SettingsError, match="CBC_ACCESS_KEY"):
        settings.load({"CBC_ACCESS_KEY": value, "CBC_SECRET_KEY": "s"})


def test_secret_key_that_is_not_utf8(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes of the environment that are not UTF-8 are refused: they cannot be signed as they are."""
    assert not list(only.iterdir())
    monkeypatch.setitem(os.environb, b"CBC_SECRET_KEY", b"a\xff")
    monkeypatch.setenv("CBC_ACCESS_KEY", "a")
    with pytest.raises(SettingsError, match="CBC_SECRET_KEY is not UTF-8"):
        settings.load(settings.environment())


def test_scheme_in_capitals() -> None:
    """Capitals are no way around the rule for plain http."""
    with pytest.raises(SettingsError, match="CBC_API_URL is plain http"):
        settings.load({"CBC_API_URL": "HTTP://example.com", "CBC_ACCESS_KEY": "a", "CBC_SECRET_KEY": "s"})


@pytest.mark.parametrize("value", ["canary\n", " canary", "'canary'", "canary\udcff"])
def test_refused_secret_is_not_quoted(value: str) -> None:
    """What is wrong with a secret is said without it."""
    with pytest.raises(SettingsError) as refused:
        settings.load({"CBC_ACCESS_KEY": "a", "CBC_SECRET_KEY": value})
    assert "canary" not in f"{refused.value!r} {refused.value}"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("::1", True),
        ("localhost.", False),
        ("127.0.0.1.nip.io", False),
        ("0.0.0.0", False),  # noqa: S104  # not bound
        ("10.0.0.1", False),
        ("[::2]", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:  # noqa: FBT001  # a column of the table
    """This machine by its name or its own addresses, and nothing that looks like them."""
    assert settings.is_loopback(host) is loopback


def test_secret_is_not_shown() -> None:
    """Neither `repr` nor `str` of the settings holds the secret key."""
    assert "canary" not in f"{Settings('http://127.0.0.1', 'a', 'canary')!r} {Settings('', '', 'canary')}"


def test_dotenv_above(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.env` file above the working directory is found; one nearer hides it."""
    (only / ".env").write_text("CBC_ACCESS_KEY='far'\n", "utf-8")
    inner = only / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert found() == {"CBC_ACCESS_KEY": "far"}
    (only / "a" / ".env").write_text("CBC_SECRET_KEY='near'\n", "utf-8")
    assert found() == {"CBC_SECRET_KEY": "near"}


def test_dotenv_with_a_byte_order_mark(only: Path) -> None:
    """What Windows editors put in front of UTF-8 is not part of the first name."""
    (only / ".env").write_bytes(b"\xef\xbb\xbfCBC_ACCESS_KEY='a'\n")
    assert found() == {"CBC_ACCESS_KEY": "a"}


def test_dotenv_that_is_not_utf8(only: Path) -> None:
    """The file is named, not its content."""
    (only / ".env").write_bytes(b"CBC_SECRET_KEY='canary\xff'\n")
    with pytest.raises(SettingsError, match=r"\.env cannot be read: it is not UTF-8") as refused:
        settings.environment()
    assert "canary" not in str(refused.value)


def test_without_a_working_directory(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working directory that is gone has no `.env` file; the environment still counts."""
    gone = only / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setenv("CBC_ACCESS_KEY", "a")
    assert found() == {"CBC_ACCESS_KEY": "a"}


@pytest.mark.usefixtures("only")
def test_password_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable wins over any prompt."""
    monkeypatch.setenv("CBC_DATABASE_PASSWORD", "pass word")
    assert settings.database_password() == "pass word"


@pytest.mark.usefixtures("only")
@pytest.mark.parametrize(("terminal", "typed"), [(False, "never asked"), (True, "")])
def test_no_password(monkeypatch: pytest.MonkeyPatch, terminal: bool, typed: str) -> None:  # noqa: FBT001  # a column
    """Without the variable, a terminal or an answer, the variable is named."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: typed)
    with pytest.raises(SettingsError, match="CBC_DATABASE_PASSWORD"):
        settings.database_password()


@pytest.mark.usefixtures("only")
def test_password_from_a_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal it is asked for."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _: "typed")
    assert settings.database_password() == "typed"
