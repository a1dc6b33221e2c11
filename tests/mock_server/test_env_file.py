"""The settings of a client: as environment variables, and in a file written whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mock_server import env_file

OLD = f"{env_file.MARKER}\nOLD='1'\n"


def test_a_failed_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the last step fails, the old file is unchanged, and no temporary file is left."""
    path = tmp_path / ".env"
    path.write_text(OLD)

    def replace(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(env_file.EnvFileError, match="No space left"):
        env_file.write(path, {"NEW": "2"})
    assert path.read_text() == OLD
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("first", ["", env_file.MARKER, f"{env_file.MARKER} \n", f" {OLD}", "A='b'\n"])
def test_only_a_file_with_the_exact_marker_is_replaced(tmp_path: Path, first: str) -> None:
    """Any other first line means that the mock did not write the file. An empty file is refused too."""
    path = tmp_path / ".env"
    path.write_text(first)
    with pytest.raises(env_file.EnvFileError, match="was not written by this mock"):
        env_file.write(path, {"NEW": "2"})
    assert path.read_text() == first


def test_a_path_below_a_file(tmp_path: Path) -> None:
    """A path whose parent is a file is refused in one line."""
    (tmp_path / "file").touch()
    with pytest.raises(env_file.EnvFileError, match="Not a directory"):
        env_file.check_path(tmp_path / "file" / ".env")


def test_values_at_the_limits_are_written(tmp_path: Path) -> None:
    """Single backslashes, double quotes, hashes, dollar signs and spaces are written unchanged."""
    value = r""" a\b "c" #d $e ${f} %g `h` """
    path = tmp_path / ".env"
    env_file.write(path, {"A": value})
    assert path.read_text() == f"{env_file.MARKER}\nA='{value}'\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, "127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "a, b"}, "a,b,127.0.0.1,localhost,::1"),
        ({"NO_PROXY": "a", "no_proxy": "b,a,localhost"}, "a,b,localhost,127.0.0.1,::1"),
        ({"no_proxy": "*", "NO_PROXY": "a"}, "*"),
    ],
)
def test_no_proxy_keeps_its_hosts(before: dict[str, str], after: str) -> None:
    """Both variables have the hosts that either had before, and loopback."""
    assert env_file.no_proxy(before) == {"NO_PROXY": after, "no_proxy": after}


@pytest.mark.parametrize("value", ["it's", r"a\\b", "a\\", "a\nb", "a\rb", "a\0b"])
def test_a_value_that_dotenv_readers_read_differently(tmp_path: Path, value: str) -> None:
    """The error names the variable and not the value, and no file is written."""
    with pytest.raises(env_file.EnvFileError) as caught:
        env_file.write(tmp_path / ".env", {"A": "1", "NAME": value})
    assert str(caught.value).startswith("NAME cannot be written")
    assert value not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The mode of the file is 0600, also if the replaced file has another mode."""
    path = tmp_path / ".env"
    path.write_text(OLD)
    path.chmod(0o644)
    env_file.write(path, {"NEW": "2"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_first_name_that_has_a_value_counts() -> None:
    """An empty variable counts as not set."""
    assert env_file.first_set(
        "secret_key", {"SECRET_KEY": "a", "cbc_secret_key": "b", "CBC_SECRET_KEY": ""}
    ) == ("cbc_secret_key")
    assert env_file.first_set("access_key", {"SECRET_KEY": "a"}) == ""
