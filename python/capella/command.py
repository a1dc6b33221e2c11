"""The command line of an example: its usage, its errors and its exit code."""

import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from typer import Typer

from capella.errors import CapellaError
from capella.output import log_line, lose_stdout

REFUSED = 1  # the API or the network refused, or --timeout passed
USAGE = 2  # wrong usage, or settings missing or refused
INTERRUPTED = 130  # Ctrl-C


def run(command: Callable[..., None]) -> NoReturn:
    """Run a function as a program: its signature is the usage, and the exit code is 0, 1, 2 or 130.

    A program that fails prints nothing on stdout.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif isinstance(stream, TextIOWrapper):  # no text from the API may fail to print
            stream.reconfigure(errors="backslashreplace")
    program = Path(sys.argv[0]).name
    app = Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(context_settings={"help_option_names": ["-h", "--help"]})(command)
    try:
        code = app(prog_name=program, standalone_mode=False) or 0
    except CapellaError as error:
        code = error.exit_code
        log_line(f"{program}: {error}")
    except OSError as error:  # stdout cannot be written: the disk is full
        code = REFUSED
        lose_stdout()
        log_line(f"{program}: the result cannot be written: {(error.strerror or str(error)).lower()}")
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        code = USAGE
        log_line(f"{program}: {error.format_message()} ({program} --help shows the usage)")
    if code == INTERRUPTED:
        log_line(f"{program}: interrupted")
    sys.exit(code)
