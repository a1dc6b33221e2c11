"""Names the mistake in a wrong signature with the mock's catalogue, and finds the text that was signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_server.verifier import shapes
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.search import explain

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
        shape = shapes.classify(given)
        return Diagnosis("signature_encoding", shape.name, shape.message)
    attempt = Attempt(
        vector.method.encode(),
        vector.endpoint.encode(),
        vector.timestamp.encode(),
        vector.access_key.encode(),
        vector.secret.encode(),
    )
    found = explain(attempt, given)
    signed = None if found.signed is None else found.signed.decode(errors="backslashreplace")
    return Diagnosis("signature_mismatch", found.name, found.message, signed)
