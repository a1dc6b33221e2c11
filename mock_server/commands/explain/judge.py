"""Judges a request at its own time, so that its age never hides another reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_server import fixes
from mock_server.verifier import WINDOW, Refused, verify

if TYPE_CHECKING:
    from mock_server.commands.explain.inputs.found import FoundRequest
    from mock_server.http import ReceivedRequest
    from mock_server.verifier import Accepted

_SECONDS: Final = (9, 10)  # digits
_PER_MILLISECOND: Final = {16: 1_000, 19: 1_000_000}  # digits -> microseconds, nanoseconds

UNEXPLAINED: Final = (
    "The signature belongs to another text or to another secret key. Print the text that your client signs,"
    " and compare it with the text expected. If both are the same, your client uses another secret key than"
    " the one given here: check that your shell or .env file keeps each # and $ in it."
)
_RIGHT_IN_SECONDS: Final = (
    "Apart from that, the signature is right. The service very likely accepts seconds: if it responds with"
    " 401, there is another reason too, such as the access key or the clock."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A request with the results of its verification.

    Attributes:
        found: the request.
        result: the result of the verifier, with its clock set to the timestamp.
        also: the result if the verifier accepts seconds; None if the timestamp is not in seconds.
        time: the timestamp in milliseconds since 1970-01-01 UTC, or None.
    """

    found: FoundRequest
    result: Accepted | Refused
    also: Accepted | Refused | None
    time: int | None

    @property
    def refused(self) -> tuple[Refused, ...]:
        """The refusals: empty if it is accepted; two if it is in seconds and something else is wrong too."""
        return tuple(each for each in (self.result, self.also) if isinstance(each, Refused))

    @property
    def messages(self) -> list[str]:
        """The messages of the refusals."""
        messages = [
            UNEXPLAINED if each.mistake == "signature_mismatch" else each.message for each in self.refused
        ]
        if self.also is not None and not isinstance(self.also, Refused):
            messages.append(_RIGHT_IN_SECONDS)
        return messages

    @property
    def unexplained(self) -> bool:
        """Whether no mistake was found that gives this signature."""
        return any(each.mistake == "signature_mismatch" for each in self.refused)

    @property
    def aspects(self) -> list[str]:
        """The aspects that are wrong."""
        names = [name for each in self.refused for name in fixes.aspects_of(each.code, each.mistake)]
        return list(dict.fromkeys(names))

    @property
    def late(self) -> int | None:
        """Milliseconds from the timestamp to the response, if they are more than a server allows."""
        if self.time is None or self.found.server_time is None:
            return None
        late = self.found.server_time - self.time
        return late if abs(late) > WINDOW else None


def judge(found: FoundRequest, secret: str) -> Finding:
    """Verify a request with a secret key, for any access key."""
    request = found.request
    keys = _keys(request, secret)
    time = _time(request)
    result = verify(request, keys, lambda: time or 0)
    also = None
    if isinstance(result, Refused) and result.code == "timestamp_unit" and _digits(request) in _SECONDS:
        also = verify(request, keys, lambda: time or 0, timestamp_unit="either")
    return Finding(found, result, also, time)


def _keys(request: ReceivedRequest, secret: str) -> dict[str, str]:
    """Return the access key of the request with the secret key.

    An access key that is the secret key itself stays unknown: the verifier then says to exchange them.
    """
    credentials = (request.header("Authorization") or "").partition(" ")[2]
    try:
        access_key = credentials.partition(":")[0].encode("latin-1").decode()
    except UnicodeDecodeError:
        access_key = ""
    return {"" if access_key == secret else access_key: secret}


def _digits(request: ReceivedRequest) -> int:
    """Return the number of digits of the only timestamp, or 0."""
    timestamps = request.header_values("Couchbase-Timestamp")
    if len(timestamps) != 1 or not re.fullmatch("[0-9]{1,19}", timestamps[0]):
        return 0
    return len(timestamps[0])


def _time(request: ReceivedRequest) -> int | None:
    """Return the timestamp in milliseconds, or None."""
    digits = _digits(request)
    if not digits:
        return None
    number = int(request.header_values("Couchbase-Timestamp")[0])
    return number * 1000 if digits in _SECONDS else number // _PER_MILLISECOND.get(digits, 1)
