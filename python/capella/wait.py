"""Waiting for a state, such as a cluster that becomes ready."""

import time
from collections.abc import Callable

from capella.errors import NotReadyError
from capella.printable import one_line
from capella.progress import progress
from capella.responses import Response


def wait_for(
    name: str,
    ask: Callable[[], Response],
    *,
    state: Callable[[Response], str],
    wanted: str,
    timeout: float,
    interval: float,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Response:
    """Send a request at an interval until the wanted state, and return the last response.

    Args:
        name: the name of the resource, for messages.
        ask: sends the request.
        state: returns the state in a response.
        wanted: the state that ends the wait.
        timeout: seconds between the first request and the last.
        interval: seconds between two requests.
        monotonic: the time in seconds, for the timeout.
        sleep: waits for a number of seconds.

    Raises:
        NotReadyError: the state ends in "failed", or the timeout passed.
    """
    ends = monotonic() + timeout
    with progress(name) as show:
        while True:
            response = ask()
            now = state(response)
            show(now)
            if now == wanted:
                return response
            if now.lower().endswith("failed"):
                raise NotReadyError(one_line(f"{name}: {now}"))
            if monotonic() + interval > ends:
                raise NotReadyError(
                    one_line(f"{name}: still {now} after {timeout:g} s: increase --timeout to wait longer")
                )
            sleep(interval)
