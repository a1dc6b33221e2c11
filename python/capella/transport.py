"""How one request travels: exactly as it was signed, within its time, and no further than asked.

`requests` and urllib3 rewrite a target on its way (`%2f` becomes `%2F`, an empty `?` is dropped), each
after another rule, and their time limits start anew with every byte received. Both are put right here,
where the bytes are written and read.
"""

import http.client
import io
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
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
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

MAX_BODY = 10 * 1024 * 1024  # bytes of a success that are read
MAX_ERROR_BODY = 64 * 1024  # bytes of anything else that are read

# What `requests`, urllib3 and the system raise when a request fails; a ValueError is a host nobody can parse.
_FAILURES = (requests.RequestException, HTTPError, OSError, ValueError)


# The first that is among an error's causes: what to say, whether a connection was made, whether it may pass.
_REASONS: tuple[tuple[type[BaseException], tuple[str, bool, bool]], ...] = (
    (
        ssl.SSLCertVerificationError,
        ("TLS: {}; a private CA's file belongs in REQUESTS_CA_BUNDLE", True, False),
    ),
    (ssl.SSLEOFError, ("TLS: {}", True, True)),
    (ssl.SSLError, ("TLS: {}", True, False)),
    (ProxyError, ("the proxy gave no connection: {}", False, True)),
    (NameResolutionError, ("the host name is not known: {}", False, False)),
    (NewConnectionError, ("no connection: {}", False, True)),
    (ConnectTimeoutError, ("no connection in time", False, True)),
    (TimeoutError, ("no answer in time", True, True)),
    (http.client.IncompleteRead, ("the answer broke off", True, True)),
    (DecodeError, ("the answer's compression is broken", True, False)),
    (http.client.HTTPException, ("the connection broke: {}", True, True)),
    (ConnectionError, ("the connection broke: {}", True, True)),
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it is to travel."""

    method: str
    target: str
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """One answer, as it came; `cut` when its body was longer than what is read."""

    status: int
    reason: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """What a connection must know of the call it carries; `wait` gives the seconds it may wait for bytes."""

    target: str
    wait: Callable[[], float]


_under_way: ContextVar[_UnderWay] = ContextVar("_under_way")


class _Reader(io.RawIOBase):
    """Reads from a socket, and waits no longer for any byte than the whole call has left."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int | None:
        self._sock.settimeout(_under_way.get().wait())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:  # noqa: ANN401  # passed on
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Reader(sock, self.fp.detach()))


class _Connection(HTTPConnection):
    debuglevel = 0  # http.client's own switch would print the Authorization header
    response_class = _Response

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:  # noqa: ARG002, ANN401  # see below
        """Write the target that was signed, in place of what became of it since, within the time left."""
        if self.sock:  # kept from an earlier call, with the time that call had left
            self.sock.settimeout(_under_way.get().wait())
        super().putrequest(method, _under_way.get().target, *args, **options)


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
        if not proxy.lower().startswith("socks"):  # whose connections know their own way out
            manager.pool_classes_by_scheme = _POOLS
        return manager


class _Prepared(requests.PreparedRequest):
    """A request whose target is the one it was given, not what `requests` makes of its URL."""

    target = ""

    @property
    def path_url(self) -> str:
        return self.target


class Transport:
    """Sends calls to one base URL over connections that are kept and reused.

    The environment is read once: proxies (never for this machine) and REQUESTS_CA_BUNDLE. A `~/.netrc` is not
    read, no redirect followed, no cookie kept, nothing sent twice.

    Args:
        base_url: `scheme://host[:port]`.
        auth: signs each request as it is sent; None sends it as it is.
        connect: seconds a connection may take.
    """

    def __init__(
        self, base_url: str, auth: Callable[[requests.PreparedRequest], Any] | None, connect: float
    ) -> None:
        """Read the environment, and connect to nothing yet."""
        self._base_url = base_url
        self._auth = auth
        self._connect = connect
        self._adapter = _Adapter()
        with requests.Session() as session:
            self._options = session.merge_environment_settings(base_url, {}, True, None, None)  # noqa: FBT003  # stream
            self._headers = {name: str(value) for name, value in session.headers.items()}
        self._headers["Accept"] = "application/json"
        if is_loopback(urlsplit(base_url).hostname or ""):
            self._options["proxies"] = {}

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()

    def send(self, call: Call, wait: Callable[[], float]) -> Received:
        """Sign and send a call once, and read what is answered.

        Args:
            call: what to send.
            wait: returns how many seconds to wait for the next bytes; asked again before each wait.

        Raises:
            InputInvalidError: the call cannot be signed.
            TransportError: no whole answer came.
        """
        request = _Prepared()
        request.method, request.target, request.url = call.method, call.target, self._base_url + call.target
        request.headers = CaseInsensitiveDict(self._headers)
        if call.body is not None:
            request.body = call.body
            request.headers["Content-Type"] = "application/json"
            request.headers["Content-Length"] = str(len(call.body))
        if self._auth:
            self._auth(request)
        under_way = _under_way.set(_UnderWay(call.target, wait))
        try:
            return self._exchange(request, wait())
        except _FAILURES as error:
            failure = _explain(error, call, urlsplit(self._base_url).netloc)
        finally:
            _under_way.reset(under_way)
        # Out here, so that the error does not drag along the frames that hold the headers.
        raise failure

    def _exchange(self, request: requests.PreparedRequest, wait: float) -> Received:
        timeout = urllib3.Timeout(connect=min(self._connect, wait), read=wait)
        response = self._adapter.send(request, timeout=timeout, **self._options)  # type: ignore[arg-type]  # its own type
        try:
            limit = MAX_BODY if response.status_code // 100 == 2 else MAX_ERROR_BODY  # noqa: PLR2004  # 2xx
            body = response.raw.read(limit + 1, decode_content=True)
        finally:
            response.close()
        return Received(
            response.status_code, response.reason or "", response.headers, body[:limit], cut=len(body) > limit
        )


def _explain(error: BaseException, call: Call, host: str) -> TransportError:
    """Say in a few words what went wrong, whether a connection was made, and whether it may pass."""
    causes = list(_causes(error))
    last = causes[-1]
    words = getattr(last, "verify_message", None) or getattr(last, "strerror", None) or str(last)
    reason, connected, passing = next(
        (facts for kind, facts in _REASONS if any(isinstance(cause, kind) for cause in causes)),
        ("{}", False, False),
    )
    if isinstance(last, socket.gaierror):
        passing = last.errno == socket.EAI_AGAIN  # the name service did not answer, so the name may be known
    if connected and call.method == "POST":
        reason += "; the request may have been carried out"
    return TransportError(
        f"{reason.format(words or type(last).__name__)} ({host})",
        call.method,
        call.target,
        connected=connected,
        passing=passing,
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Go from the library's error to the system's: each wraps the next in a place of its own."""
    while error:
        yield error
        inside = (getattr(error, "reason", None), *reversed(error.args), error.__cause__, error.__context__)
        error = next((cause for cause in inside if isinstance(cause, BaseException)), None)
