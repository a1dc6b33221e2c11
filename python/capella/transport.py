"""Sends one request exactly as signed and within its time, and receives its response.

`requests` and urllib3 rewrite a target before they send it, each by its own rules: `%2f` becomes `%2F`, and
an empty `?` is dropped. Their timeouts start again with every byte received. This module corrects both where
the bytes are written and read.
"""

import http.client
import io
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
)

from capella.errors import TransportError
from capella.settings import is_loopback

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class MalformedHeaderError(http.client.HTTPException):
    """Raised if a response has a header line without a colon, or with a control character."""


MAX_BODY = 10 * 1024 * 1024  # bytes that are read of a success
MAX_ERROR_BODY = 64 * 1024  # bytes that are read of any other response

# The errors of `requests`, urllib3 and the system when a request fails; an invalid host raises ValueError.
_FAILURES = (requests.RequestException, HTTPError, OSError, ValueError)

# By the first class found among an error's causes: the reason, and whether the failure is temporary.
_REASONS: tuple[tuple[type[BaseException], tuple[str, bool]], ...] = (
    (
        ssl.SSLCertVerificationError,
        ("TLS: {}; for a private CA, set REQUESTS_CA_BUNDLE to its certificate file", False),
    ),
    (ssl.SSLEOFError, ("TLS: {}", True)),
    (ssl.SSLError, ("TLS: {}", False)),
    (ProxyError, ("the proxy did not connect: {}", True)),
    (NameResolutionError, ("the host name was not found: {}", False)),
    (NewConnectionError, ("no connection: {}", True)),
    (TimeoutError, ("no response in time", True)),
    (http.client.IncompleteRead, ("the connection closed before the response was complete", True)),
    (MalformedHeaderError, ("the response has a malformed header", False)),
    (DecodeError, ("the response cannot be decompressed", False)),
    (http.client.HTTPException, ("the connection broke: {}", True)),
    (ConnectionError, ("the connection broke: {}", True)),
)


_CONTROL = re.compile(
    r"(?!\r?\n[ \t])[\x00-\x08\x0a-\x1f\x7f]"
)  # not a line that is continued in the next one


@dataclass(frozen=True, slots=True)
class Request:
    """A request; its target and body are sent exactly as given."""

    method: str
    target: str
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ReceivedResponse:
    """A response as received; `cut` says whether its body was longer than the limit.

    Reason and headers are decoded as UTF-8, and any other byte is half a surrogate pair. Of a header that was
    sent twice, `headers` has the first.
    """

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool


@dataclass(slots=True)
class _Sending:
    """The request that a connection is sending.

    Args:
        target: the request target; it is written unchanged.
        wait: returns the seconds to wait for the next bytes.
        connected: whether a connection was made, TLS included, so that the request may have arrived.
    """

    target: str
    wait: Callable[[], float]
    connected: bool


_sending: ContextVar[_Sending] = ContextVar("_sending")


