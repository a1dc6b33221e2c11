"""Half of a surrogate pair in a question: run and shown, never counted, because JSON readers differ.

JSON can write half of a pair as an escape, but it is no character, and UTF-8 cannot encode it. A signer may
refuse it, sign U+FFFD in its place, or crash. YAML cannot hold it, so these cases are not in a vector file. A
process of their own answers them: a crash costs no other case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cases import SignatureVector

if TYPE_CHECKING:
    from ..programs.runner import Transcript


def _case(name: str, about: str, **fields: str) -> SignatureVector:
    given = {
        "method": "GET",
        "endpoint": "/v2/clouds",
        "timestamp": "1700000000123",
        "secret": "my secret key",
    }
    return SignatureVector(
        id=f"surrogate-{name}",
        about=about,
        flags=("SecretUnicode",),
        refuse="input_invalid",
        **{**given, **fields},
    )


CASES = (
    _case("high-in-secret", "the first half of a pair in the secret", secret="my \ud83d key"),
    _case("low-in-secret", "the second half of a pair at the start of the secret", secret="\udd11 my key"),
    _case("high-at-the-end", "the first half of a pair at the end of the secret", secret="my key \ud83d"),
    _case("pair-reversed", "both halves of a pair in the wrong order", secret="my \udd11\ud83d key"),
    _case("in-access-key", "the first half of a pair in the access key", access_key="my\ud83dkey"),
    _case("in-endpoint", "the first half of a pair in the endpoint", endpoint="/v2/\ud83d"),
)


def reaction(id_: str, transcript: Transcript) -> str:
    """Return what a signer did with a case, in a word: refused, signed, cannot, or how it failed."""
    answer = transcript.answers.get(id_)
    if answer is None:
        failure = transcript.lost.get(id_) or transcript.failure
        return failure.kind if failure else "no answer"
    if answer.failure:
        return answer.failure.kind
    if answer.cannot is not None:
        return "cannot"
    return "refused" if answer.refused is not None else "signed"
