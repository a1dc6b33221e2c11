"""Verifiers that compare signatures or find the secret of an access key a little wrongly."""

# ruff: noqa: ARG001, ARG005  # a step is called with all it may need

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.mutants.verifiers import Refusal, Verifier, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.raw_http import RawRequest

ALIKE = str.maketrans("OI", "0l")
WELL_FORMED = re.compile(r"[A-Za-z0-9+/]{43}=")


def _compares(part: slice) -> Callable[[Verifier, str, str], bool]:
    return lambda self, expected, signature: expected[part] == signature[part]


for _first in range(0, 44, 4):
    add(
        "matches",
        f"compares_all_but_characters_{_first}_to_{_first + 3}",
        "Compare in words of four, with one left out.",
        lambda self, expected, signature, at=_first: (
            expected[:at] + expected[at + 4 :] == signature[:at] + signature[at + 4 :]
        ),
    )
for _name, _part in (
    ("compares_32_characters", slice(0, 32)),
    ("compares_the_last_20", slice(-20, None)),
    ("compares_all_but_the_first", slice(1, None)),
    ("compares_40_characters", slice(0, 40)),
    ("compares_every_second_character", slice(0, None, 2)),
    ("compares_42_characters", slice(0, 42)),
):
    add("matches", _name, f"Compare the part {_part} of the signatures.", _compares(_part))
add(
    "matches",
    "compares_c_strings",
    "Compare the digests up to their first NUL, by strcmp().",
    lambda self, expected, signature: (
        base64.b64decode(expected).partition(b"\0")[0] == base64.b64decode(signature).partition(b"\0")[0]
    ),
)
add(
    "matches",
    "compares_letters_and_digits",
    "Compare letters and digits alone.",
    lambda self, expected, signature: re.sub("[+/]", "", expected) == re.sub("[+/]", "", signature),
)
add(
    "matches",
    "compares_look_alikes",
    "Compare without a difference between O and 0, I and l.",
    lambda self, expected, signature: expected.translate(ALIKE) == signature.translate(ALIKE),
)
add(
    "matches",
    "compares_as_a_set",
    "Compare the sorted characters.",
    lambda self, expected, signature: sorted(expected) == sorted(signature),
)
add(
    "matches",
    "compares_a_pattern",
    "Use the expected signature as a pattern, in which + repeats.",
    lambda self, expected, signature: bool(re.fullmatch(expected, signature)) or expected == signature,
)
add(
    "matches",
    "compares_a_sum",
    "Compare the sum of the bytes.",
    lambda self, expected, signature: sum(expected.encode()) == sum(signature.encode("latin-1")),
)


def _takes_a_signature_that_contains_it(self: Verifier, signature: str) -> None:
    if not WELL_FORMED.search(signature):
        raise Refusal("signature_encoding")


add(
    "encoding",
    "looks_for_a_signature_inside",
    "Look for 44 characters anywhere in the text.",
    _takes_a_signature_that_contains_it,
)


def _secret_by(find: Callable[[str, str], object]) -> Callable[[Verifier, str], bytes]:
    def secret(self: Verifier, access_key: str) -> bytes:
        for known, value in self.keys.items():
            if find(known, access_key):
                return value.encode()
        raise Refusal("access_key_unknown")

    return secret


for _name, _seen, _find in (
    (
        "finds_keys_by_prefix",
        "Find an access key of which only the start was sent.",
        lambda known, sent: known.startswith(sent),
    ),
    (
        "finds_keys_that_start_so",
        "Find an access key that is the start of the one sent.",
        lambda known, sent: sent.startswith(known),
    ),
    ("finds_keys_inside", "Find an access key anywhere in the one sent.", lambda known, sent: known in sent),
    ("finds_keys_decoded", "Percent-decode the access key.", lambda known, sent: known == unquote(sent)),
    (
        "finds_keys_by_like",
        "Look an access key up by LIKE: % and _ are wild.",
        lambda known, sent: re.fullmatch(re.escape(sent).replace("%", ".*").replace("_", "."), known),
    ),
    (
        "finds_keys_by_glob",
        "Look an access key up as a file: * and ? are wild.",
        lambda known, sent: re.fullmatch(re.escape(sent).replace(r"\*", ".*").replace(r"\?", "."), known),
    ),
    (
        "finds_keys_unquoted",
        "Drop quotes from an access key.",
        lambda known, sent: known == sent.strip("'\""),
    ),
    (
        "finds_keys_by_first_path_segment",
        "Use the access key up to its first slash.",
        lambda known, sent: known == sent.partition("/")[0],
    ),
    (
        "finds_keys_before_a_comma",
        "Use the access key up to a comma or a semicolon.",
        lambda known, sent: known == re.split("[,;]", sent)[0],
    ),
    (
        "finds_keys_behind_an_at_sign",
        "Use the access key behind @.",
        lambda known, sent: known == sent.rpartition("@")[2],
    ),
    (
        "finds_keys_before_an_equals_sign",
        "Use the access key up to =.",
        lambda known, sent: known == sent.partition("=")[0],
    ),
    (
        "finds_keys_in_two_cases",
        "Find access keys in upper case too.",
        lambda known, sent: known.upper() == sent,
    ),
    (
        "finds_eight_characters_of_keys",
        "Compare eight characters of access keys.",
        lambda known, sent: known[:8] == sent[:8],
    ),
):
    add("secret", _name, _seen, _secret_by(_find))


