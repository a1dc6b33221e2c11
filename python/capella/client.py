"""The client: it signs every attempt of a request and sends it exactly as signed.

It follows no redirect, no `Location` and no link. It sends no key over plain http to another machine.
It does not repeat a POST that the API may have carried out.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Self

from capella import responses, settings, target
from capella.errors import TransportError
from capella.list import Pages, read_list
from capella.responses import Response
from capella.retry import Attempts, Limits, Retries
from capella.settings import Settings
from capella.signing import CapellaAuth, now_ms
from capella.transport import Request, Transport

log = logging.getLogger("capella")

DEFAULT_LIMITS = Limits()


class Client:
    """A client of the API. As a context manager it closes its connections at the end.

    A path is a template as in the API's description, `/v2/clusters/{id}/users/{username}`. The values follow
    in their order, unencoded. A body is anything that `json` can encode.

    Every request raises InputInvalidError if it cannot be sent, TransportError if no response arrives, and
    ResponseError (or its subclass for the status) if the response is not a success.

    Args:
        where: base URL and keys. Without keys nothing is signed, which only `GET /v2/status` allows.
        limits: how long and how often to try.
        clock: the time in milliseconds since 1970-01-01 UTC, for signatures.
        monotonic: the time in seconds, for the limits.
        sleep: waits for a number of seconds.

    Raises:
        SettingsError: `settings.load` refuses such settings, for example plain http to another machine.
    """

    def __init__(
        self,
        where: Settings,
        *,
        limits: Limits = DEFAULT_LIMITS,
        clock: Callable[[], int] = now_ms,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Check the settings; connect to nothing yet."""
        where = settings.checked(where)
        self._where = where
        self._clock = clock
        self._retries = Retries(limits, monotonic, sleep)
        auth = CapellaAuth(where.access_key, where.secret_key.reveal(), clock) if where.access_key else None
        self._transport = Transport(where.base_url, auth, limits.connect)

    @classmethod
    def from_environment(cls, *, keys: bool = True) -> Self:
        """Return a client with the settings of the environment; `keys=False` sends no keys.

        Raises:
            SettingsError: settings are missing or refused.
        """
        return cls(settings.load(settings.environment(), keys=keys))

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        self.close()

    def __repr__(self) -> str:
        """Show the settings without the secret key."""
        return f"Client({self._where!r})"

    def close(self) -> None:
        """Close every connection."""
        self._transport.close()

    def get(self, path: str, *values: str, query: Mapping[str, object] | None = None) -> Response:
        """Send a GET and return its response; a query parameter whose value is None is left out."""
        return self.request("GET", target.expand(path, values, query))

    def post(self, path: str, *values: str, body: object) -> Response:
        """Send a POST and return its response. It is repeated only if no connection was made."""
        return self.request("POST", target.expand(path, values), body)

    def put(self, path: str, *values: str, body: object) -> Response:
        """Send a PUT and return its response."""
        return self.request("PUT", target.expand(path, values), body)

    def delete(self, path: str, *values: str, body: object = None) -> Response:
        """Send a DELETE and return its response; a 404 is a success after an attempt without response."""
        return self.request("DELETE", target.expand(path, values), body)

    def get_list(self, path: str, *values: str) -> Response:
        """Return a list that has no pages.

        Raises:
            UnexpectedResponseError: the response has no list, or its cursor names more pages.
        """
        pages = Pages()
        response = self.get(path, *values)
        if pages.add(response):
            raise response.unexpected(
                "the list may be incomplete: it has more pages, which cannot be requested"
            )
        return pages.response(response)

    def get_pages(
        self,
        path: str,
        *values: str,
        query: Mapping[str, object],
        page: int | None = None,
    ) -> Response:
        """Return one page of a list with its cursor, or all pages as one list without a cursor.

        Pages are requested by number. The links between them are not followed, because they could lead to
        another server.

        Raises:
            UnexpectedResponseError: a page has no list, or the pages may not be the whole list: see
                `capella.list`.
        """
        if page:
            response = self.get(path, *values, query={"page": page, **query})
            return read_list(response).response(response)
        pages = Pages()
        while True:
            response = self.get(path, *values, query={"page": pages.number + 1, **query})
            if not pages.add(response):
                return pages.response(response)

    def request(self, method: str, endpoint: str, body: object = None) -> Response:
        """Send a request whose target is already percent-encoded, and repeat it while that is safe."""
        target.check(endpoint)
        content = None if body is None else json.dumps(body).encode()
        return self._retries.run(Request(method, endpoint, content), self._attempt)

    def _attempt(self, attempts: Attempts) -> Response:
        """Sign the request with the current time, send it once, and return its response."""
        request = attempts.request
        try:
            received = self._transport.send(request, self._retries.timer(attempts))
        except TransportError as error:
            attempts.response_lost |= error.connected
            raise
        log.debug("%s %s: %d", request.method, request.target, received.status)
        gone = request.method == "DELETE" and received.status == HTTPStatus.NOT_FOUND
        if gone and attempts.response_lost:
            return Response(received.status, request=request)
        return responses.read(request, received, self._clock())
