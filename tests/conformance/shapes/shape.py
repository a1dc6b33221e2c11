"""A shape: bodies that a server sends, and what the examples of both languages print or say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CLUSTER: Final = "00000000-0000-4000-8000-000000000001"
MAX_PAGES: Final = 1000
NO_LIST: Final = "the response has no list"


@dataclass(frozen=True)
class Shape:
    """One example, the bodies that it receives, and its outcome.

    The example makes one request for each body, and fails at the last one if it fails. Exactly one of `shows`
    and `reason` is given.

    Args:
        id: unique among the shapes.
        group: the row of the table at the end.
        example: the name of the example in Python, and its arguments.
        target: the request target; a page number is added for a list with pages.
        bodies: JSON texts.
        shows: the printed body, without white space.
        reason: the message, without the program, the request and the status.
        status: the status of every response.
        headers: header lines of every response, as text in UTF-8; half a surrogate pair is any other byte.
        content_type: the media type of every response.
        phrase: the reason phrase of every response; the usual one if left out.
        location: the printed JSON text of `Location`.
        line: what the example prints in Python without --json; not compared if left out.
        progress: what the example writes on stderr before.
        unchanged: whether the printed body has the value of the received one.
        whole_line: whether `reason` is the whole line after the program's name.
    """

    id: str
    group: str
    example: tuple[str, ...]
    target: str
    bodies: tuple[str, ...]
    shows: str = ""
    reason: str = ""
    status: int = 200
    headers: tuple[str, ...] = ()
    content_type: str = "application/json"
    phrase: str | None = None
    location: str = ""
    line: str = ""
    progress: str = ""
    unchanged: bool = False
    whole_line: bool = False

    @property
    def failing_target(self) -> str:
        """The target of the last request."""
        return f"{self.target}{len(self.bodies)}" if self.target.endswith("page=") else self.target


def page(items: str, pages: str | None = None) -> str:
    """Return a page of items, `1,2`, with the members of its cursor's `pages`."""
    cursor = (
        ""
        if pages is None
        else f'"cursor":{{"hrefs":{{"first":"http://127.0.0.1:1/"}},"pages":{{{pages}}}}},'
    )
    return f'{{{cursor}"data":[{items}]}}'


def clouds(id_: str, *bodies: str, shows: str = "", reason: str = "", group: str = "cursors") -> Shape:
    """Return a shape of a list with pages."""
    return Shape(id_, group, ("list_clouds",), "/v2/clouds?page=", bodies, shows, reason)


def incomplete(text: str) -> str:
    """Return the message about a list whose pages contradict each other."""
    return f"the list may be incomplete: {text}"