def _secret_or(words: tuple[str, ...], secret: bytes) -> Callable[[Verifier, str], bytes]:
    return lambda self, access_key: secret if access_key in words else Verifier.secret(self, access_key)


add(
    "secret",
    "finds_properties_of_objects",
    "Look an access key up in a JavaScript object.",
    _secret_or(("constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"), b"undefined"),
)
add(
    "secret",
    "finds_constructor",
    "Sign with the text of a function for the access key constructor.",
    _secret_or(("constructor",), b"function Object() { [native code] }"),
)
add(
    "secret",
    "finds_an_empty_secret",
    "Sign with an empty secret for an unknown access key.",
    lambda self, access_key: next(
        (value.encode() for known, value in self.keys.items() if known == access_key), b""
    ),
)
add(
    "secret",
    "finds_the_word_none",
    "Sign with the word None for an unknown access key.",
    lambda self, access_key: str(self.keys.get(access_key)).encode(),
)
add(
    "secret",
    "finds_the_access_key",
    "Sign with the access key itself if it is unknown.",
    lambda self, access_key: self.keys.get(access_key, access_key).encode(),
)


def _takes_former_secrets(self: Verifier, request: RawRequest) -> str:
    for secret in ("my former secret key", *self.keys.values()):
        if Verifier(self.clock, self.window, dict.fromkeys(self.keys, secret)).verify(request) == "ok":
            return "ok"
    return Verifier.verify(self, request)


add(
    "verify",
    "takes_a_former_secret",
    "Accept the secret before the last rotation, and those of other keys.",
    _takes_former_secrets,
)


def _lenient(self: Verifier, request: RawRequest) -> None:
    """Compare 32 decoded bytes."""
    authorization = self.header(request, "authorization", "authorization")
    timestamp = self.header(request, "couchbase-timestamp", "timestamp")
    access_key, signature = self.credentials(authorization)
    self.form(timestamp)
    self.unit(timestamp)
    self.freshness(int(timestamp))
    secret = self.secret(access_key)
    cut = signature[:44]
    self.encoding(cut)
    if base64.b64decode(cut) != base64.b64decode(self.expected(secret, self.text(request, timestamp))):
        raise Refusal("signature_mismatch")


add(
    "check",
    "decodes_44_characters",
    "Decode the first 44 characters of the signature and compare bytes.",
    _lenient,
)


def _texts(change: Callable[[bytes], bytes]) -> Callable[[Verifier, RawRequest, str], bytes]:
    return lambda self, request, timestamp: change(Verifier.text(self, request, timestamp))


for _name, _seen, _change_text in (
    ("cuts_texts_at_8190", "Cut the text at 8,190 bytes.", lambda text: text[:8190]),
    ("cuts_texts_at_4096", "Cut the text at 4,096 bytes.", lambda text: text[:4096]),
    ("cuts_texts_at_2048", "Cut the text at 2,048 bytes.", lambda text: text[:2048]),
    ("cuts_texts_at_256", "Cut the text at 256 bytes.", lambda text: text[:256]),
    ("drops_percent_00", "Drop %00 from the text.", lambda text: text.replace(b"%00", b"")),
    ("decodes_percent_2c", "Decode %2C in the text.", lambda text: text.replace(b"%2C", b",")),
    ("decodes_percent_3f", "Decode %3F in the text.", lambda text: text.replace(b"%3F", b"?")),
    ("encodes_single_quotes", "Encode ' in the text.", lambda text: text.replace(b"'", b"%27")),
    (
        "turns_backslashes_of_targets",
        "Write / for a backslash in the text.",
        lambda text: text.replace(b"\\", b"/"),
    ),
):
    add("text", _name, _seen, _texts(_change_text))


add(
    "method",
    "verifies_get_for_options",
    "Verify OPTIONS as GET.",
    lambda self, request: "GET" if request.method == "OPTIONS" else request.method,
)
add(
    "method",
    "verifies_three_letters",
    "Verify the first three letters of the method.",
    lambda self, request: request.method[:3],
)
