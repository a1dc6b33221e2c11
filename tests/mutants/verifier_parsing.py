"""Verifiers that take the two headers apart, or measure the time, a little wrongly."""

# ruff: noqa: ARG001  # a step is called with all it may need

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.mutants.verifiers import Refusal, Verifier, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.raw_http import RawRequest


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
    (
        "takes_access_keys_of_any_byte",
        "Accept every byte in an access key except a colon.",
        r"([^:]+):(.*[^ \t])",
    ),
    (
        "takes_access_keys_in_latin_1",
        "Accept bytes of 80 and more in an access key.",
        r"([!-9;=?-~\x80-\xff]+):(.*[^ \t])",
    ),
    ("takes_access_keys_without_blanks", r"Accept an access key by [^\s:<>]+.", r"([^\s:<>]+):(.*[^ \t])"),
    ("takes_delete_in_access_keys", "Accept 7F in an access key.", r"([!-9;=?-\x7f]+):(.*[^ \t])"),
    ("takes_lone_brackets", "Refuse <...> only: a lone bracket passes.", r"(?!<.*>)([!-9;-~]+):(.*[^ \t])"),
    ("wants_words_for_access_keys", r"Refuse an access key outside [\w-].", r"([\w-]+):(.*[^ \t])"),
    ("takes_spaces_before_the_key", "Skip spaces after the scheme.", r" *([!-9;=?-~]+):(.*[^ \t])"),
    ("takes_spaces_around_the_colon", "Skip spaces around the colon.", r"([!-9;=?-~]+) *: *(.*[^ \t])"),
    (
        "cuts_the_credentials_at_a_comma",
        "Ignore a comma and what follows.",
        r"([!-9;=?-~]+):([^,]*[^ \t,])(?:,.*)?",
    ),
    (
        "cuts_the_credentials_at_a_space",
        "Ignore a space and what follows.",
        r"([!-9;=?-~]+):([^ \t]+)(?:[ \t].*)?",
    ),
    (
        "cuts_the_credentials_at_a_semicolon",
        "Ignore a semicolon and what follows.",
        r"([!-9;=?-~]+):([^;]*[^ \t;])(?:;.*)?",
    ),
    (
        "drops_quotes_of_the_credentials",
        "Skip quotes around the credentials.",
        r'"?([!#-9;=?-~]+):([^"]*[^ \t"])"?',
    ),
    (
        "drops_quotes_of_the_signature",
        "Skip quotes around the signature.",
        r"([!-9;=?-~]+):['\"]?([^'\"]*[^ \t'\"])['\"]?",
    ),
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
    (
        "takes_schemes_that_start_so",
        "Accept Bearer with more behind it.",
        lambda scheme: scheme.startswith("Bearer"),
    ),
    (
        "takes_schemes_that_end_so",
        "Accept Bearer with more before it.",
        lambda scheme: scheme.endswith("Bearer"),
    ),
    ("takes_a_colon_after_the_scheme", "Accept `Bearer:`.", lambda scheme: scheme.rstrip(":") == "Bearer"),
    (
        "takes_other_schemes_too",
        "Accept Token, HMAC and the like.",
        lambda scheme: scheme in {"Bearer", "Token", "HMAC", "Signature"},
    ),
    (
        "takes_quotes_before_the_scheme",
        "Skip quotes before the scheme.",
        lambda scheme: scheme.strip("'\"") == "Bearer",
    ),
    (
        "takes_a_title",
        "Accept bearer, Bearer and BEARER, but no other case.",
        lambda scheme: scheme in {"bearer", "Bearer", "BEARER"},
    ),
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


for _past, _future in (
    (1, 0),
    (-1, 0),
    (0, -1),
    (0, 1),
    (1000, 0),
    (0, -1000),
    (123, 123),
    (-123, -123),
    (0, -300_000),
):
    add(
        "freshness",
        f"moves_the_window_by_{_past}_and_{_future}".replace("-", "minus_"),
        f"Move the edges of the window by {_past} and {_future} ms.",
        _freshness_between(_past, _future),
    )


