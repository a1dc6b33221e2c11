"""Signers that check their input with the wrong classes of characters, or write the header wrongly."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.mutants.signers import add, add_checks, refuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mutants.signers import Ask


def _accepting(**patterns: str) -> Callable[[Ask], bool]:
    """Return a check in which one pattern decides about a field, and the rest of the rule is right."""

    def check(ask: Ask) -> bool:
        right = {"method": "GET", "endpoint": "/", "timestamp": "0", "access_key": "A"}
        for name, pattern in patterns.items():
            if not re.search(pattern, getattr(ask, name)):
                return True
        return refuses(replace(ask, **{name: right[name] for name in patterns}))

    return check


def _when(condition: Callable[[Ask], object], **valid: str) -> Callable[[Ask], bool]:
    return lambda ask: not condition(ask) or refuses(replace(ask, **valid))


add_checks(
    {
        "takes_unicode_letters": (
            "Accept a method by isalpha() and isupper().",
            _when(lambda ask: ask.method.isalpha() and ask.method.isupper(), method="GET"),
        ),
        "ignores_case_of_unicode": (
            "Accept a method by [A-Z]+ with IGNORECASE: U+017F and U+212A fit.",
            _when(
                lambda ask: re.fullmatch("[A-Z]+", ask.method.replace("\u017f", "S").replace("\u212a", "K")),
                method="GET",
            ),
        ),
        "takes_word_characters": (r"Accept a method by \w+.", _accepting(method=r"\A\w+\Z")),
        "trims_the_method": (
            "Trim the method before the check.",
            lambda ask: refuses(replace(ask, method=ask.method.strip())),
        ),
        "finds_a_method": ("Search a method anywhere in the text.", _accepting(method="[A-Z]+")),
        "looks_at_the_start_of_a_method": (
            "Check the start of the method only.",
            _accepting(method=r"\A[A-Z]+"),
        ),
        "looks_at_the_end_of_a_method": ("Check the end of the method only.", _accepting(method=r"[A-Z]+\Z")),
        "checks_each_line_of_a_method": ("Check a method with MULTILINE.", _accepting(method="(?m)^[A-Z]+$")),
        "takes_dashes_in_methods": (
            "Accept tokens of RFC 9110 as methods.",
            _accepting(method=r"\A[A-Z0-9._-]+\Z"),
        ),
        "takes_digits_by_isdigit": (
            "Accept a timestamp by isdigit(): superscripts too.",
            _when(
                lambda ask: ask.timestamp.isdigit() and (ask.timestamp[0] != "0" or ask.timestamp == "0"),
                timestamp="0",
            ),
        ),
        "takes_numbers_by_isnumeric": (
            "Accept a timestamp by isnumeric().",
            _when(
                lambda ask: ask.timestamp.isnumeric() and (ask.timestamp[0] != "0" or ask.timestamp == "0"),
                timestamp="0",
            ),
        ),
        "takes_digits_of_python": (
            r"Accept a timestamp by 0|[1-9]\d*: other digits behind the first one.",
            _accepting(timestamp=r"\A(?:0|[1-9]\d*)\Z"),
        ),
        "trims_the_timestamp": (
            "Trim the timestamp before the check.",
            lambda ask: refuses(replace(ask, timestamp=ask.timestamp.strip())),
        ),
        "parses_the_start_of_a_timestamp": (
            "Check the start of the timestamp, as parseInt does.",
            _accepting(timestamp=r"\A\s*[+-]?(?:0\b|[1-9])"),
        ),
        "checks_each_line_of_a_timestamp": (
            "Check a timestamp with MULTILINE.",
            _accepting(timestamp="(?m)^(?:0|[1-9][0-9]*)$"),
        ),
        "takes_a_suffix_of_milliseconds": (
            "Accept 1ms and 1n.",
            _accepting(timestamp=r"\A(?:0|[1-9][0-9]*)(?:ms|n|L)?\Z"),
        ),
        "takes_separators_of_thousands": (
            "Accept 1,000.",
            _accepting(timestamp=r"\A(?:0|[1-9][0-9,.' ]*)\Z"),
        ),
        "takes_exponents": (
            "Accept 1e3.",
            _accepting(timestamp=r"\A(?:0|[1-9][0-9.]*(?:[eE][+-]?[0-9]+)?)\Z"),
        ),
        "takes_printable_endpoints": (
            "Accept an endpoint by isprintable().",
            _when(
                lambda ask: (
                    ask.endpoint.startswith("/")
                    and ask.endpoint.isprintable()
                    and not set(ask.endpoint) & set(" #")
                ),
                endpoint="/",
            ),
        ),
        "takes_endpoints_without_space": (
            r"Accept an endpoint by /\S*.",
            _when(lambda ask: re.fullmatch(r"/\S*", ask.endpoint) and "#" not in ask.endpoint, endpoint="/"),
        ),
        "takes_latin_1_endpoints": (
            "Accept an endpoint that can be encoded as Latin-1.",
            _when(lambda ask: re.fullmatch(r"/[!-\"$-~\x80-\xff]*", ask.endpoint), endpoint="/"),
        ),
        "takes_delete": (
            "Accept U+007F: everything above a space.",
            _when(lambda ask: re.fullmatch(r"/[!-\"$-\x7f]*", ask.endpoint), endpoint="/"),
        ),
        "trims_the_endpoint": (
            "Trim the endpoint before the check.",
            lambda ask: refuses(replace(ask, endpoint=ask.endpoint.strip())),
        ),
        "looks_at_the_start_of_an_endpoint": (
            "Check the start of the endpoint only.",
            _accepting(endpoint=r"\A/[!-\"$-~]*"),
        ),
        "takes_tabs_in_endpoints": (
            "Accept a tab in the endpoint.",
            lambda ask: refuses(replace(ask, endpoint=ask.endpoint.replace("\t", ""))),
        ),
        "takes_a_fragment_at_the_end": (
            "Accept # at the end of the endpoint: an empty fragment.",
            lambda ask: refuses(replace(ask, endpoint=ask.endpoint.removesuffix("#"))),
        ),
        "takes_a_url": (
            "Accept a whole URL as the endpoint.",
            lambda ask: refuses(replace(ask, endpoint=re.sub(r"\Ahttps?://[^/]*", "", ask.endpoint))),
        ),
        "takes_an_asterisk": (
            "Accept * as the endpoint, for OPTIONS.",
            lambda ask: refuses(replace(ask, endpoint="/" if ask.endpoint == "*" else ask.endpoint)),
        ),
        "takes_access_keys_without_space": (
            r"Accept an access key by [^\s:<>]+: controls and letters of any script.",
            _when(lambda ask: re.fullmatch(r"[^\s:<>]+", ask.access_key), access_key="A"),
        ),
        "takes_printable_access_keys": (
            "Accept an access key by isprintable().",
            _when(
                lambda ask: ask.access_key.isprintable() and not re.search("[ :<>]|^$", ask.access_key),
                access_key="A",
            ),
        ),
        "takes_latin_1_access_keys": (
            "Accept an access key that can be encoded as Latin-1.",
            _when(lambda ask: re.fullmatch(r"[!-9;=?-~\x80-\xff]+", ask.access_key), access_key="A"),
        ),
        "takes_delete_in_access_keys": (
            "Accept U+007F in an access key.",
            _when(lambda ask: re.fullmatch(r"[!-9;=?-\x7f]+", ask.access_key), access_key="A"),
        ),
        "trims_the_access_key": (
            "Trim the access key before the check.",
            lambda ask: refuses(replace(ask, access_key=ask.access_key.strip())),
        ),
        "looks_for_pairs_of_angle_brackets": (
            "Refuse <...> only: a lone bracket passes.",
            lambda ask: refuses(
                replace(
                    ask,
                    access_key=ask.access_key
                    if re.search("<.*>", ask.access_key)
                    else re.sub("[<>]", "", ask.access_key),
                )
            ),
        ),
        "takes_a_colon_at_the_end": (
            "Accept a colon at the end of the access key.",
            lambda ask: refuses(replace(ask, access_key=ask.access_key.removesuffix(":"))),
        ),
        "wants_word_characters": (
            r"Refuse an access key outside [\w-].",
            lambda ask: refuses(ask) or not re.fullmatch(r"[\w-]+", ask.access_key),
        ),
        "wants_base64_characters": (
            "Refuse an access key that is not base64.",
            lambda ask: refuses(ask) or not re.fullmatch("[A-Za-z0-9+/_=-]+", ask.access_key),
        ),
        "refuses_words_for_nothing": (
            "Refuse null, undefined and the like as an access key.",
            lambda ask: (
                refuses(ask)
                or ask.access_key.lower() in {"null", "none", "undefined", "nil", "nan", "false", "0"}
            ),
        ),
        "refuses_blank_secrets": (
            "Refuse a secret of spaces: isBlank().",
            lambda ask: refuses(ask) or not ask.secret.strip(),
        ),
        "refuses_secrets_outside_ascii": (
            "Refuse a secret with other letters.",
            lambda ask: refuses(ask) or not ask.secret.isascii(),
        ),
        "refuses_words_for_no_secret": (
            "Refuse null, undefined and the like as a secret.",
            lambda ask: refuses(ask) or ask.secret in {"null", "None", "undefined", "nil", "false", "0"},
        ),
        "knows_nine_methods": (
            "Refuse methods outside RFC 9110 and PATCH.",
            lambda ask: (
                refuses(ask)
                or ask.method
                not in {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}
            ),
        ),
        "refuses_bad_escapes": (
            "Refuse % without two hex digits.",
            lambda ask: refuses(ask) or re.search("%(?![0-9A-Fa-f]{2})", ask.endpoint),
        ),
        "refuses_encoded_controls": (
            "Refuse %00 and %0A.",
            lambda ask: refuses(ask) or re.search("%0", ask.endpoint),
        ),
        "refuses_escapes_outside_utf8": (
            "Refuse escapes that are not UTF-8.",
            lambda ask: refuses(ask) or "\ufffd" in unquote(ask.endpoint),
        ),
        "refuses_two_slashes": (
            "Refuse // in the path.",
            lambda ask: refuses(ask) or "//" in ask.endpoint.partition("?")[0],
        ),
        "refuses_dot_segments": (
            "Refuse .. in the endpoint.",
            lambda ask: refuses(ask) or ".." in ask.endpoint,
        ),
        "refuses_old_timestamps": (
            "Refuse timestamps of another century.",
            lambda ask: refuses(ask) or len(ask.timestamp) != 13,
        ),
    }
)
add(
    "header",
    "strips_the_access_key",
    "Strip quotes from the access key in the header.",
    lambda ask, signature: f"Bearer {ask.access_key.strip(chr(34) + chr(39))}:{signature}",
)
add(
    "header",
    "lowers_the_access_key",
    "Write the access key in lower case.",
    lambda ask, signature: f"Bearer {ask.access_key.lower()}:{signature}",
)
add(
    "header",
    "reads_a_numeric_access_key",
    "Read an access key of digits as a number.",
    lambda ask, signature: (
        f"Bearer {ask.access_key.lstrip('0') if ask.access_key.isdecimal() else ask.access_key}:{signature}"
    ),
)
add(
    "header",
    "cuts_the_padding_of_access_keys",
    "Cut = at the end of the access key.",
    lambda ask, signature: f"Bearer {ask.access_key.rstrip('=')}:{signature}",
)
add(
    "header",
    "formats_the_access_key",
    "Use the access key as a format: %% becomes %.",
    lambda ask, signature: f"Bearer {ask.access_key.replace('%%', '%')}:{signature}",
)
add(
    "header",
    "escapes_the_access_key_for_html",
    "Escape the access key for HTML.",
    lambda ask, signature: f"Bearer {ask.access_key.replace('&', '&amp;')}:{signature}",
)
