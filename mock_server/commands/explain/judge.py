"""Judges a request at its own time, so that its age never hides another reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_server import fixes
from mock_server.verifier import WINDOW, Refused, search, verify

if TYPE_CHECKING:
    from mock_server.commands.explain.inputs.found import FoundRequest
    from mock_server.http import ReceivedRequest

_SECONDS: Final = (9, 10)  # digits
_PER_MILLISECOND: Final = {16: 1_000, 19: 1_000_000}  # digits -> microseconds, nanoseconds

UNEXPLAINED: Final = (
    "The signature belongs to another text or to another secret key. Print the text that your client signs,"
    " and compare it with the text expected. If both are the same, your client uses another secret key than"
    " the one given here: check that your shell or .env file keeps each # and $ in it."
)
_RIGHT_IN_SECONDS: Final = (
    "Apart from that, the signature is right. If the service responds with 401, there is another reason, such"
    " as the access key or the clock."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A request with the results of its verification.

    Attributes:
        found: the request.
        refused: why the verifier refuses it, with its clock set to the timestamp; None if it accepts it.
        time: the timestamp in milliseconds since 1970-01-01 UTC, or None.
    """

    found: FoundRequest
    refused: Refused | None
    time: int | None

    @property
    def mistakes(self) -> list[str]:
        """The names of everything that is wrong."""
        return [self.refused.mistake, *self.refused.also] if self.refused else []

    @property
    def messages(self) -> list[str]:
        """What is wrong, and how to correct it."""
        if self.refused is None:
            return []
        messages = [self.refused.message.replace(search.UNEXPLAINED.message, UNEXPLAINED)]
        if self.unexplained and self.refused.also:
            messages.append(UNEXPLAINED)
        if (
            self.refused.code == "timestamp_unit"
            and not self.refused.also
            and _digits(self.found.request) in _SECONDS
        ):
            messages.append(_RIGHT_IN_SECONDS)
        return messages

    @property
    def unexplained(self) -> bool:
        """Whether no mistake was found that gives this signature."""
        return "signature_mismatch" in self.mistakes

    @property
    def aspects(self) -> list[str]:
        """The aspects that are wrong."""
        return fixes.aspects_of(self.refused.code, "+".join(self.mistakes)) if self.refused else []

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
    return Finding(found, result if isinstance(result, Refused) else None, time)


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
