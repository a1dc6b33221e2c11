"""The command line of the examples: their arguments, what they print, and how they end.

The result goes to stdout, everything else to stderr; a command that fails prints nothing on stdout.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

from typer import Argument, Option, Typer

from capella.answers import Answer
from capella.errors import CapellaError, one_line

USAGE = 2
INTERRUPTED = 130
MAX_WIDTH = 1_000_000  # of a line that no terminal shows

# Path parameters are positional, in path order.
CloudId = Annotated[str, Argument(metavar="CLOUD_ID", help="the cloud's id, as list_clouds shows it")]
ProjectId = Annotated[str, Argument(metavar="PROJECT_ID", help="the project's id, as list_projects shows it")]
ClusterId = Annotated[
    str, Argument(metavar="CLUSTER_ID", help="the cluster's id, as a list of clusters shows it")
]
BucketId = Annotated[str, Argument(metavar="BUCKET_ID", help="the bucket's id, as list_buckets shows it")]
Username = Annotated[str, Argument(metavar="USERNAME", help="the database user's name")]

# Everything else is an option.
Json = Annotated[bool, Option("--json", help="print status, location and body as JSON")]
Page = Annotated[int | None, Option(min=1, help="one page alone, counted from 1; all pages if left out")]
PerPage = Annotated[int | None, Option(min=1, help="items a page; the service's own choice if left out")]
SortBy = Annotated[str | None, Option(help="the field to sort by")]
OfCloud = Annotated[str | None, Option("--cloud-id", help="those in this cloud alone")]
OfProject = Annotated[str | None, Option("--project-id", help="those of this project alone")]
Nodes = Annotated[int, Option(help="how many nodes, 3 to 27")]
Compute = Annotated[str, Option(help="the machine of each node")]
Services = Annotated[str, Option(help="what runs on each node, with commas between")]
StorageType = Annotated[str, Option(help="disk of each node: GP3, IO2 or PD-SSD")]
StorageSize = Annotated[int, Option(help="disk of each node in GB, 50 to 16384")]
Iops = Annotated[int, Option(help="disk operations a second, for GP3 and IO2")]
MemoryQuota = Annotated[int, Option(help="memory of the bucket in MB, 100 or more")]
CidrBlock = Annotated[str, Option(help="addresses, such as 198.51.100.0/24")]
Access = Annotated[str, Option(help="data_reader or data_writer")]
Buckets = Annotated[list[str] | None, Option(help="access to this bucket alone; repeat for more")]
Timeout = Annotated[float, Option(min=0, max=1e9, help="seconds to wait before giving up")]
Interval = Annotated[float, Option(min=0, max=1e9, help="seconds between two looks")]


def run(command: Callable[..., None]) -> NoReturn:
    """Run an example as a program: its signature is its usage, its exit code one of 0, 1, 2 and 130."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # nothing foreign may fail to be printed
            stream.reconfigure(errors="backslashreplace")
    program = Path(sys.argv[0]).name
    app = Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(context_settings={"help_option_names": ["-h", "--help"]})(command)
    try:
        code = app(prog_name=program, standalone_mode=False) or 0
    except CapellaError as error:
        code = error.exit_code
        complain(f"{program}: {error}")
    except OSError as error:  # of stdout: the disk is full
        code = 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the last flush fails once more
        complain(f"{program}: {error.strerror}")
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        code = USAGE
        complain(f"{program}: {one_line(error.format_message())} ({program} --help shows the usage)")
    if code == INTERRUPTED:
        complain(f"{program}: interrupted")
    sys.exit(code)


def print_json(answer: Answer) -> None:
    """Print status, location (when there is one) and body as JSON; the same as the Go examples print."""
    shown = {"status": answer.status, "location": answer.location, "body": answer.body}
    if answer.location is None:
        del shown["location"]
    ascii_only = (sys.stdout.encoding or "").lower() not in {"utf-8", "utf8"}
    _print(json.dumps(shown, indent=2, ensure_ascii=ascii_only))


def print_list(answer: Answer, columns: Mapping[str, str], *, as_json: bool) -> None:
    """Print a list as a table.

    Args:
        answer: holds the items.
        columns: heading -> place in an item, with dots between names.
        as_json: print the whole answer instead.
    """
    items = answer.items
    if as_json:
        print_json(answer)
    else:
        _print_table(items, columns)


def print_one(answer: Answer, columns: Mapping[str, str], *, as_json: bool) -> None:
    """Print the thing that is the body as a table of one row; `columns` as for a list."""
    if not isinstance(answer.body, dict):
        raise answer.unexpected("no object in the answer")
    if as_json:
        print_json(answer)
    else:
        _print_table([answer.body], columns)


def print_field(answer: Answer, *path: str, as_json: bool) -> None:
    """Print one field of the body as it is."""
    text = answer.field(*path)
    if as_json:
        print_json(answer)
    else:
        _print("\n".join(map(one_line, text.splitlines())))


def print_id(answer: Answer, *, as_json: bool) -> None:
    """Print the id of what was created."""
    print_line(answer, answer.new_id, as_json=as_json)


def print_line(answer: Answer, line: str, *, as_json: bool) -> None:
    """Print what was done, in one line."""
    if as_json:
        print_json(answer)
    else:
        _print(one_line(line))


def given(**fields: object) -> dict[str, object]:
    """Return the fields that are not None: what is not given is not sent."""
    return {name: value for name, value in fields.items() if value is not None}


def complain(line: str) -> None:
    """Print a line on stderr."""
    sys.stderr.write(f"{line}\n")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_table(items: list[Any], columns: Mapping[str, str]) -> None:
    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.table import Table  # noqa: PLC0415  # slow to import
    from rich.text import Text  # noqa: PLC0415  # slow to import

    terminal = sys.stdout.isatty()
    table = Table(box=None, pad_edge=False)
    for heading in columns:
        table.add_column(heading, overflow="fold", no_wrap=not terminal)
    for item in items:
        table.add_row(*(Text(_cell(item, place)) for place in columns.values()))
    text = StringIO()
    # Off a terminal lines are as long as they need to be: another program reads them.
    Console(file=text, width=None if terminal else MAX_WIDTH, force_terminal=terminal).print(table)
    _print("\n".join(line.rstrip() for line in text.getvalue().splitlines()))


def _cell(item: Any, place: str) -> str:  # noqa: ANN401  # JSON
    for name in place.split("."):
        item = item.get(name) if isinstance(item, dict) else None
    if item is None:
        return ""
    if isinstance(item, list) and all(isinstance(part, str) for part in item):
        item = ", ".join(item)
    return one_line(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False))
