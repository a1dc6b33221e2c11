"""The mock's settings for others: the environment of a command, and a file written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_server import env_file

OLD = f"{env_file.MARKER}\nOLD='1'\n"


def test_a_failed_write_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, the file is the old one, and no other is left beside it."""
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
def test_only_the_exact_marker_makes_a_file_ours(tmp_path: Path, first: str) -> None:
    """A file whose first line is not the marker to the letter is somebody else's, an empty one too."""
    path = tmp_path / ".env"
    path.write_text(first)
    with pytest.raises(env_file.EnvFileError, match="not ours"):
        env_file.write(path, {"NEW": "2"})
    assert path.read_text() == first


def test_a_file_in_the_place_of_a_directory(tmp_path: Path) -> None:
    """A path that leads through a file is refused in one line."""
    (tmp_path / "file").touch()
    with pytest.raises(env_file.EnvFileError, match="Not a directory"):
        env_file.check_path(tmp_path / "file" / ".env")


def test_values_at_the_limits_are_written(tmp_path: Path) -> None:
    """Single backslashes, double quotes, hashes, dollars and blanks are between quotes as they are."""
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
def test_proxies_that_were_kept_away_stay_so(before: dict[str, str], after: str) -> None:
    """Loopback joins what either spelling held, and both spellings say the same after."""
    assert env_file.beside_proxies(before) == {"NO_PROXY": after, "no_proxy": after}
