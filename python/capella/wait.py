"""Waiting for what takes its time: how it goes is shown on stderr, and what a Ctrl-C leaves behind."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from capella.answers import Answer
from capella.errors import NotReadyError, one_line
from capella.output import complain


def wait_for(
    what: str,
    ask: Callable[[], Answer],
    *,
    state: Callable[[Answer], str],
    wanted: str,
    timeout: float,
    interval: float,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Answer:
    """Ask again and again until the state is the wanted one, and return the last answer.

    Args:
        what: is waited for, in words.
        ask: makes the call.
        state: finds the state in an answer.
        wanted: ends the waiting.
        timeout: seconds from the first look to the last.
        interval: seconds between two looks.
        monotonic: seconds, for the timeout.
        sleep: waits so many seconds.

    Raises:
        NotReadyError: the state is a failure's, or the time is up.
    """
    ends = monotonic() + timeout
    with _progress(what) as show:
        while True:
            answer = ask()
            now = state(answer)
            show(now)
            if now == wanted:
                return answer
            if now.lower().endswith("failed"):
                raise NotReadyError(f"{what}: {one_line(now)}")
            if monotonic() + interval > ends:
                raise NotReadyError(
                    f"{what}: still {one_line(now)} after {timeout:g} s; --timeout sets the limit"
                )
            sleep(interval)


@contextmanager
def leftovers() -> Iterator[list[str]]:
    """Name what was made so far when a workflow does not come to its end, a Ctrl-C included."""
    made: list[str] = []
    try:
        yield made
    except BaseException:
        if made:
            complain(f"left behind: {', '.join(made)}")
        raise


@contextmanager
def _progress(what: str) -> Iterator[Callable[[str], None]]:
    """Show the state of what is waited for: on a terminal alive, elsewhere a line for each change."""
    if not sys.stderr.isatty():
        seen = [""]

        def show_change(state: str) -> None:
            if state != seen[-1]:
                seen.append(state)
                complain(f"{what}: {one_line(state)}")

        yield show_change
        return

    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415  # slow to import

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda state: progress.update(task, description=f"{what}: {one_line(state)}")
