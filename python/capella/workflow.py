"""A workflow: it creates several resources, and names those that it leaves behind."""

import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import NoReturn, ParamSpec, Self

from capella.errors import CapellaError, InvalidError, ServerError, TransportError, UnexpectedResponseError
from capella.output import log_line, print_notice
from capella.progress import progress
from capella.responses import Response

P = ParamSpec("P")

NOT_NORMAL = "ErrClusterStateNotNormal"  # the cluster changes: the API accepts the same request later


class Workflow:
    """Creates resources. If its block fails, or Ctrl-C ends it, it prints what it created on stderr.

    Print the result inside the block: if the result cannot be written, the resources are named too.

    Args:
        timeout: how many seconds to repeat a request that is refused because the cluster changes.
        interval: seconds between two of these requests.
        monotonic: the time in seconds, for the timeout.
        sleep: waits for a number of seconds.
    """

    def __init__(
        self,
        *,
        timeout: float,
        interval: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Start without resources."""
        self._timeout = timeout
        self._interval = interval
        self._monotonic = monotonic
        self._sleep = sleep
        self._left: list[str] = []
        self._in_control = False

    def __enter__(self) -> Self:
        """Let a second Ctrl-C do nothing, so that it does not prevent the report."""
        in_main_thread = threading.current_thread() is threading.main_thread()
        self._in_control = in_main_thread and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if self._in_control:
            signal.signal(signal.SIGINT, _interrupt_once)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Print the resources if the block failed: on stdout if stderr cannot be written."""
        left = f"left behind: {', '.join(self._left)}"
        if error is not None and self._left and not log_line(left):
            print_notice(left)
        if self._in_control:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def create(
        self, kind: str, name: str, send: Callable[P, Response], *args: P.args, **options: P.kwargs
    ) -> Response:
        """Send a request that creates a resource, and return its response.

        A request that is refused because the cluster changes is sent again, until the timeout.

        Args:
            kind: the kind of the resource, for messages.
            name: the name of the resource.
            send: sends the request.
            args: the arguments of `send`.
            options: the keyword arguments of `send`.
        """
        what = f"{kind} {name}"
        ends = self._monotonic() + self._timeout
        with progress(what) as show:
            show("creating")  # so that it is named even if the program is killed
            while True:
                try:
                    response = self._attempt(what, partial(send, *args, **options))
                    break
                except InvalidError as error:
                    if error.error_type != NOT_NORMAL or self._monotonic() + self._interval > ends:
                        raise
                    show(error.error_type)
                self._sleep(self._interval)
        log_line(f"created {self._left[-1]}")
        return response

    def _attempt(self, what: str, send: Callable[[], Response]) -> Response:
        """Send the request once. Until its response has arrived, the resource perhaps exists."""
        self._left.append(f"perhaps {what}")
        try:
            response = send()
        except CapellaError as error:
            if isinstance(error, UnexpectedResponseError) and error.location:  # not readable, but a success
                self._left[-1] = what + _id(Response(error.status, location=error.location), what)
            elif not _may_have_created(error):
                self._left.pop()
            raise
        self._left[-1] = what + _id(response, what)
        return response


def _interrupt_once(*_: object) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _may_have_created(error: CapellaError) -> bool:
    """Return whether a request that failed may have created its resource."""
    if isinstance(error, TransportError):
        return error.connected
    return isinstance(error, UnexpectedResponseError | ServerError)


def _id(response: Response, what: str) -> str:
    """Return the id of a new resource for a message; "" if there is none, or if it is the name."""
    with suppress(UnexpectedResponseError):
        if not what.endswith(f" {response.new_id}"):
            return f" (id {response.new_id})"
    return ""
