"""Names the mistake in a wrong signature with the mock's catalogue, and finds the text that was signed."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from mock_server.verifier import shapes
from mock_server.verifier.comparison import Turns
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.search import UNEXPLAINED, explain

from .advice import ADVICE, advice_for

if TYPE_CHECKING:
    from .cases import SignatureVector

THOROUGH = 3.0  # seconds for all searches of one program that look for two mistakes
QUICK = 3.0  # seconds for those after them, which look for one


class Diagnosis(NamedTuple):
    """The code, the mistake, one sentence of advice, and the text that was signed if it is known."""

    code: str
    mistake: str
    advice: str
    signed: str | None = None

    @property
    def name(self) -> str:
        """The code, followed by the mistake if that is more precise."""
        return self.code if self.mistake == self.code else f"{self.code} / {self.mistake}"


@dataclass
class Diagnostician:
    """Explains the wrong signatures of one program: thoroughly at first, then quickly, then not at all.

    A search that finds nothing takes 0.1 s. A signer with the wrong secret fails hundreds of vectors.
    """

    left: float = THOROUGH + QUICK  # seconds
    _taken: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        """Take the lock that a thorough search waits for."""
        self._taken.acquire()

    def diagnose(self, vector: SignatureVector, signature: str) -> Diagnosis:
        """Explain a signature that is not the one `vector` expects."""
        given = signature.encode(errors="surrogatepass")
        if not shapes.WELL_FORMED.fullmatch(given):
            shape = shapes.classify(given)
            return Diagnosis("signature_encoding", shape.name, advice_for(shape.name, shape.message))
        method, endpoint, timestamp, access_key, secret = map(_bytes, vector.question().values())
        attempt = Attempt(method, endpoint, timestamp, access_key, secret)
        if self.left <= 0:
            return Diagnosis("signature_mismatch", "signature_mismatch", ADVICE["signature_mismatch"])
        begun = time.monotonic()
        turns = Turns() if self.left > QUICK else Turns(patience=0.0, deep=self._taken)
        try:
            found = explain(attempt, given, turns)
        except (
            ValueError
        ):  # the catalogue expects what a server has checked, not a timestamp of 65,536 digits
            found = UNEXPLAINED
        self.left -= time.monotonic() - begun
        signed = None if found.signed is None else found.signed.decode(errors="backslashreplace")
        return Diagnosis("signature_mismatch", found.name, advice_for(found.name, found.message), signed)


def diagnose(vector: SignatureVector, signature: str) -> Diagnosis:
    """Explain one signature that is not the one `vector` expects."""
    return Diagnostician().diagnose(vector, signature)


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