class _Reader(io.RawIOBase):
    """Reads from a socket; the wait for each byte is limited by the time left for the attempt."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        self._sock.settimeout(_sending.get().wait())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Reader(sock, self.fp.detach()))

    def begin(self) -> None:
        """Read the head of the response. `http.client` drops the headers after a malformed one in silence."""
        super().begin()
        rest = self.headers.get_payload()
        if (isinstance(rest, str) and rest.strip()) or any(map(_CONTROL.search, self.headers.values())):
            raise MalformedHeaderError


class _Connection(HTTPConnection):
    debuglevel = 0  # the switch of http.client would print the Authorization header
    response_class = _Response

    def connect(self) -> None:
        super().connect()
        _sending.get().connected = True

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:  # noqa: ARG002, ANN401  # see below
        """Write the target that was signed, not the rewritten one, within the time left."""
        if self.sock:  # reused, with the timeout of an earlier request
            self.sock.settimeout(_sending.get().wait())
            _sending.get().connected = True
        super().putrequest(method, _sending.get().target, *args, **options)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _Pool, "https": _TlsPool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401  # passed on
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # SOCKS needs its own connection classes
            manager.pool_classes_by_scheme = _POOLS
        return manager


class _Prepared(requests.PreparedRequest):
    """A request with an explicit target, not the one that `requests` derives from its URL."""

    target = ""

    @property
    def path_url(self) -> str:
        return self.target


class Transport:
    """Sends requests to one base URL over connections that are kept and reused.

    It reads proxies and REQUESTS_CA_BUNDLE from the environment, once; loopback never uses a proxy. It reads
    no `~/.netrc`, follows no redirect, stores no cookie, and sends nothing twice.

    Args:
        base_url: `scheme://host[:port]`.
        auth: signs each request before it is sent; None sends requests unsigned.
        connect: seconds to wait for a connection.
    """

    def __init__(
        self, base_url: str, auth: Callable[[requests.PreparedRequest], Any] | None, connect: float
    ) -> None:
        """Read the environment; connect to nothing yet."""
        self._base_url = base_url
        self._auth = auth
        self._connect = connect
        self._adapter = _Adapter()
        with requests.Session() as session:
            self._options = session.merge_environment_settings(base_url, {}, None, None, None)
            self._headers = {name: str(value) for name, value in session.headers.items()}
        self._headers["Accept"] = "application/json"
        if is_loopback(urlsplit(base_url).hostname or ""):
            self._options["proxies"] = {}
        proxy = select_proxy(base_url, self._options["proxies"]) or ""
        self._socks = proxy.lower().startswith("socks")  # whose connections do not say whether they were made

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()

    def send(self, request: Request, wait: Callable[[], float]) -> ReceivedResponse:
        """Sign and send a request once, and return the response as received.

        Args:
            request: the request.
            wait: returns how many seconds to wait for the next bytes; called before each wait.

        Raises:
            InputInvalidError: the request cannot be signed.
            TransportError: no complete response arrived.
        """
        prepared = _Prepared()
        prepared.method, prepared.target, prepared.url = (
            request.method,
            request.target,
            self._base_url + request.target,
        )
        prepared.headers = CaseInsensitiveDict(self._headers)
        if request.body is not None:
            prepared.body = request.body
            prepared.headers["Content-Type"] = "application/json"
            prepared.headers["Content-Length"] = str(len(request.body))
        if self._auth:
            self._auth(prepared)
        sending = _Sending(request.target, wait, connected=self._socks)
        token = _sending.set(sending)
        try:
            return self._exchange(prepared, wait())
        except _FAILURES as error:
            failure = _explain(error, request, urlsplit(self._base_url).netloc, connected=sending.connected)
        finally:
            _sending.reset(token)
        # Raised here, so that the error is not chained to frames that contain the headers.
        raise failure

    def _exchange(self, prepared: requests.PreparedRequest, wait: float) -> ReceivedResponse:
        timeout = urllib3.Timeout(connect=min(self._connect, wait), read=wait)
        response = self._adapter.send(prepared, timeout=timeout, **self._options)  # type: ignore[arg-type]  # its own type
        try:
            limit = MAX_BODY if response.status_code // 100 == 2 else MAX_ERROR_BODY  # noqa: PLR2004  # 2xx
            body = response.raw.read(limit + 1, decode_content=True)
        finally:
            response.close()
        received = response.raw.headers
        headers = CaseInsensitiveDict({name: _decoded(received.getlist(name)[0]) for name in received})
        reason = _decoded(response.reason or "")
        return ReceivedResponse(response.status_code, reason, headers, body[:limit], cut=len(body) > limit)


def _decoded(text: str) -> str:
    """Return text of a response's head, which `http.client` decodes as Latin-1, decoded as UTF-8."""
    return text.strip(" \t").encode("latin-1").decode(errors="surrogateescape")


def _explain(error: BaseException, request: Request, host: str, *, connected: bool) -> TransportError:
    """Return the TransportError for an error of the HTTP library."""
    causes = list(_causes(error))
    last = causes[-1]
    detail = getattr(last, "verify_message", None) or getattr(last, "strerror", None) or str(last)
    reason, temporary = next(
        (facts for kind, facts in _REASONS if any(isinstance(cause, kind) for cause in causes)),
        ("{}", False),
    )
    if isinstance(last, socket.gaierror):
        temporary = last.errno == socket.EAI_AGAIN  # the name server did not respond, so the name may exist
    if isinstance(last, TimeoutError) and not connected:
        reason = "no connection in time"
    if connected and request.method == "POST":
        reason += "; the request may have been carried out"
    return TransportError(
        f"{reason.format(detail or type(last).__name__)} ({host})",
        request.method,
        request.target,
        connected=connected,
        temporary=temporary,
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes, from the HTTP library's to the system's."""
    while error:
        yield error
        # Each library stores the cause in a different place.
        inside = (getattr(error, "reason", None), *reversed(error.args), error.__cause__, error.__context__)
        error = next((cause for cause in inside if isinstance(cause, BaseException)), None)
