r"""How a request to the Capella Public API (v2/v3) is signed.

    message       = METHOD + "\n" + ENDPOINT + "\n" + TIMESTAMP        (no newline at the end)
    signature     = base64(HMAC-SHA256(utf8(secret), utf8(message)))
    Authorization: Bearer ACCESS_KEY:signature
    Couchbase-Timestamp: TIMESTAMP

ENDPOINT is the request target as it travels: path plus `?query`, percent-encoded as sent, without
scheme, host or fragment. TIMESTAMP is milliseconds since 1970-01-01 UTC, and the same text stands in the
message and in the header. The body takes no part. Source: the vendor's guide to the Public API.
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

# What an endpoint is made of: 0x21 to 0x7E without `#`, which would begin a fragment.
_VISIBLE = bytes(byte for byte in range(0x21, 0x7F) if byte != ord("#"))
_ACCESS_KEY = re.compile(r"[^\s:<>]+")


def now_ms() -> int:
    """Milliseconds since 1970-01-01 UTC by the system's clock."""
    return time.time_ns() // 1_000_000


def sign(method: str, endpoint: str, timestamp: str, secret: str) -> str:
    """Sign one request and return the signature: 44 characters of padded base64 (RFC 4648 section 4).

    Args:
        method: in capitals, as it is sent.
        endpoint: the request target as it travels on the wire, such as `/v3/clusters?page=1`.
        timestamp: milliseconds since 1970-01-01 UTC in plain decimal digits.
        secret: the secret key, of any length but zero; signed as UTF-8.

    Raises:
        InputInvalidError: an argument that could not travel as it was signed.
    """
    return _signature(_key(secret), method, endpoint, timestamp)


def authorization(access_key: str, signature: str) -> str:
    """Return the value of the `Authorization` header.

    Raises:
        InputInvalidError: an access key that is empty or holds white space, a colon or an angle bracket.
    """
    if not _ACCESS_KEY.fullmatch(access_key):
        raise InputInvalidError(
            "the access key is empty or holds white space, a colon or an angle bracket:"
            " copy it again, without a placeholder's brackets",
        )
    return f"Bearer {access_key}:{signature}"


class CapellaAuth(AuthBase):
    """Signs a prepared request as it is about to travel: `requests` calls it last.

    An `auth=` object also keeps a `~/.netrc` entry from replacing the Authorization header. Every request
    is signed with the time of signing, so a request that is sent again must be signed again.

    Args:
        access_key: travels in the header.
        secret_key: never travels, and never shows in `repr`.
        clock: the time in milliseconds since 1970-01-01 UTC.

    Raises:
        InputInvalidError: an access key or a secret key that cannot be signed with.
    """

    def __init__(self, access_key: str, secret_key: str, clock: Callable[[], int] = now_ms) -> None:
        """Refuse keys that cannot sign before any request is made."""
        if not (access_key.isascii() and access_key.isprintable()):
            raise InputInvalidError("the access key holds a character that no header can carry")
        self._prefix = authorization(access_key, "")
        self._key = _key(secret_key)
        self._clock = clock

    def __call__(self, request: "PreparedRequest") -> "PreparedRequest":
        """Add the two headers to the request, in place of any it had."""
        timestamp = str(self._clock())
        signature = _signature(self._key, request.method or "", request.path_url, timestamp)
        request.headers["Authorization"] = self._prefix + signature
        request.headers["Couchbase-Timestamp"] = timestamp
        return request

    def __eq__(self, other: object) -> bool:
        """Equal when both would sign alike."""
        if not isinstance(other, CapellaAuth):
            return NotImplemented
        return self._prefix == other._prefix and hmac.compare_digest(self._key, other._key)

    def __hash__(self) -> int:
        """Agree with equality, without a trace of the secret."""
        return hash(self._prefix)

    def __repr__(self) -> str:
        """Name the access key alone."""
        return f"CapellaAuth({self._prefix.removeprefix('Bearer ').removesuffix(':')!r})"


def _signature(key: bytes, method: str, endpoint: str, timestamp: str) -> str:
    """Sign what is fit to be signed. The checks cost less than the HMAC, whatever the length."""
    try:
        message = f"{method}\n{endpoint}\n{timestamp}".encode()
    except UnicodeEncodeError:  # half a surrogate pair is no text
        message = b""
    if (
        message.translate(None, _VISIBLE) == b"\n\n"  # beside visible ASCII, our own two newlines alone
        and endpoint[:1] == "/"
        and timestamp.isdecimal()
        and (timestamp[0] != "0" or timestamp == "0")
        and method.isalpha()
        and method.isupper()
    ):
        return b2a_base64(hmac.digest(key, message, "sha256"), newline=False).decode()
    del key  # what reports errors may show the variables of every frame
    raise _refusal(method, endpoint, timestamp)


def _key(secret: str) -> bytes:
    try:
        key = secret.encode()
    except UnicodeEncodeError:
        key = b""
    if not key:
        raise InputInvalidError("the secret key is empty or is not text: copy it again")
    return key


def _refusal(method: str, endpoint: str, timestamp: str) -> InputInvalidError:
    """Say which part of the message cannot be signed, and what to do about it."""
    if not re.fullmatch("[A-Z]+", method):
        return InputInvalidError(f"the method {method!a} is not all capitals A to Z")
    if not re.fullmatch(r"/[!\"$-~]*", endpoint):
        return InputInvalidError(
            f"the endpoint {endpoint!a:.200} is not `/` and visible ASCII without `#`: percent-encode it",
        )
    return InputInvalidError(
        f"the timestamp {timestamp!a} is not milliseconds in digits without a sign or a leading zero",
    )
