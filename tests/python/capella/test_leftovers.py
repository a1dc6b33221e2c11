"""The resources that a failed workflow leaves behind."""

from __future__ import annotations

import pytest

from capella.errors import NotReadyError
from capella.leftovers import leftovers


@pytest.mark.parametrize("error", [KeyboardInterrupt, NotReadyError, RuntimeError])
def test_leftovers_are_printed(error: type[BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow that ends early prints what it created, in one line, and its error is raised again."""

    def deploy() -> None:
        with leftovers() as created:
            created += ["project a", "cluster b\x1b[2J"]
            raise error

    with pytest.raises(error):
        deploy()
    assert capsys.readouterr().err == "left behind: project a, cluster b [2J\n"


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A workflow that succeeds, or fails before it created anything, prints nothing."""
    with leftovers() as created:
        created.append("project a")
    with pytest.raises(NotReadyError), leftovers():
        raise NotReadyError
    assert capsys.readouterr().err == ""
