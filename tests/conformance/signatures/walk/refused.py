"""Inputs that a signer must refuse for a visible ASCII character, or for the form of the whole field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.signatures.walk.case import TIMESTAMP, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

# Field -> the name of the damage -> the value, and what is special.
REFUSED = {
    "method": {
        "lower-case-start": ("gET", "a small letter at the start"),
        "lower-case-middle": ("GeT", "a small letter in the middle"),
        "lower-case-end": ("GEt", "a small letter at the end"),
        "digit-start": ("1GET", "a digit at the start"),
        "digit-middle": ("G3T", "a digit in the middle"),
        "digit-end": ("GET2", "a digit at the end"),
        "dash": ("M-SEARCH", "a dash, which HTTP allows"),
        "underscore": ("GET_ALL", "an underscore"),
        "dot": ("GET.", "a dot"),
        "colon": ("GET:", "a colon"),
        "slash": ("/GET", "a slash"),
        "enumeration": ("HttpMethod.GET", "the name of an enumeration"),
        "quotes": ('"GET"', "quotes around the method"),
        "asterisk": ("*", "an asterisk"),
        "two-methods": ("GET,POST", "two methods"),
        "only-space": (" ", "only a space"),
        "whole-line": ("GET /v2/clouds", "the start of a request line"),
    },
    "endpoint": {
        "hash-start": ("#/v2/clouds", "a # at the start"),
        "hash-middle": ("/v2/#/clouds", "a # in the middle"),
        "hash-end": ("/v2/clouds#", "an empty fragment"),
        "hash-in-query": ("/v2/clouds?q=#1", "a # in the query"),
        "no-slash": ("v2/clouds", "no slash at the start"),
        "query-alone": ("?page=1", "a query alone"),
        "asterisk": ("*", "an asterisk, for OPTIONS"),
        "authority": ("cloudapi.cloud.couchbase.com:443", "a host and a port, for CONNECT"),
        "https-url": ("https://cloudapi.cloud.couchbase.com/v2/clouds", "a whole URL"),
        "backslash-start": ("\\v2\\clouds", "a backslash at the start"),
        "escaped-slash-start": ("%2Fv2/clouds", "an escaped slash at the start"),
        "dot-start": ("./v2/clouds", "a dot at the start"),
        "only-space": (" ", "only a space"),
        "two-targets": ("/v2/clouds HTTP/1.1", "the end of a request line"),
    },
    "timestamp": {
        "plus-start": (f"+{TIMESTAMP}", "a plus sign"),
        "minus-zero": ("-0", "a negative zero"),
        "plus-zero": ("+0", "a positive zero"),
        "two-zeros": ("00", "two zeros"),
        "many-zeros": ("0000000000000", "13 zeros"),
        "leading-zero-start": ("0123", "a leading zero, as an octal number"),
        "dot-end": (f"{TIMESTAMP}.", "a dot at the end"),
        "dot-start": (".5", "a dot at the start"),
        "dot-and-zero": (f"{TIMESTAMP}.0", "a fraction of zero"),
        "grouped-by-commas": ("1,700,000,000,123", "commas between thousands"),
        "grouped-by-dots": ("1.700.000.000.123", "dots between thousands"),
        "grouped-by-apostrophes": ("1'700'000'000'123", "apostrophes between thousands"),
        "underscore-end": (f"{TIMESTAMP}_", "an underscore at the end"),
        "exponent-upper-case": ("1.7E12", "an exponent with E"),
        "exponent-of-an-integer": ("1e3", "an exponent without a fraction"),
        "letter-end": (f"{TIMESTAMP}L", "the L of a long in Java"),
        "bigint": (f"{TIMESTAMP}n", "the n of a BigInt in JavaScript"),
        "unit": (f"{TIMESTAMP}ms", "a unit"),
        "hex-digits": ("18bcfe5687b", "hex digits without 0x"),
        "hex-lower-case": ("0xff", "a hexadecimal number in lower case"),
        "octal": ("0o17", "an octal number"),
        "binary": ("0b1", "a binary number"),
        "iso-date": ("2023-11-14T22:13:20.123Z", "a date in ISO 8601"),
        "nan": ("NaN", "NaN"),
        "infinity": ("Infinity", "Infinity"),
        "null": ("null", "null"),
        "undefined": ("undefined", "undefined"),
        "true": ("true", "true"),
        "quotes": (f'"{TIMESTAMP}"', "quotes around the number"),
        "brackets": (f"[{TIMESTAMP}]", "a list with the number"),
        "two-numbers": (f"{TIMESTAMP},{TIMESTAMP}", "two numbers"),
        "only-space": (" ", "only a space"),
    },
    "access_key": {
        "colon-start": (":my-key", "a colon at the start"),
        "colon-middle": ("my:key", "a colon in the middle"),
        "colon-end": ("my-key:", "a colon at the end"),
        "less-than-start": ("<my-key", "a < at the start"),
        "less-than-middle": ("my<key", "a < in the middle"),
        "less-than-end": ("my-key<", "a < at the end"),
        "greater-than-start": (">my-key", "a > at the start"),
        "greater-than-middle": ("my>key", "a > in the middle"),
        "greater-than-end": ("my-key>", "a > at the end"),
        "only-colon": (":", "only a colon"),
        "only-space": (" ", "only a space"),
        "both-keys": ("access:secret", "both keys pasted together"),
        "whole-header": ("Bearer my-key", "the scheme too"),
    },
}  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield the inputs."""
    for field, values in REFUSED.items():
        for name, (value, about) in values.items():
            yield Case(
                id=f"refuse-{field.replace('_', '-')}-{name}",
                about=f"{about}, in the {field.replace('_', ' ')}",
                flag="Refusal",
                damage=f"form: {name.replace('-', ' ')}",
                fields=(field,),
                refused=True,
                **{field: value},
            )
