"""The progress of a wait, on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from capella.output import Lossy, log_line, lose_stderr
from capella.printable import one_line


@contextmanager
def progress(name: str) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows a state: in one changing line on a terminal, else in a line per change."""
    if sys.stderr is None or not sys.stderr.isatty():
        last = ""

        def show_change(state: str) -> None:
            nonlocal last
            if state != last:
                last = state
                log_line(f"{name}: {state}")

        yield show_change
        return

    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415  # slow to import

    terminal = Lossy(sys.stderr)
    console = Console(file=cast("TextIO", terminal))
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(one_line(name), total=None)
        yield lambda state: shown.update(task, description=one_line(f"{name}: {state}"))
    if terminal.lost:
        lose_stderr()
