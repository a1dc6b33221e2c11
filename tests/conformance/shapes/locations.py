"""Responses to a create by their `Location`: which id it contains, and how it is printed."""

from __future__ import annotations

from tests.conformance.shapes.shape import Shape

_NO_ID = "the response has no id"


def _created(
    name: str, *locations: str, printed: str = "", new_id: str = "", body: str = "", reason: str = ""
) -> Shape:
    """Return a create whose response has these `Location` headers."""
    return Shape(
        f"location-{name}",
        "locations",
        ("create_project", "--name", "Travel"),
        "/v2/projects",
        (body,),
        "" if reason else body or "null",
        reason,
        status=202,
        headers=tuple(f"Location: {location}" for location in locations),
        location=printed,
        line=new_id,
    )


def _named(name: str, location: str, new_id: str, printed: str | None = None) -> Shape:
    """Return a create whose Location contains the id; the body is empty."""
    return _created(name, location, printed=f'"{location}"' if printed is None else printed, new_id=new_id)


def _unnamed(name: str, location: str, printed: str | None = None) -> tuple[Shape, Shape]:
    """Return two creates whose Location contains no id: one with an id in the body, and one without."""
    text = f'"{location}"' if printed is None else printed
    reason = f"{_NO_ID}, and its Location has none: {location}"
    return (
        _created(name, location, printed=text, new_id="b", body='{"id":"b"}'),
        _created(f"{name}-alone", location, reason=reason),
    )


def _malformed(name: str, header: str) -> Shape:
    """Return a create whose response has a malformed header, which Go's net/http refuses."""
    return Shape(
        f"header-{name}",
        "locations",
        ("create_project", "--name", "Travel"),
        "/v2/projects",
        ("",),
        reason="POST /v2/projects: the response has a malformed header;"
        " the request may have been carried out (127.0.0.1)",
        status=202,
        headers=("Location: /a/b", header),
        whole_line=True,
    )


LOCATIONS = (
    _named("path", "/v2/projects/7f3a", "7f3a"),
    _named("slash-at-the-end", "/v2/projects/7f3a//", "7f3a"),
    _named("url", "https://elsewhere.example:1/v2/projects/7f3a?a=/b#/c", "7f3a"),
    _named("url-without-scheme", "//elsewhere.example/7f3a", "7f3a"),
    _named("scheme-with-a-path", "x+y.1-z:/a/7f3a", "7f3a"),
    _named("relative", "7f3a", "7f3a"),
    _named("dots-before", "../7f3a", "7f3a"),
    _named("colon", "/v2/a:7f3a", "a:7f3a"),
    _named("digit-before-a-colon", "7:f3a", "7:f3a"),
    _named("question-mark-after-a-hash", "/a/b#c?d", "b"),
    _named("hash-in-a-query", "/a/b?c/d#e/f", "b"),
    _named("parameters", "/a/b;c=d,e&f", "b;c=d,e&f"),
    _named("brackets", "http://[/7f3a", "7f3a"),
    _named("invalid-port", "http://h:x/7f3a", "7f3a"),
    _named("space", "/a/b c", "b c"),
    _named("quotes", '/a/"b\\', '"b\\', printed='"/a/\\"b\\\\"'),
    _named("letters", "/a/é漢\U0001f600", "é漢\U0001f600"),
    _named("percent-encoded", "/a/%C3%a9%2Fb%3d", "é/b="),
    _named("plus", "/a/b+c", "b+c"),
    _named("html-characters", "/a/<b>&", "<b>&"),
    _named("escape-sequence-percent-encoded", "/a/%1b%5d0;OWNED%07", " ]0;OWNED "),
    _named("c1", "/a/b\x9b31m", "b 31m", '"/a/b\\u009b31m"'),
    _named("bidi", "/a/\u202eb\u2066", " b ", '"/a/\\u202eb\\u2066"'),
    _named("line-separators", "/a/b\u2028c\u2029d", "b c d", '"/a/b\\u2028c\\u2029d"'),
    _named("beyond-the-bmp", "/a/b\U000e0041c", "b c", '"/a/b\\udb40\\udc41c"'),
    _named("tab", "/a/b\tc", "b c", '"/a/b\\tc"'),
    _named("white-space-around", " \t/a/b \t", "b", '"/a/b"'),
    _created("twice", "/a/b", "/a/c", printed='"/a/b"', new_id="b"),
    _created("empty", "", new_id="b", body='{"id":"b"}'),
    _created("empty-alone", "", reason=_NO_ID),
    _created("body-and-location", "/a/b", printed='"/a/b"', new_id="b", body='{"id":"other"}'),
    *_unnamed("mailto", "mailto:x"),
    *_unnamed("urn", "urn:uuid:7f3a"),
    *_unnamed("host-alone", "https://elsewhere.example"),
    *_unnamed("root", "/"),
    *_unnamed("query-alone", "?id=7f3a"),
    *_unnamed("dots", "/v2/.."),
    *_unnamed("dot", "."),
    *_unnamed("dots-percent-encoded", "/v2/%2E%2e"),
    *_unnamed("malformed-percent", "/a/b%zz"),
    *_unnamed("percent-at-the-end", "/a/b%4"),
    *_unnamed("percent-not-utf-8", "/a/%ff"),
    _malformed("escape-sequence", "Location: /v3/clusters/\x1b]0;OWNED\x07"),
    _malformed("del", "X-Other: a\x7f"),
    _malformed("nul", "X-Other: a\x00b"),
    _malformed("backspace", "X-Other: \x08"),
    _malformed("carriage-return", "X-Other: a\rb"),
    _malformed("without-colon", "X-Other"),
)
