"""Advice for the mistakes of signers whose text in the mock's catalogue is about an HTTP request.

A signer gets a question and sends nothing: it has no header, no URL library and no clock.
"""

from __future__ import annotations

from typing import Final

_ENDPOINT: Final = "sign the endpoint of the question unchanged, character by character."

ADVICE: Final = {
    "endpoint_empty_query": f"A bare `?` at the end was lost or added: {_ENDPOINT}",
    "endpoint_without_params": (
        f"The part of the path after a semicolon was left out, as Python's urlparse does: {_ENDPOINT}"
    ),
    "endpoint_slash": f"A slash was lost or added: {_ENDPOINT}",
    "endpoint_version": f"Another version of the API was signed: {_ENDPOINT}",
    "endpoint_query_order": f"The parameters of the query were signed in another order: {_ENDPOINT}",
    "endpoint_decoded": f"The endpoint was percent-decoded before it was signed: {_ENDPOINT}",
    "endpoint_double_encoded": f"The endpoint was percent-encoded once more: {_ENDPOINT}",
    "endpoint_percent_case": (
        f"The percent-escapes were signed in other letters (%2f and %2F are two texts): {_ENDPOINT}"
    ),
    "endpoint_plus_space": f"`+` and `%20` were exchanged: {_ENDPOINT}",
    "endpoint_normalised": (
        "The endpoint was signed in another of its equivalent forms (`~` and `%7E`, `.` or `..` segments)"
        f": {_ENDPOINT}"
    ),
    "endpoint_prefix": f"Leading segments of the path are missing, or were added: {_ENDPOINT}",
    "endpoint_template": f"A placeholder such as {{id}} was signed where the path has a value: {_ENDPOINT}",
    "endpoint_case": f"The endpoint was signed in other letters: {_ENDPOINT}",
    "endpoint_query_part": (
        "The query was signed with a part missing, added or exchanged (a parameter, a `?` or `&`, a line of"
        f" its own): {_ENDPOINT}"
    ),
    "endpoint_placeholder": (
        "The endpoint was empty or the word for a missing value, such as undefined: check the name of the"
        " field, `endpoint`."
    ),
    "endpoint_repr": (
        "The endpoint, or a value in its path, was signed with characters around it, cut, or as a program"
        f" prints or encodes an object: {_ENDPOINT}"
    ),
    "method_case": "The method was signed in other letters: sign the method of the question unchanged.",
    "method_differs": "Another method was signed: sign the method of the question, not a default.",
    "timestamp_signed_differs": (
        "Another timestamp was signed: sign the timestamp of the question, as text; do not read a clock,"
        " convert its unit or round it."
    ),
    "timestamp_format": (
        "The timestamp was signed in another form, with a fraction, an exponent or separators, or as a date:"
        " keep it as text, and do not parse it."
    ),
    "field_added": (
        "A field that does not belong to it was signed too, such as the host or the access key: sign method,"
        " endpoint and timestamp alone."
    ),
    "signature_placeholder": (
        "The signature is the word for a missing value or a placeholder that was not filled in: check the"
        " variable that holds it."
    ),
    "signature_bytes_repr": (
        "The signature is Python's way to print bytes, b'...': call .decode() on the base64 first."
    ),
    "signature_repr": (
        "The signature is the way a language prints bytes, an object or a function: take the 32 bytes of the"
        " HMAC, encode them in base64, and return that text."
    ),
    "signature_quoted": (
        "The signature has quotes, brackets or a stray character around it: return the base64 text alone."
    ),
    "signature_percent_encoded": "The signature is percent-encoded: return the base64 text unchanged.",
    "signature_escaped": (
        "The signature has an escape in it, such as \\u003d, &#x3D; or \\/, after the JSON of the answer was"
        " decoded: escape it once, with a JSON library."
    ),
    "signature_non_canonical": (
        "The signature's last character sets bits that no base64 encoder sets: return what the encoder gave,"
        " unchanged."
    ),
    "signature_encoding": (
        "The signature is not the base64 of 32 bytes, 44 characters ending in one equals sign: look for"
        " characters that do not belong to base64."
    ),
    "signature_mismatch": (
        "The signature is that of another text or another secret: print the text you sign and compare it with"
        " the expected one; if they are the same, the secret was changed on its way to the HMAC."
    ),
}


def advice_for(name: str, message: str) -> str:
    """Return the advice for a mistake, or for two joined by `+`; `message` is that of the catalogue."""
    if name in ADVICE:
        return ADVICE[name]
    if "+" not in name:
        return message
    from mock_server.verifier.mistakes import MISTAKES  # noqa: PLC0415  # only for two mistakes

    messages = {mistake.name: mistake.message for mistake in MISTAKES}
    each = (ADVICE.get(part) or messages[part] for part in name.split("+"))
    return f"Two mistakes at once. {' '.join(each)}"
