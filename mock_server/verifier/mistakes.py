"""The catalogue of ways to sign wrongly: every one seen in the field, and how to tell it apart.

A signature that does not match is compared with what each mistake would have given. The catalogue knows
names, sentences of advice and candidates; what is signed in each candidate is made in candidates.py.
Of a target above 4,096 bytes a wrong slash or percent-encoding is not looked for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_server.verifier import candidates
from mock_server.verifier.candidates import Attempt, Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MISTAKES", "Attempt", "Explanation", "Mistake", "explain"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to sign wrongly: its name, a sentence of advice, and what would have been signed."""

    name: str
    hint: str
    candidates: Callable[[Attempt], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The mistake found, or ``signature_mismatch`` where none or more than one fits, and the advice."""

    name: str
    hint: str


MISTAKES: Final = (
    Mistake(
        "endpoint_empty_query",
        (
            "A bare `?` at the end was signed but not sent, or sent but not signed: sign the target of the"
            " request as the HTTP library sends it."
        ),
        candidates.empty_query,
    ),
    Mistake(
        "endpoint_without_query",
        (
            "The query was left out of the signed text: the endpoint goes from the first slash to the end"
            " of the query."
        ),
        candidates.without_query,
    ),
    Mistake(
        "endpoint_without_params",
        (
            "The part of the path after a semicolon was left out of the signed text, as Python's urlparse"
            " does: sign the target as it is sent, semicolons included."
        ),
        candidates.without_params,
    ),
    Mistake(
        "endpoint_full_url",
        "The whole URL was signed: leave out scheme and host, the endpoint begins with the slash after them.",
        candidates.full_url,
    ),
    Mistake(
        "endpoint_host_tail",
        (
            "The signed endpoint begins with a piece of the host or port, as splitting the URL on `.com`"
            " leaves it: take path and query from a URL parser instead."
        ),
        candidates.host_tail,
    ),
    Mistake(
        "endpoint_slash",
        (
            "The signed and the sent endpoint differ in a slash: make the base URL end without one and sign"
            " the path that is really sent."
        ),
        candidates.slash,
    ),
    Mistake(
        "endpoint_no_leading_slash",
        "The signed endpoint lacks its leading slash: begin it with the slash after the host.",
        candidates.no_leading_slash,
    ),
    Mistake(
        "endpoint_version",
        "One version of the API was signed and another asked for, /v2 and /v3: sign the path that is sent.",
        candidates.version,
    ),
    Mistake(
        "endpoint_query_order",
        (
            "The parameters of the query were signed in another order than they were sent: build the query"
            " once, and sign what was built."
        ),
        candidates.query_order,
    ),
    Mistake(
        "endpoint_decoded",
        (
            "The endpoint was signed as typed, before percent-encoding: sign what is sent, in Python"
            " `PreparedRequest.path_url`, in Go `req.URL.RequestURI()`."
        ),
        candidates.decoded,
    ),
    Mistake(
        "endpoint_double_encoded",
        (
            "The signed endpoint is percent-encoded once more than the one sent: encode once, and sign the"
            " result as it is."
        ),
        candidates.double_encoded,
    ),
    Mistake(
        "endpoint_percent_case",
        (
            "The percent-escapes were signed in other letters than they were sent (%2f and %2F): sign the"
            " target after the HTTP library has written it."
        ),
        candidates.percent_case,
    ),
    Mistake(
        "endpoint_plus_space",
        "A space was signed one way and sent the other (`+` and `%20`): sign the target that is sent.",
        candidates.plus_space,
    ),
    Mistake(
        "method_case",
        "The method was signed in other letters than it was sent: use capitals in both places.",
        candidates.method_case,
    ),
    Mistake(
        "method_differs",
        "Another method was signed than the one sent: sign the method of the request itself, not a default.",
        candidates.method_differs,
    ),
    Mistake(
        "separator_crlf",
        "The lines were joined by carriage return and newline: join them by a newline alone.",
        candidates.joined_by(b"\r\n"),
    ),
    Mistake(
        "separator_escaped",
        (
            "The lines were joined by a backslash and the letter n: in a shell write $'\\n' or use printf,"
            " elsewhere use the kind of string that knows escapes."
        ),
        candidates.joined_by(b"\\n"),
    ),
    Mistake(
        "separator_missing",
        (
            "A newline is missing between method, endpoint and timestamp: put one after the method and one"
            " after the endpoint."
        ),
        candidates.separator_missing,
    ),
    Mistake(
        "separator_space",
        "The parts were joined by spaces: join method, endpoint and timestamp by newlines.",
        candidates.joined_by(b" "),
    ),
    Mistake(
        "message_trailing_newline",
        (
            "A newline was signed after the timestamp, as echo adds one: the text ends with the timestamp's"
            " last digit."
        ),
        candidates.trailing_newline,
    ),
    Mistake(
        "field_order",
        "The parts were signed in another order: method first, then endpoint, then timestamp.",
        candidates.field_order,
    ),
    Mistake(
        "body_included",
        "The body was signed too: it takes no part, the text ends with the timestamp.",
        candidates.body_included,
    ),
    Mistake(
        "timestamp_signed_differs",
        (
            "The timestamp signed is not the one in the header, by a second reading of the clock or another"
            " unit: read the clock once and use the same text in both places."
        ),
        candidates.other_unit,
    ),
    Mistake(
        "secret_whitespace",
        (
            "The secret key was used with white space at its ends that does not belong to it, or without"
            " what does: a newline from a file is the usual one."
        ),
        candidates.secret_whitespace,
    ),
    Mistake(
        "secret_empty",
        (
            "The secret key was empty when the signature was made: check that its variable is set, spelled"
            " right and read."
        ),
        candidates.secret_empty,
    ),
    Mistake(
        "secret_decoded",
        (
            "The secret key was decoded from base64 or hexadecimal before use: it is a text, use its bytes"
            " as they are."
        ),
        candidates.secret_decoded,
    ),
    Mistake(
        "secret_is_access_key",
        "The signature was made with the access key: the secret key is the one that signs.",
        candidates.secret_is_access_key,
    ),
    Mistake(
        "key_message_swapped",
        (
            "Secret and text changed places in the call of HMAC: the secret key is the key, the text is the"
            " message."
        ),
        candidates.key_message_swapped,
    ),
    Mistake(
        "hash_not_hmac",
        "The signature is a plain SHA-256: use HMAC-SHA256 with the secret key as its key.",
        candidates.hash_not_hmac,
    ),
)
"""In the order of precedence: of two that sign the same text with the same key, the first gives the name."""

_UNKNOWN = Explanation(
    "signature_mismatch",
    (
        "The signature is that of another text or another secret key: percent-decode X-Mock-Message and"
        " compare it with the text you signed; if they are the same, the secret key is not the one that"
        " belongs to this access key (if the secret holds #, $ or quotes, check that your shell or .env"
        " reader kept it whole)."
    ),
)
_READ_TWICE = next(mistake for mistake in MISTAKES if mistake.name == "timestamp_signed_differs")


def explain(attempt: Attempt, signature: bytes) -> Explanation:
    """Name the mistake in a signature that does not match.

    Args:
        attempt: the request, its secret key, and what else could have been signed by mistake.
        signature: a well-formed one (44 characters of base64), as received.
    """
    digest = base64.b64decode(signature)
    fits: dict[Candidate, Mistake] = {}
    for mistake in MISTAKES:
        for candidate in mistake.candidates(attempt):
            if hmac.compare_digest(_digest(candidate), digest):
                fits.setdefault(candidate, mistake)
    found = list({mistake.name: mistake for mistake in fits.values()}.values())
    # The costly thousands come last. Nothing else signs another timestamp, so none could fit beside them.
    if not found and candidates.read_twice(attempt, digest):
        found = [_READ_TWICE]
    if not found:
        return _UNKNOWN
    if len(found) > 1:
        names = " and ".join(mistake.name for mistake in found)
        return Explanation(
            "signature_mismatch",
            f"More than one mistake gives just this signature, {names}: rule them out one by one.",
        )
    return Explanation(found[0].name, found[0].hint)


def _digest(candidate: Candidate) -> bytes:
    if candidate.key is None:
        return hashlib.sha256(candidate.text).digest()
    return hmac.digest(candidate.key, candidate.text, "sha256")
