"""Verifiers that compare, look up, parse or measure a little wrongly."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.mutants.verifiers import Refusal, Verifier, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.raw_http import RawRequest

WELL_FORMED = re.compile(r"[A-Za-z0-9+/]{43}=")


def _compares(part: slice) -> Callable[[Verifier, str, str], bool]:
    return lambda self, expected, signature: expected[part] == signature[part]


# fmt: off
for _first in range(0, 44, 4):
    add("matches", f"compares_all_but_characters_{_first}_to_{_first + 3}", "Compare in words of four, with one left out.",
        lambda self, expected, signature, at=_first: expected[:at] + expected[at + 4:] == signature[:at] + signature[at + 4:])
for _name, _part in (("compares_32_characters", slice(0, 32)), ("compares_the_last_20", slice(-20, None)),
                     ("compares_all_but_the_first", slice(1, None)), ("compares_40_characters", slice(0, 40)),
                     ("compares_every_second_character", slice(0, None, 2)), ("compares_42_characters", slice(0, 42))):
    add("matches", _name, f"Compare the part {_part} of the signatures.", _compares(_part))
add("matches", "compares_as_a_set", "Compare the sorted characters.",
    lambda self, expected, signature: sorted(expected) == sorted(signature))
add("matches", "compares_a_pattern", "Use the expected signature as a pattern, in which + repeats.",
    lambda self, expected, signature: bool(re.fullmatch(expected, signature)) or expected == signature)
add("matches", "compares_url_characters", "Compare without a difference between + and space, / and _.",
    lambda self, expected, signature: expected.translate({43: 45, 47: 95}) == signature.translate({43: 45, 47: 95, 32: 45}))
add("matches", "compares_a_sum", "Compare the sum of the bytes.",
    lambda self, expected, signature: sum(expected.encode()) == sum(signature.encode("latin-1")))
add("matches", "finds_the_signature_anywhere", "Look for the expected signature anywhere in the text.",
    lambda self, expected, signature: expected in signature)


def _takes_a_signature_that_contains_it(self: Verifier, signature: str) -> None:
    if not WELL_FORMED.search(signature):
        raise Refusal("signature_encoding")


add("encoding", "looks_for_a_signature_inside", "Look for 44 characters anywhere in the text.", _takes_a_signature_that_contains_it)


def _secret_by(find: Callable[[str, str], object]) -> Callable[[Verifier, str], bytes]:
    def secret(self: Verifier, access_key: str) -> bytes:
        for known, value in self.keys.items():
            if find(known, access_key):
                return value.encode()
        raise Refusal("access_key_unknown")

    return secret


for _name, _seen, _find in (
    ("finds_keys_by_prefix", "Find an access key of which only the start was sent.", lambda known, sent: known.startswith(sent)),
    ("finds_keys_that_start_so", "Find an access key that is the start of the one sent.", lambda known, sent: sent.startswith(known)),
    ("finds_keys_inside", "Find an access key anywhere in the one sent.", lambda known, sent: known in sent),
    ("finds_keys_decoded", "Percent-decode the access key.", lambda known, sent: known == unquote(sent)),
    ("finds_keys_by_like", "Look an access key up by LIKE: % and _ are wild.",
        lambda known, sent: re.fullmatch(re.escape(sent).replace("%", ".*").replace("_", "."), known)),
    ("finds_keys_by_glob", "Look an access key up as a file: * and ? are wild.",
        lambda known, sent: re.fullmatch(re.escape(sent).replace(r"\*", ".*").replace(r"\?", "."), known)),
    ("finds_keys_unquoted", "Drop quotes from an access key.", lambda known, sent: known == sent.strip("'\"")),
    ("finds_keys_by_first_path_segment", "Use the access key up to its first slash.", lambda known, sent: known == sent.partition("/")[0]),
    ("finds_keys_before_a_comma", "Use the access key up to a comma or a semicolon.",
        lambda known, sent: known == re.split("[,;]", sent)[0]),
    ("finds_keys_behind_an_at_sign", "Use the access key behind @.", lambda known, sent: known == sent.rpartition("@")[2]),
    ("finds_keys_before_an_equals_sign", "Use the access key up to =.", lambda known, sent: known == sent.partition("=")[0]),
    ("finds_keys_in_two_cases", "Find access keys in upper case too.", lambda known, sent: known.upper() == sent),
    ("finds_eight_characters_of_keys", "Compare eight characters of access keys.", lambda known, sent: known[:8] == sent[:8]),
):
    add("secret", _name, _seen, _secret_by(_find))


def _secret_or(words: tuple[str, ...], secret: bytes) -> Callable[[Verifier, str], bytes]:
    return lambda self, access_key: secret if access_key in words else Verifier.secret(self, access_key)


add("secret", "finds_properties_of_objects", "Look an access key up in a JavaScript object.",
    _secret_or(("constructor", "__proto__", "toString", "hasOwnProperty", "valueOf"), b"undefined"))
add("secret", "finds_constructor", "Sign with the text of a function for the access key constructor.",
    _secret_or(("constructor",), b"function Object() { [native code] }"))
add("secret", "finds_an_empty_secret", "Sign with an empty secret for an unknown access key.",
    lambda self, access_key: next((value.encode() for known, value in self.keys.items() if known == access_key), b""))
add("secret", "finds_the_word_none", "Sign with the word None for an unknown access key.",
    lambda self, access_key: str(self.keys.get(access_key)).encode())
add("secret", "finds_the_access_key", "Sign with the access key itself if it is unknown.",
    lambda self, access_key: self.keys.get(access_key, access_key).encode())


def _takes_former_secrets(self: Verifier, expected: str, signature: str) -> bool:
    return Verifier.matches(self, expected, signature) or signature in self.former


def _text_with_former(self: Verifier, request: RawRequest, timestamp: str) -> bytes:
    text = Verifier.text(self, request, timestamp)
    secrets = [b"my former secret key", *(value.encode() for value in self.keys.values())]
    object.__setattr__(self, "former", {Verifier.expected(self, secret, text) for secret in secrets})
    return text


TAKES_EVERY_SECRET = type("_", (Verifier,), {"text": _text_with_former, "matches": _takes_former_secrets})
add("verify", "takes_a_former_secret", "Accept the secret before the last rotation, and those of other keys.",
    lambda self, request: TAKES_EVERY_SECRET(self.clock, self.window, self.keys).verify(request))


def _credentials_by(pattern: str) -> Callable[[Verifier, str], tuple[str, str]]:
    def credentials(self: Verifier, authorization: str) -> tuple[str, str]:
        scheme, _, rest = authorization.partition(" ")
        self.scheme(scheme)
        found = re.fullmatch(pattern, rest, re.DOTALL)
        if not found:
            raise Refusal("authorization_malformed")
        return found[1], found[2]

    return credentials


for _name, _seen, _pattern in (
    ("takes_access_keys_of_any_byte", "Accept every byte in an access key except a colon.", r"([^:]+):(.*[^ \t])"),
    ("takes_access_keys_in_latin_1", "Accept bytes of 80 and more in an access key.", r"([!-9;=?-~\x80-\xff]+):(.*[^ \t])"),
    ("takes_access_keys_without_blanks", r"Accept an access key by [^\s:<>]+.", r"([^\s:<>]+):(.*[^ \t])"),
    ("takes_delete_in_access_keys", "Accept 7F in an access key.", r"([!-9;=?-\x7f]+):(.*[^ \t])"),
    ("takes_lone_brackets", "Refuse <...> only: a lone bracket passes.", r"(?!<.*>)([!-9;-~]+):(.*[^ \t])"),
    ("wants_words_for_access_keys", r"Refuse an access key outside [\w-].", r"([\w-]+):(.*[^ \t])"),
    ("takes_spaces_before_the_key", "Skip spaces after the scheme.", r" *([!-9;=?-~]+):(.*[^ \t])"),
    ("takes_spaces_around_the_colon", "Skip spaces around the colon.", r"([!-9;=?-~]+) *: *(.*[^ \t])"),
    ("cuts_the_credentials_at_a_comma", "Ignore a comma and what follows.", r"([!-9;=?-~]+):([^,]*[^ \t,])(?:,.*)?"),
    ("cuts_the_credentials_at_a_space", "Ignore a space and what follows.", r"([!-9;=?-~]+):([^ \t]+)(?:[ \t].*)?"),
    ("cuts_the_credentials_at_a_semicolon", "Ignore a semicolon and what follows.", r"([!-9;=?-~]+):([^;]*[^ \t;])(?:;.*)?"),
    ("drops_quotes_of_the_credentials", "Skip quotes around the credentials.", r'"?([!#-9;=?-~]+):([^"]*[^ \t"])"?'),
    ("drops_quotes_of_the_signature", "Skip quotes around the signature.", r"([!-9;=?-~]+):['\"]?([^'\"]*[^ \t'\"])['\"]?"),
):
    add("credentials", _name, _seen, _credentials_by(_pattern))


def _finds_bearer(self: Verifier, authorization: str) -> tuple[str, str]:
    _, mark, rest = authorization.rpartition("Bearer ")
    return Verifier.credentials(self, mark + rest)


add("credentials", "finds_bearer_anywhere", "Look for `Bearer ` anywhere in the header.", _finds_bearer)


def _scheme_by(right: Callable[[str], object]) -> Callable[[Verifier, str], None]:
    def scheme(self: Verifier, scheme: str) -> None:
        if not right(scheme):
            raise Refusal("authorization_scheme")

    return scheme


for _name, _seen, _right in (
    ("takes_schemes_that_start_so", "Accept Bearer with more behind it.", lambda scheme: scheme.startswith("Bearer")),
    ("takes_schemes_that_end_so", "Accept Bearer with more before it.", lambda scheme: scheme.endswith("Bearer")),
    ("takes_a_colon_after_the_scheme", "Accept `Bearer:`.", lambda scheme: scheme.rstrip(":") == "Bearer"),
    ("takes_other_schemes_too", "Accept Token, HMAC and the like.", lambda scheme: scheme in {"Bearer", "Token", "HMAC", "Signature"}),
    ("takes_quotes_before_the_scheme", "Skip quotes before the scheme.", lambda scheme: scheme.strip("'\"") == "Bearer"),
    ("takes_a_title", "Accept bearer, Bearer and BEARER, but no other case.", lambda scheme: scheme in {"bearer", "Bearer", "BEARER"}),
    ("takes_a_lower_case_scheme", "Accept bearer too.", lambda scheme: scheme in {"bearer", "Bearer"}),
):
    add("scheme", _name, _seen, _scheme_by(_right))


def _form_by(pattern: str) -> Callable[[Verifier, str], None]:
    def form(self: Verifier, timestamp: str) -> None:
        if not re.search(pattern, timestamp):
            raise Refusal("timestamp_malformed")

    return form


def _freshness_by(measure: Callable[[int], int]) -> Callable[[Verifier, int], None]:
    def freshness(self: Verifier, timestamp: int) -> None:
        distance = measure(timestamp) - measure(self.clock)
        if abs(distance) > measure(self.window):
            raise Refusal("timestamp_stale" if distance < 0 else "timestamp_future")

    return freshness


for _name, _seen, _measure in (
    ("rounds_to_seconds", "Round times to seconds.", lambda time: (time + 500) // 1000),
    ("cuts_to_seconds", "Cut times to seconds.", lambda time: time // 1000),
    ("cuts_to_tenths", "Cut times to tenths of a second.", lambda time: time // 100),
    ("cuts_to_minutes", "Cut times to minutes.", lambda time: time // 60_000),
    ("keeps_32_bits_of_a_time", "Keep 32 bits of times.", lambda time: time % 2**32),
    ("keeps_31_bits_of_a_time", "Keep 31 bits of times.", lambda time: time % 2**31),
):
    add("freshness", _name, _seen, _freshness_by(_measure))


def _freshness_between(past: int, future: int) -> Callable[[Verifier, int], None]:
    def freshness(self: Verifier, timestamp: int) -> None:
        if timestamp < self.clock - self.window + past:
            raise Refusal("timestamp_stale")
        if timestamp > self.clock + self.window + future:
            raise Refusal("timestamp_future")

    return freshness


for _past, _future in ((1, 0), (-1, 0), (0, -1), (0, 1), (1000, 0), (0, -1000), (123, 123), (-123, -123), (0, -300_000)):
    add("freshness", f"moves_the_window_by_{_past}_and_{_future}".replace("-", "minus_"),
        f"Move the edges of the window by {_past} and {_future} ms.", _freshness_between(_past, _future))


def _values_by(change: Callable[[str], str], only: str) -> Callable[[Verifier, RawRequest, str], list[str]]:
    return lambda self, request, name: [
        change(value) if name == only else value for value in Verifier.values(self, request, name)
    ]


for _name, _seen, _only, _change in (
    ("cuts_the_timestamp_at_13_digits", "Use the first 13 characters of the timestamp.", "couchbase-timestamp", lambda value: value[:13]),
    ("parses_the_start_of_the_timestamp", "Ignore what follows the digits, as parseInt does.", "couchbase-timestamp",
        lambda value: (re.match("[0-9]+", value) or [value])[0]),
    ("cuts_the_timestamp_at_a_comma", "Use the text before a comma.", "couchbase-timestamp", lambda value: value.partition(",")[0].strip()),
    ("takes_the_last_of_a_list", "Use the text after a comma.", "couchbase-timestamp", lambda value: value.rpartition(",")[2].strip()),
    ("cuts_the_timestamp_at_a_semicolon", "Use the text before a semicolon.", "couchbase-timestamp", lambda value: value.partition(";")[0].strip()),
    ("cuts_the_timestamp_at_a_dot", "Use the text before a dot.", "couchbase-timestamp", lambda value: value.partition(".")[0]),
    ("drops_quotes_of_the_timestamp", "Drop quotes around the timestamp.", "couchbase-timestamp", lambda value: value.strip("\"'")),
    ("drops_all_but_digits", "Keep only the digits.", "couchbase-timestamp", lambda value: re.sub("[^0-9]", "", value) or value),
    ("finds_digits", "Use the first digits anywhere.", "couchbase-timestamp", lambda value: (re.search("[0-9]+", value) or [value])[0]),
    ("strips_controls_of_the_timestamp", "Strip controls and bytes of 80 and more.", "couchbase-timestamp",
        lambda value: value.strip("\v\f\x1c\x1d\x1e\x1f\x85\xa0\x7f")),
    ("strips_controls_of_the_authorization", "Strip controls and bytes of 80 and more.", "authorization",
        lambda value: value.strip("\v\f\x1c\x1d\x1e\x1f\x85\xa0\x7f")),
    ("decodes_the_authorization", "Percent-decode the Authorization header.", "authorization", unquote),
    ("joins_spaces_of_the_authorization", "Write one space for several.", "authorization", lambda value: re.sub("[ \t]+", " ", value)),
    ("drops_commas_at_the_end", "Drop a comma or a semicolon at the end.", "authorization", lambda value: value.rstrip(",;")),
    ("drops_dots_at_the_end", "Drop a dot at the end.", "authorization", lambda value: value.rstrip(".")),
):
    add("values", _name, _seen, _values_by(_change, _only))


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


add("check", "decodes_44_characters", "Decode the first 44 characters of the signature and compare bytes.", _lenient)


def _texts(change: Callable[[bytes], bytes]) -> Callable[[Verifier, RawRequest, str], bytes]:
    return lambda self, request, timestamp: change(Verifier.text(self, request, timestamp))


for _name, _seen, _change_text in (
    ("cuts_texts_at_4096", "Cut the text at 4,096 bytes.", lambda text: text[:4096]),
    ("cuts_texts_at_2048", "Cut the text at 2,048 bytes.", lambda text: text[:2048]),
    ("cuts_texts_at_256", "Cut the text at 256 bytes.", lambda text: text[:256]),
    ("drops_percent_00", "Drop %00 from the text.", lambda text: text.replace(b"%00", b"")),
    ("decodes_percent_2c", "Decode %2C in the text.", lambda text: text.replace(b"%2C", b",")),
    ("decodes_percent_3f", "Decode %3F in the text.", lambda text: text.replace(b"%3F", b"?")),
    ("encodes_single_quotes", "Encode ' in the text.", lambda text: text.replace(b"'", b"%27")),
    ("turns_backslashes_of_targets", "Write / for a backslash in the text.", lambda text: text.replace(b"\\", b"/")),
):
    add("text", _name, _seen, _texts(_change_text))



add("method", "verifies_get_for_options", "Verify OPTIONS as GET.",
    lambda self, request: "GET" if request.method == "OPTIONS" else request.method)
add("method", "verifies_three_letters", "Verify the first three letters of the method.", lambda self, request: request.method[:3])
add("form", "takes_up_to_20_digits", "Accept 20 digits.", _form_by(r"\A(?:0|[1-9][0-9]{0,19})\Z"))
add("form", "takes_up_to_18_digits", "Refuse 19 digits as malformed.", _form_by(r"\A(?:0|[1-9][0-9]{0,17})\Z"))
add("form", "takes_leading_zeros_of_13_digits", "Accept 13 digits of any kind.", _form_by(r"\A(?:[0-9]{13}|0|[1-9][0-9]{0,18})\Z"))
# fmt: on
