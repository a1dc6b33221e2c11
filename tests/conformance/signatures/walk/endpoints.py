"""Endpoints: escapes of every kind, special characters at the end, and the number of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.signatures.walk.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

ESCAPES = {
    "nul": ("%00", "an escaped NUL"),
    "control": ("%01", "an escaped control character"),
    "tab": ("%09", "an escaped tab"),
    "newline": ("%0A", "an escaped line feed"),
    "crlf": ("%0D%0A", "an escaped CR LF"),
    "space": ("%20", "an escaped space"),
    "quote": ("%22", "an escaped double quote"),
    "hash": ("%23", "an escaped hash"),
    "dollar-sign": ("%24", "an escaped dollar sign"),
    "percent-sign": ("%25", "an escaped percent sign"),
    "ampersand": ("%26", "an escaped ampersand"),
    "apostrophe": ("%27", "an escaped single quote"),
    "parentheses": ("%28%29", "escaped parentheses"),
    "asterisk": ("%2A", "an escaped asterisk"),
    "plus": ("%2B", "an escaped plus"),
    "comma": ("%2C", "an escaped comma"),
    "dash": ("%2D", "an escaped dash, which is unreserved"),
    "dot": ("%2E", "an escaped dot, which is unreserved"),
    "two-dots": ("%2E%2E", "two escaped dots"),
    "slash": ("%2F", "an escaped slash"),
    "digit": ("%30", "an escaped digit, which is unreserved"),
    "colon": ("%3A", "an escaped colon"),
    "semicolon": ("%3B", "an escaped semicolon"),
    "angle-brackets": ("%3C%3E", "escaped angle brackets"),
    "equals-sign": ("%3D", "an escaped equals sign"),
    "question-mark": ("%3F", "an escaped question mark"),
    "at-sign": ("%40", "an escaped at sign"),
    "letter": ("%41", "an escaped letter, which is unreserved"),
    "brackets": ("%5B%5D", "escaped brackets"),
    "backslash": ("%5C", "an escaped backslash"),
    "caret": ("%5E", "an escaped caret"),
    "underscore": ("%5F", "an escaped underscore, which is unreserved"),
    "braces": ("%7B%7C%7D", "escaped braces and a pipe"),
    "tilde": ("%7E", "an escaped tilde, which is unreserved"),
    "delete": ("%7F", "an escaped U+007F"),
    "utf8": ("%C3%A9", "UTF-8 in upper case"),
    "utf8-lower-case": ("%c3%a9", "UTF-8 in lower case"),
    "utf8-mixed-case": ("%c3%A9", "UTF-8 in both cases"),
    "utf8-astral": ("%F0%9F%94%91", "four bytes of UTF-8"),
    "utf8-decomposed": ("e%CC%81", "an accent on its own, in UTF-8"),
    "utf8-byte-order-mark": ("%EF%BB%BF", "a byte order mark in UTF-8"),
    "line-separator": ("%E2%80%A8", "U+2028 in UTF-8"),
    "latin-1": ("%E9", "a byte of Latin-1: not UTF-8"),
    "half-utf8": ("%C3%28", "the first byte of two: not UTF-8"),
    "continuation": ("%80", "a byte that continues nothing: not UTF-8"),
    "overlong": ("%C0%AF", "a slash in two bytes: not UTF-8"),
    "surrogate": ("%ED%A0%80", "half a surrogate pair: not UTF-8"),
    "ff": ("%FF", "FF: not UTF-8"),
    "u-escape": ("%u00E9", "an escape of old JavaScript"),
    "not-hex": ("%zz", "a percent sign before other letters"),
    "one-digit": ("%4", "a percent sign before one digit"),
    "encoded-twice": ("%252F", "an escape that is escaped"),
    "encoded-three-times": ("%25252F", "an escape that is escaped twice"),
}

ENDINGS = {
    "slash": "/",
    "two-slashes": "//",
    "question-mark": "?",
    "two-question-marks": "??",
    "ampersand": "?a=1&",
    "two-ampersands": "?a=1&&",
    "equals-sign": "?a=",
    "percent-sign": "%",
    "dot": ".",
    "dots": "/..",
    "comma": ",",
    "semicolon": ";",
    "colon": ":",
    "exclamation-mark": "!",
    "parenthesis": ")",
    "quote": "'",
    "double-quote": '"',
    "backslash": "\\",
    "plus": "+",
    "asterisk": "*",
    "at-sign": "@",
    "tilde": "~",
    "bracket": "]",
    "greater-than": ">",
}

PARTS = {
    "twelve-parameters": (
        "/v2/clusters?k=1&b=2&z=3&a=4&m=5&c=6&y=7&d=8&x=9&e=10&w=11&f=12",
        "twelve parameters in no order",
    ),
    "numbered-parameters": (
        "/v2/clusters?" + "&".join(f"p{n}={n}" for n in (10, 9, 12, 1, 11, 2, 8, 3, 7, 4, 6, 5)),
        "p10 and p9: sorted as text and as numbers",
    ),
    "twelve-values": (
        "/v2/clusters?" + "&".join(f"id={n}" for n in (7, 3, 12, 1, 11, 2, 10, 9, 4, 8, 6, 5)),
        "one name with twelve values",
    ),
    "two-equal-parameters": ("/v2/clusters?id=1&id=1", "the same parameter twice"),
    "names-in-two-cases": ("/v2/clusters?Page=1&page=2&PAGE=3", "names that differ in case only"),
    "array-parameters": ("/v2/clusters?id[]=2&id[]=1&f[a][b]=c", "names with brackets"),
    "ten-segments": ("/v2/" + "/".join("jihgfedcba"), "twelve segments"),
    "forty-segments": ("/v2" + "/a1" * 40, "41 segments"),
    "empty-segments": ("/v2//a///b////", "empty segments"),
    "parameter-without-value": ("/v2/clusters?page", "a parameter without ="),
    "parameter-with-empty-value": ("/v2/clusters?page=&perPage=", "parameters with empty values"),
    "parameter-without-name": ("/v2/clusters?=1&=2", "parameters without a name"),
    "equals-signs-in-value": ("/v2/clusters?filter=a=b==c", "equals signs in a value"),
    "leading-ampersand": ("/v2/clusters?&page=1", "an ampersand at the start of the query"),
    "two-ampersands-inside": ("/v2/clusters?page=1&&perPage=2", "two ampersands in a row"),
    "semicolons-in-query": ("/v2/clusters?a=1;b=2;c=3", "semicolons between parameters"),
    "slashes-in-query": ("/v2/clusters?path=/a//b/../c/./d", "slashes and dots in the query"),
    "url-in-query": ("/v2/clusters?next=https://user@host.example:8443/v2/x?y=1", "a URL in the query"),
    "url-at-the-start": ("/https://host.example:8443/v2/clouds", "a URL directly behind the first slash"),
    "url-in-path": ("/v2/https://host.example:8443/v2/clouds", "a URL in the path"),
    "every-character-in-query": (
        "/v2/clusters?q=" + "".join(map(chr, (*range(0x21, 0x23), *range(0x24, 0x7F)))),
        "every byte of a query",
    ),
    "time-in-query": ("/v2/clusters?from=2023-11-14T22:13:20+01:00", "a time with colons and a plus"),
    "host-in-path": ("/cloudapi.cloud.couchbase.com/v2/clouds", "the name of the host in the path"),
    "three-leading-slashes": ("///v2/clouds", "three leading slashes"),
    "leading-dots": ("/../v2/clouds", "dots before the path"),
    "dots-in-names": ("/v2/..a/b../.c/d.", "dots that are no dot segments"),
    "version-twice": ("/v2/v2/clouds", "the version twice"),
}

NAMES = {
    "template-braces": ("/v2/clusters/{id}", "a placeholder in braces, sent as it is"),
    "template-colon": ("/v2/clusters/:id", "a placeholder with a colon"),
    "template-angle-brackets": ("/v2/clusters/<id>", "a placeholder in angle brackets"),
    "undefined": ("/v2/clusters/undefined", "the word undefined"),
    "zero": ("/v2/clusters/0", "the number 0"),
    "uuid-upper-case": ("/v2/clusters/1A3C4544-772E-449E-9996-1203E7020B96", "a UUID in upper case"),
    "email": ("/v2/users/me@example.com", "an at sign in a name"),
    "email-with-colon": ("/v2/users/me:pw@example.com:80/x", "a user name and a port in a name"),
    "extension": ("/v2/clouds.json", "an extension"),
    "matrix": ("/v2/clusters;a=1/x;b=2;c=3", "matrix parameters"),
    "long-digits": ("/v2/clusters/12345678901234567890", "20 digits"),
    "dollar-signs": ("/v2/$metadata/$HOME/${id}", "dollar signs"),
    "quotes": ("/v2/'a'/\"b\"/`c`", "quotes"),
    "placeholders": ("/v2/{timestamp}/{method}/{endpoint}?a={timestamp}", "the names of a template's parts"),
    "replacement-pattern": ("/v2/$&/$$/$`/$'/$1/\\1/\\g<0>", "patterns of a replacement"),
    "two-percent-signs": ("/v2/100%%/x", "two percent signs alone, one in a format"),
    "two-braces": ("/v2/{{id}}/x", "two braces alone, one in a format"),
    "formats": ("/v2/%s/%d/{0}?x=%n", "formats of printf"),
}


def cases() -> Iterator[Case]:
    """Yield endpoints that a signer must sign as they are."""
    for name, (escape, about) in ESCAPES.items():
        yield Case(
            id=f"escape-of-{name}",
            about=f"{about}, in path, name and value",
            flag="PercentEncoding",
            damage=f"escape: {escape}",
            fields=("endpoint",),
            endpoint=f"/v2/users/a{escape}b?x{escape}y=c{escape}d",
        )
    for name, ending in ENDINGS.items():
        yield Case(
            id=f"endpoint-ends-with-{name}",
            about=f"an endpoint that ends with {name.replace('-', ' ')}",
            flag="Query" if "?" in ending else "Path",
            damage=f"at the end: {name.replace('-', ' ')}",
            fields=("endpoint",),
            endpoint=f"/v2/clouds{ending}",
        )
    for table, kind in ((PARTS, "parts"), (NAMES, "name")):
        for name, (endpoint, about) in table.items():
            yield Case(
                id=f"endpoint-{'like' if kind == 'name' else 'with'}-{name}",
                about=about,
                flag="Query" if "?" in endpoint else "Path",
                damage=f"{kind}: {name.replace('-', ' ')}",
                fields=("endpoint",),
                endpoint=endpoint,
            )
