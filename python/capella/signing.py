r"""Signs requests to the Capella Public API (v2/v3).

    message       = METHOD + "\n" + ENDPOINT + "\n" + TIMESTAMP        (no newline at the end)
    signature     = base64(HMAC-SHA256(utf8(secret), utf8(message)))
    Authorization: Bearer ACCESS_KEY:signature
    Couchbase-Timestamp: TIMESTAMP

ENDPOINT is the request target: path plus `?query`, percent-encoded as sent, without scheme, host or
fragment. TIMESTAMP is the number of milliseconds since 1970-01-01 UTC; message and header contain the same
text. The body is not signed. Source: the vendor's guide to the Public API.
"""

import hmac
import re
import time
from binascii import b2a_base64
from collections.abc import Callable
from typing import TYPE_CHECKING

from requests.auth import AuthBase

from capella.errors import InputInvalidError

if TYPE_CHECKING:
    from requests import PreparedRequest

# The bytes of an endpoint: 0x21 to 0x7E without `#`, which would begin a fragment.
_VISIBLE = bytes(byte for byte in range(0x21, 0x7F) if byte != ord("#"))
# The bytes of an access key: 0x21 to 0x7E without `:`, `<` and `>`.
_ACCESS_KEY = re.compile(r"[!-9;=?-~]+")


def now_ms() -> int:
    """Return the system's time in milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


def sign(method: str, endpoint: str, timestamp: str, secret: str) -> str:
    """Return the signature of a request: 44 characters of padded base64 (RFC 4648 section 4).

    Args:
        method: upper-case letters, as sent.
        endpoint: the request target as sent, such as `/v3/clusters?page=1`.
        timestamp: milliseconds since 1970-01-01 UTC, in decimal digits.
        secret: the secret key, not empty; it is encoded as UTF-8.

    Raises:
        InputInvalidError: an argument that could not be sent as signed.
    """
    return _signature(_key(secret), method, endpoint, timestamp)


def authorization(access_key: str, signature: str) -> str:
    """Return the value of the `Authorization` header.

    Raises:
        InputInvalidError: the access key is not visible ASCII without `:`, `<` and `>`.
    """
    if not _ACCESS_KEY.fullmatch(access_key):
        raise InputInvalidError(
            "the access key is empty, or contains a character other than visible ASCII, or `:`, `<` or `>`:"
            " copy it again, without a placeholder's brackets",
        )
    return f"Bearer {access_key}:{signature}"


class CapellaAuth(AuthBase):
    """Signs a prepared request; `requests` calls it last, immediately before it sends the request.

    An `auth=` object also prevents a `~/.netrc` entry from replacing the Authorization header. The signature
    contains the time of signing, so a repeated request must be signed again.

    Args:
        access_key: is sent in the header.
        secret_key: is never sent, and `repr` does not show it.
        clock: the time in milliseconds since 1970-01-01 UTC.

    Raises:
        InputInvalidError: a key cannot be used for signing.
    """

    def __init__(self, access_key: str, secret_key: str, clock: Callable[[], int] = now_ms) -> None:
        """Refuse invalid keys before there is a request."""
        self._prefix = authorization(access_key, "")
        self._key = _key(secret_key)
        self._clock = clock

    def __call__(self, request: "PreparedRequest") -> "PreparedRequest":
        """Set the two headers of the request, in place of earlier ones, and return the request."""
        timestamp = str(self._clock())
        signature = _signature(self._key, request.method or "", request.path_url, timestamp)
        request.headers["Authorization"] = self._prefix + signature
        request.headers["Couchbase-Timestamp"] = timestamp
        return request

    def __eq__(self, other: object) -> bool:
        """Return whether both have the same keys."""
        if not isinstance(other, CapellaAuth):
            return NotImplemented
        return self._prefix == other._prefix and hmac.compare_digest(self._key, other._key)

    def __hash__(self) -> int:
        """Return the same number for equal keys, independent of the secret."""
        return hash(self._prefix)

    def __repr__(self) -> str:
        """Show only the access key."""
        return f"CapellaAuth({self._prefix.removeprefix('Bearer ').removesuffix(':')!r})"


def _signature(key: bytes, method: str, endpoint: str, timestamp: str) -> str:
    """Return the signature of valid parts, else raise. The checks take less time than the HMAC."""
    try:
        message = f"{method}\n{endpoint}\n{timestamp}".encode()
    except UnicodeEncodeError:  # half a surrogate pair
        message = b""
    if (
        message.translate(None, _VISIBLE) == b"\n\n"  # all but visible ASCII: only the two separators
        and endpoint[:1] == "/"
        and timestamp.isdecimal()
        and (timestamp[0] != "0" or timestamp == "0")
        and method.isalpha()
        and method.isupper()
    ):
        return b2a_base64(hmac.digest(key, message, "sha256"), newline=False).decode()
    del key  # an error report may show the variables of every frame
    raise _refusal(method, endpoint, timestamp)


def _key(secret: str) -> bytes:
    try:
        key = secret.encode()
    except UnicodeEncodeError:
        key = b""
    if not key:
        raise InputInvalidError("the secret key is empty or not valid UTF-8: copy it again")
    return key


def _refusal(method: str, endpoint: str, timestamp: str) -> InputInvalidError:
    """Return the error for the first part that cannot be signed."""
    if not re.fullmatch("[A-Z]+", method):
        return InputInvalidError(
            f"the method {method!a:.200} is not upper-case letters A to Z: write it like GET"
        )
    if not re.fullmatch(r"/[!\"$-~]*", endpoint):
        return InputInvalidError(
            f"the endpoint {endpoint!a:.200} is not `/` and visible ASCII without `#`: percent-encode it",
        )
    return InputInvalidError(
        f"the timestamp {timestamp!a:.200} is not decimal digits without a leading zero: use milliseconds",
    )