def _values_by(change: Callable[[str], str], only: str) -> Callable[[Verifier, RawRequest, str], list[str]]:
    return lambda self, request, name: [
        change(value) if name == only else value for value in Verifier.values(self, request, name)
    ]


for _name, _seen, _only, _change in (
    (
        "cuts_the_timestamp_at_13_digits",
        "Use the first 13 characters of the timestamp.",
        "couchbase-timestamp",
        lambda value: value[:13],
    ),
    (
        "parses_the_start_of_the_timestamp",
        "Ignore what follows the digits, as parseInt does.",
        "couchbase-timestamp",
        lambda value: (re.match("[0-9]+", value) or [value])[0],
    ),
    (
        "cuts_the_timestamp_at_a_comma",
        "Use the text before a comma.",
        "couchbase-timestamp",
        lambda value: value.partition(",")[0].strip(),
    ),
    (
        "takes_the_last_of_a_list",
        "Use the text after a comma.",
        "couchbase-timestamp",
        lambda value: value.rpartition(",")[2].strip(),
    ),
    (
        "cuts_the_timestamp_at_a_semicolon",
        "Use the text before a semicolon.",
        "couchbase-timestamp",
        lambda value: value.partition(";")[0].strip(),
    ),
    (
        "cuts_the_timestamp_at_a_dot",
        "Use the text before a dot.",
        "couchbase-timestamp",
        lambda value: value.partition(".")[0],
    ),
    (
        "drops_quotes_of_the_timestamp",
        "Drop quotes around the timestamp.",
        "couchbase-timestamp",
        lambda value: value.strip("\"'"),
    ),
    (
        "drops_all_but_digits",
        "Keep only the digits.",
        "couchbase-timestamp",
        lambda value: re.sub("[^0-9]", "", value) or value,
    ),
    (
        "finds_digits",
        "Use the first digits anywhere.",
        "couchbase-timestamp",
        lambda value: (re.search("[0-9]+", value) or [value])[0],
    ),
    (
        "strips_controls_of_the_timestamp",
        "Strip controls and bytes of 80 and more.",
        "couchbase-timestamp",
        lambda value: value.strip("\v\f\x1c\x1d\x1e\x1f\x85\xa0\x7f"),
    ),
    (
        "strips_controls_of_the_authorization",
        "Strip controls and bytes of 80 and more.",
        "authorization",
        lambda value: value.strip("\v\f\x1c\x1d\x1e\x1f\x85\xa0\x7f"),
    ),
    ("decodes_the_authorization", "Percent-decode the Authorization header.", "authorization", unquote),
    (
        "joins_spaces_of_the_authorization",
        "Write one space for several.",
        "authorization",
        lambda value: re.sub("[ \t]+", " ", value),
    ),
    (
        "drops_commas_at_the_end",
        "Drop a comma or a semicolon at the end.",
        "authorization",
        lambda value: value.rstrip(",;"),
    ),
    ("drops_dots_at_the_end", "Drop a dot at the end.", "authorization", lambda value: value.rstrip(".")),
):
    add("values", _name, _seen, _values_by(_change, _only))


for _size in (255, 1024, 8192):
    add(
        "credentials",
        f"refuses_access_keys_over_{_size}",
        f"Refuse an access key of more than {_size} bytes as malformed.",
        _credentials_by(rf"([!-9;=?-~]{{1,{_size}}}):(.*[^ \t])"),
    )


def _in_64_bits(self: Verifier, timestamp: str) -> None:
    if int(timestamp) >= 2**63:
        raise Refusal("timestamp_malformed")
    Verifier.unit(self, timestamp)


add("unit", "counts_in_64_bits", "Read a number over 2^63 as malformed.", _in_64_bits)
add("form", "takes_up_to_20_digits", "Accept 20 digits.", _form_by(r"\A(?:0|[1-9][0-9]{0,19})\Z"))
add(
    "form", "takes_up_to_18_digits", "Refuse 19 digits as malformed.", _form_by(r"\A(?:0|[1-9][0-9]{0,17})\Z")
)
add(
    "form",
    "takes_leading_zeros_of_13_digits",
    "Accept 13 digits of any kind.",
    _form_by(r"\A(?:[0-9]{13}|0|[1-9][0-9]{0,18})\Z"),
)
