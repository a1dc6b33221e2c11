"""Unusual characters in every text of a response that an example prints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.conformance.shapes.shape import CLUSTER, Shape

_GATEWAY = " instead of the API's JSON: a proxy or a gateway responded, or CBC_API_URL is not the API"

# name -> the characters as sent, as printed in JSON, and as printed in a line
_TEXTS = {
    "letters": ("é漢\U0001f600", "é漢\U0001f600", "é漢\U0001f600"),
    "spaces": ("a\xa0b\u3000c", "a\xa0b\u3000c", "a\xa0b\u3000c"),
    "del": ("a\x7fb", r"a\u007fb", "a b"),
    "c1": ("a\x80\x85\x9b2J\x9f", r"a\u0080\u0085\u009b2J\u009f", "a   2J "),
    "bidi": (
        "\u061c\u200e\u200f\u202a\u202e\u2066\u2069",
        r"\u061c\u200e\u200f\u202a\u202e\u2066\u2069",
        " " * 7,
    ),
    "invisible": ("a\xad\u200b\u200d\u2060\ufeffb", r"a\u00ad\u200b\u200d\u2060\ufeffb", "a     b"),
    "separators": ("a\u2028b\u2029c", r"a\u2028b\u2029c", "a b c"),
    "beyond-the-bmp": ("\U000e0041\U0001d173", r"\udb40\udc41\ud834\udd73", "  "),
    "later-unicode": ("\U0001344f\u2065", "\U0001344f\\u2065", "\U0001344f "),
}
# JSON texts with escapes, which are printed as received; and the same in a line
_ESCAPED = {
    "control": (r"a\u001b[2J\u0007\n\t\b", "a [2J    "),
    "escaped": (r"\u009b\u202e\u00e9\uD83D\ude00", "  é\U0001f600"),
    "half-pair": (r"a\ud800b\udfff\ud800", "a\ufffdb\ufffd\ufffd"),
    "halves-reversed": (r"\ude00\ud83d", "\ufffd\ufffd"),
}
_ALL = {
    **_TEXTS,
    **{name: (escaped, escaped, line) for name, (escaped, line) in _ESCAPED.items()},
}


def _in_one(name: str, text: str, printed: str) -> Shape:
    """Return an object with the text as a name and as a value."""
    body, shows = (f'{{"{each}":["{each}",{{"id":"{each}"}}]}}' for each in (text, printed))
    target = f"/v2/clusters/{CLUSTER}"
    return Shape(
        f"text-in-an-object-{name}", "texts", ("get_cluster", CLUSTER), target, (body,), shows, unchanged=True
    )


def _in_get(name: str, text: str, printed: str) -> Shape:
    """Return a body that is only the text, for the example that prints any response."""
    shows = f'"{printed}"'
    return Shape(
        f"text-alone-{name}", "texts", ("get", "/v2/x"), "/v2/x", (f'"{text}"',), shows, unchanged=True
    )


def _in_list(name: str, text: str, printed: str) -> Shape:
    """Return an item of a list with the text in a column."""
    body, shows = (f'{{"data":[{{"name":"{each}"}}]}}' for each in (text, printed))
    return Shape(
        f"text-in-a-list-{name}",
        "texts",
        ("list_clouds",),
        "/v2/clouds?page=",
        (body,),
        shows,
        unchanged=True,
    )


def _in_id(name: str, text: str, printed: str, line: str) -> Shape:
    """Return the id of a new project in the body."""
    body, shows = (f'{{"id":"{each}"}}' for each in (text, printed))
    return Shape(
        f"text-in-an-id-{name}",
        "texts",
        ("create_project", "--name", "Travel"),
        "/v2/projects",
        (body,),
        shows,
        status=201,
        line=line,
        unchanged=True,
    )


def _in_error(name: str, text: str, line: str) -> Shape:
    """Return an error of the API with the text in its type and its message."""
    body = f'{{"errorType":"E{text}","message":"{text}."}}'
    target = f"/v2/clusters/{CLUSTER}"
    reason = f"422 E{line}: {line}."
    return Shape(
        f"text-in-an-error-{name}",
        "texts",
        ("get_cluster", CLUSTER),
        target,
        (body,),
        reason=reason,
        status=422,
    )


def _in_state(name: str, text: str, line: str) -> Shape:
    """Return the state of a cluster in the progress and in the error of a wait."""
    return Shape(
        f"text-in-a-state-{name}",
        "texts",
        ("poll_cluster_status", "--timeout", "0", "--interval", "1", CLUSTER),
        f"/v2/clusters/{CLUSTER}/status",
        (f'{{"status":"{text}."}}',),
        reason=f"cluster {CLUSTER}: still {line}. after 0 s: increase --timeout to wait longer",
        progress=f"cluster {CLUSTER}: {line}.\n",
        whole_line=True,
    )


def _head(name: str, reason: str, body: str = "{}", **head: Any) -> Shape:  # noqa: ANN401  # fields of a Shape
    """Return an error with the text in its headers or in its reason phrase."""
    shape = Shape(f"text-in-{name}", "texts", ("get", "/v2/x"), "/v2/x", (body,), reason=reason, status=422)
    return replace(shape, **head)


TEXTS = (
    *(_in_one(name, text, printed) for name, (text, printed, _) in _ALL.items()),
    *(_in_get(name, text, printed) for name, (text, printed, _) in _ALL.items()),
    *(_in_list(name, text, printed) for name, (text, printed, _) in _ALL.items()),
    *(_in_id(name, *texts) for name, texts in _ALL.items()),
    *(_in_error(name, text, line) for name, (text, _, line) in _ALL.items()),
    *(_in_state(name, text, line) for name, (text, _, line) in _ALL.items()),
    *(
        _head(f"a-phrase-{name}", f"422: {line}.", phrase=f"{text}.")
        for name, (text, _, line) in _TEXTS.items()
    ),
    *(
        _head(f"a-media-type-{name}", f"422: {line}{_GATEWAY}", content_type=f"{text} ; a=b", body="<")
        for name, (text, _, line) in _TEXTS.items()
        if name != "del"  # which no header may contain
    ),
    _head("a-phrase-control", "422: a [2J  b", phrase="a\x1b[2J\x08\x07b"),
    _head("a-phrase-not-utf-8", "422: a\ufffd\ufffdb", phrase="a\udcff\udce9b"),
    _head("a-phrase-empty", "422: no reason given", phrase=""),
    _head("a-media-type-not-utf-8", f"422: a\ufffd{_GATEWAY}", content_type="a\udcff", body="<"),
    _head("a-media-type-in-capitals", f"422: Text/HTML{_GATEWAY}", content_type="Text/HTML;x", body="<"),
    _head(
        "a-media-type-of-json", f"422: malformed JSON{_GATEWAY}", content_type="Application/JSON", body="<"
    ),
    _head("a-media-type-empty", f"422: an unknown media type{_GATEWAY}", content_type="", body="<"),
    _head(
        "a-signed-text",
        r"401: Unauthorized; text signed: \x1B[2J\xC2\x9B\xE2\x80\xAE; text expected: \xFFa%zz",
        headers=("X-Mock-Signed: %1b%5b2J\x9b\u202e", "X-Mock-Message: \udcffa%zz"),
        status=401,
    ),
    _head(
        "a-signed-text-sent-twice",
        "401: Unauthorized; text expected: a",
        headers=("X-Mock-Message: a", "X-Mock-Message: b"),
        status=401,
    ),
    _head("a-media-type-sent-twice", "422: m", '{"message":"m"}', headers=("Content-Type: text/html",)),
)
