"""Names the mistake in a wrong signature with the mock's catalogue, and finds the text that was signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, NamedTuple

from mock_server.verifier import mistakes, shapes

if TYPE_CHECKING:
    from tests.conformance.signatures.cases import SignatureVector


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


def diagnose(vector: SignatureVector, signature: str) -> Diagnosis:
    """Explain a signature that is not the one `vector` expects."""
    given = signature.encode(errors="surrogatepass")
    if not shapes.WELL_FORMED.fullmatch(given):
        shape = shapes.judge(given)
        return Diagnosis("signature_encoding", shape.name, shape.hint)
    attempt = mistakes.Attempt(
        vector.method.encode(),
        vector.endpoint.encode(),
        vector.timestamp.encode(),
        vector.access_key.encode(),
        vector.secret.encode(),
    )
    found = mistakes.explain(attempt, given)
    return Diagnosis("signature_mismatch", found.name, found.hint, _signed(attempt, found.name, given))


def _signed(attempt: mistakes.Attempt, name: str, signature: bytes) -> str | None:
    """Return the text that a signer with the mistake `name` signed, or None if no candidate fits."""
    digest = base64.b64decode(signature)
    for mistake in mistakes.MISTAKES:
        if mistake.name != name:
            continue
        for key, text in mistake.candidates(attempt):
            made = hashlib.sha256(text).digest() if key is None else hmac.digest(key, text, "sha256")
            if made == digest:
                return text.decode(errors="backslashreplace")
    return None
