"""Signers that change the endpoint before they sign it, or write the digest wrongly."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from tests.mutants.signers import add, add_endpoints

if TYPE_CHECKING:
    from collections.abc import Callable

COMMA = re.compile("%2C", re.IGNORECASE)


def _query(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(endpoint: str) -> str:
        path, mark, query = endpoint.partition("?")
        return path + mark + change(query)

    return changed


def _path(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(endpoint: str) -> str:
        path, mark, query = endpoint.partition("?")
        return change(path) + mark + query

    return changed


def _parameters(change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    return _query(lambda query: "&".join(change(query.split("&"))))


add_endpoints(
    {
        "cuts_at_an_encoded_nul": ("Cut the endpoint at %00.", lambda text: text.partition("%00")[0]),
        "decodes_question_marks": ("Decode %3F alone.", lambda text: text.replace("%3F", "?")),
        "decodes_commas": ("Decode %2C, as jQuery and some proxies do.", lambda text: COMMA.sub(",", text)),
        "decodes_slashes": (
            "Decode %2F alone, as a router does.",
            lambda text: re.sub("%2f", "/", text, flags=re.IGNORECASE),
        ),
        "decodes_dots": ("Decode %2E alone.", lambda text: re.sub("%2e", ".", text, flags=re.IGNORECASE)),
        "decodes_colons": (
            "Decode %3A alone, as dates in a query need it.",
            lambda text: re.sub("%3a", ":", text, flags=re.IGNORECASE),
        ),
        "decodes_at_signs": ("Decode %40 alone.", lambda text: text.replace("%40", "@")),
        "encodes_quotes": (
            "Encode ' alone, as Java's URI and browsers do in a query.",
            lambda text: text.replace("'", "%27"),
        ),
        "encodes_brackets": (
            "Encode [ and ], as strict URL parsers do.",
            lambda text: text.replace("[", "%5B").replace("]", "%5D"),
        ),
        "encodes_pipes": (
            "Encode | and ^ and `, as Go and Java do.",
            lambda text: text.replace("|", "%7C").replace("^", "%5E").replace("`", "%60"),
        ),
        "turns_backslashes": (
            "Write / for a backslash, as browsers do.",
            lambda text: text.replace("\\", "/"),
        ),
        "decodes_valid_utf8_only": (
            "Decode and encode again, with U+FFFD for other bytes.",
            lambda text: (
                text if "\ufffd" not in unquote(text) else quote(unquote(text), safe="/?&=%:;,+$!*'()")
            ),
        ),
        "drops_a_final_ampersand": (
            "Drop & at the end of the query.",
            _query(lambda query: query.rstrip("&")),
        ),
        "drops_a_leading_ampersand": (
            "Drop & at the start of the query.",
            _query(lambda query: query.lstrip("&")),
        ),
        "joins_ampersands": ("Write one & for two.", _query(lambda query: re.sub("&+", "&", query))),
        "drops_empty_parameters": (
            "Drop parameters with an empty value.",
            _parameters(lambda all_: [each for each in all_ if not each.endswith("=")]),
        ),
        "adds_equals_signs": (
            "Write `a=` for a parameter without a value.",
            _parameters(lambda all_: [each if "=" in each or not each else each + "=" for each in all_]),
        ),
        "drops_equals_signs": (
            "Write `a` for `a=`.",
            _parameters(lambda all_: [each.removesuffix("=") for each in all_]),
        ),
        "keeps_ten_parameters": ("Keep the first ten parameters.", _parameters(lambda all_: all_[:10])),
        "sorts_from_three": (
            "Sort three or more parameters by name.",
            _parameters(lambda all_: sorted(all_) if len(all_) > 2 else all_),
        ),
        "sorts_values_of_one_name": (
            "Sort the values of a parameter that comes twice.",
            _parameters(
                lambda all_: sorted(all_) if len({each.partition("=")[0] for each in all_}) == 1 else all_
            ),
        ),
        "lowers_names": (
            "Write the names of parameters in lower case.",
            _parameters(
                lambda all_: [
                    each.partition("=")[0].lower() + each[len(each.partition("=")[0]) :] for each in all_
                ]
            ),
        ),
        "keeps_eight_segments": (
            "Keep the first eight segments of the path.",
            _path(lambda path: "/".join(path.split("/")[:9])),
        ),
        "drops_semicolons_of_the_query": (
            "Split the query at ; too, and join by &.",
            _query(lambda query: query.replace(";", "&")),
        ),
        "drops_dots_at_the_end": (
            "Drop a dot at the end of the endpoint.",
            lambda text: text.rstrip(".") or "/",
        ),
        "drops_punctuation_at_the_end": (
            "Drop punctuation at the end, as a link finder does.",
            lambda text: text.rstrip(".,;:!)'\"") or "/",
        ),
        "cuts_at_a_colon": (
            "Split the path at a colon of the last segment, as a port.",
            _path(lambda path: re.sub(r":[^/]*\Z", "", path)),
        ),
        "cuts_user_names": (
            "Cut the text before @, as a user name.",
            _path(lambda path: "/" + path.rpartition("@")[2].lstrip("/") if "@" in path else path),
        ),
        "lowers_ids": (
            "Write UUIDs in lower case.",
            lambda text: re.sub(
                r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", lambda id_: id_[0].lower(), text
            ),
        ),
        "drops_an_extension": (
            "Drop .json at the end of the path.",
            _path(lambda path: path.removesuffix(".json")),
        ),
        "cuts_after_the_scheme": (
            "Cut the text up to ://, which a query may contain.",
            lambda text: text if "://" not in text else "/" + text.partition("://")[2].partition("/")[2],
        ),
    }
)


def _number(digest: bytes) -> bytes:
    number = int.from_bytes(digest)
    return number.to_bytes((number.bit_length() + 7) // 8)


def _encoded(change: Callable[[bytes], bytes]) -> Callable[[bytes], str]:
    return lambda digest: base64.b64encode(change(digest)).decode()


for _name, _seen, _change in (
    ("drops_zeros_at_the_start", "Keep the digest as a number: leading zero bytes are lost.", _number),
    (
        "drops_zeros_at_the_end",
        "Drop zero bytes at the end, as a C string does.",
        lambda digest: digest.rstrip(b"\0"),
    ),
    (
        "drops_crlf_of_the_digest",
        "Replace CR LF in the digest by LF: a text mode.",
        lambda digest: digest.replace(b"\r\n", b"\n"),
    ),
    ("drops_returns_of_the_digest", "Drop CR from the digest.", lambda digest: digest.replace(b"\r", b"")),
    (
        "adds_returns_to_the_digest",
        "Replace LF in the digest by CR LF.",
        lambda digest: digest.replace(b"\n", b"\r\n"),
    ),
    (
        "strips_space_of_the_digest",
        "Strip spaces from the digest's ends.",
        lambda digest: digest.strip(b" \t"),
    ),
    ("ends_the_digest_at_control_z", "End the digest at 1A.", lambda digest: digest.partition(b"\x1a")[0]),
    (
        "keeps_a_signed_number",
        "Add a zero byte before a digest of 80 and more: a signed number.",
        lambda digest: (b"\0" if digest[0] >= 0x80 else b"") + digest,
    ),
):
    add("encode", _name, _seen, _encoded(_change))
for _name, _seen, _from, _to in (
    ("writes_slashes_escaped", "Write a backslash before /, as PHP's json_encode does.", "/", "\\/"),
    ("writes_underscores_for_slashes", "Write _ for / only.", "/", "_"),
    ("writes_dashes_for_plus", "Write - for + only.", "+", "-"),
    ("writes_plus_escaped", "Write %2B for +.", "+", "%2B"),
    ("writes_equals_escaped", r"Write \u003d for =, as Gson does.", "=", r"\u003d"),
):
    add(
        "encode", _name, _seen, lambda digest, a=_from, b=_to: base64.b64encode(digest).decode().replace(a, b)
    )
