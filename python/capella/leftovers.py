"""The resources that a workflow created before it failed."""

from collections.abc import Iterator
from contextlib import contextmanager

from capella.output import log_line


@contextmanager
def leftovers() -> Iterator[list[str]]:
    """Yield a list to add created resources to; print it on stderr if the block fails or Ctrl-C ends it."""
    created: list[str] = []
    try:
        yield created
    except BaseException:
        if created:
            log_line(f"left behind: {', '.join(created)}")
        raise
