"""Signers that sign another text: the method, the endpoint, the timestamp, or how they are put together."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, unquote_plus, urlencode, urlsplit

from tests.mutants.signers import mutates, text

if TYPE_CHECKING:
    from tests.mutants.signers import Ask


@mutates("text")
def drops_query(ask: Ask) -> bytes:
    """Three public clients sign the path alone."""
    return text(ask, endpoint=ask.endpoint.partition("?")[0])


@mutates("text")
def sorts_query(ask: Ask) -> bytes:
    """A habit from AWS signatures and OAuth 1."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=path + mark + "&".join(sorted(query.split("&"))))


@mutates("text")
def rebuilds_query(ask: Ask) -> bytes:
    """The query is parsed and written again, as requests' params= or url.Values do."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=path + mark + urlencode(parse_qsl(query, keep_blank_values=True)))


@mutates("text")
def keeps_one_of_each_parameter(ask: Ask) -> bytes:
    """A map of parameters, in order: the last of two values wins."""
    path, mark, query = ask.endpoint.partition("?")
    pairs = dict(pair.partition("=")[::2] for pair in query.split("&"))
    joined = "&".join(f"{name}={value}" for name, value in pairs.items())
    return text(ask, endpoint=ask.endpoint if len(pairs) == query.count("&") + 1 else path + mark + joined)


@mutates("text")
def drops_empty_query(ask: Ask) -> bytes:
    """The requests library sends a bare `?` without it; urlsplit forgets it."""
    return text(ask, endpoint=urlsplit(ask.endpoint).geturl() if ask.endpoint.endswith("?") else ask.endpoint)


@mutates("text")
def cuts_at_the_second_question_mark(ask: Ask) -> bytes:
    """`endpoint.split("?")[:2]`."""
    return text(ask, endpoint="?".join(ask.endpoint.split("?")[:2]))


@mutates("text")
def decodes_endpoint(ask: Ask) -> bytes:
    """Thirteen public clients sign the endpoint as typed and let the library encode it."""
    return text(ask, endpoint=unquote(ask.endpoint))


@mutates("text")
def decodes_plus_as_space(ask: Ask) -> bytes:
    """A form decoder used on a query."""
    return text(ask, endpoint=unquote_plus(ask.endpoint))


@mutates("text")
def encodes_again(ask: Ask) -> bytes:
    """`quote()` over what is encoded already."""
    return text(ask, endpoint=quote(ask.endpoint, safe="/?&=;,:@!$'()*+"))


@mutates("text")
def writes_escapes_upper_case(ask: Ask) -> bytes:
    """urllib3 sends %2f as %2F."""
    return text(
        ask,
        endpoint=re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), ask.endpoint, flags=re.IGNORECASE),
    )


@mutates("text")
def writes_escapes_lower_case(ask: Ask) -> bytes:
    """A hex formatter with %02x."""
    return text(
        ask,
        endpoint=re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), ask.endpoint, flags=re.IGNORECASE),
    )


@mutates("text")
def decodes_unreserved(ask: Ask) -> bytes:
    """Requests sends %7E as ~ (RFC 3986 6.2.2.2)."""
    endpoint = ask.endpoint
    for character in "-._~ABCabc019":
        endpoint = re.sub(f"%{ord(character):02x}", character, endpoint, flags=re.IGNORECASE)
    return text(ask, endpoint=endpoint)


@mutates("text")
def writes_plus_as_percent_20(ask: Ask) -> bytes:
    """Signed as %20, sent as +."""
    return text(ask, endpoint=ask.endpoint.replace("+", "%20"))


@mutates("text")
def writes_percent_20_as_plus(ask: Ask) -> bytes:
    """Python's urlencode against what was typed."""
    return text(ask, endpoint=ask.endpoint.replace("%20", "+"))


@mutates("text")
def resolves_dot_segments(ask: Ask) -> bytes:
    """curl, browsers and Go's path.Clean resolve them before sending."""
    path, mark, query = ask.endpoint.partition("?")
    resolved = posixpath.normpath(path) + ("/" if path.endswith("/") and path != "/" else "")
    return text(ask, endpoint=(resolved if "/." in path else path) + mark + query)


@mutates("text")
def joins_double_slashes(ask: Ask) -> bytes:
    """Nine public clients send `//v2/...` for a base URL with a final slash and sign one slash."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=re.sub("/+", "/", path) + mark + query)


@mutates("text")
def joins_leading_slashes(ask: Ask) -> bytes:
    """http.server and requests 2.32.3 fold a leading `//`."""
    return text(ask, endpoint="/" + ask.endpoint.lstrip("/"))


@mutates("text")
def drops_trailing_slash(ask: Ask) -> bytes:
    """`rstrip("/")` on the whole URL."""
    return text(ask, endpoint=ask.endpoint.rstrip("/"))


@mutates("text")
def drops_params(ask: Ask) -> bytes:
    """Four public clients take urlparse(url).path, which leaves `;...` out."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=path.partition(";")[0] + mark + query)


@mutates("text")
def writes_path_lower_case(ask: Ask) -> bytes:
    """A router that folds case."""
    return text(ask, endpoint=ask.endpoint.lower())


@mutates("text")
def signs_v2_for_v3(ask: Ask) -> bytes:
    """Two public clients sign one version and ask for the other."""
    return text(ask, endpoint=ask.endpoint.replace("/v3/", "/v2/"))


@mutates("text")
def has_a_buffer_of_1_kib(ask: Ask) -> bytes:
    """`char message[1024]`."""
    return text(ask)[:1024]


@mutates("text")
def signs_always_get(ask: Ask) -> bytes:
    """Three public clients sign GET for a POST."""
    return text(ask, method="GET")


@mutates("text")
def signs_get_for_head(ask: Ask) -> bytes:
    """A server framework that answers HEAD by GET, seen from the other side."""
    return text(ask, method="GET" if ask.method == "HEAD" else ask.method)


@mutates("text")
def knows_four_methods(ask: Ask) -> bytes:
    """A list of methods without PATCH and HEAD, and a default."""
    return text(ask, method=ask.method if ask.method in {"GET", "POST", "PUT", "DELETE"} else "GET")


@mutates("text")
def writes_method_lower_case(ask: Ask) -> bytes:
    """Axios keeps config.method in lower case."""
    return text(ask, method=ask.method.lower())


@mutates("text")
def signs_seconds(ask: Ask) -> bytes:
    """Eight public clients, the vendor's own Go sample among them."""
    return text(ask, timestamp=ask.timestamp[:-3])


@mutates("text")
def has_a_float_timestamp(ask: Ask) -> bytes:
    """JavaScript and Lua have no other number."""
    return text(ask, timestamp=str(int(float(ask.timestamp))))


@mutates("text")
def has_a_32_bit_timestamp(ask: Ask) -> bytes:
    """`int` where the language has 32 bits of it."""
    return text(ask, timestamp=str(int(ask.timestamp) & 0xFFFF_FFFF))


@mutates("text")
def has_a_64_bit_timestamp(ask: Ask) -> bytes:
    """`atoll` stops at the greatest number."""
    return text(ask, timestamp=str(min(int(ask.timestamp), 2**63 - 1)))


@mutates("text")
def takes_zero_for_now(ask: Ask) -> bytes:
    """`timestamp or now()`."""
    return text(ask, timestamp=ask.timestamp if int(ask.timestamp) else "1700000000000")


@mutates("text")
def joins_by_crlf(ask: Ask) -> bytes:
    """A text stream on Windows."""
    return text(ask).replace(b"\n", b"\r\n")


@mutates("text")
def joins_by_backslash_n(ask: Ask) -> bytes:
    r"""`"$method\n$endpoint"` in a shell."""
    return text(ask).replace(b"\n", rb"\n")


@mutates("text")
def joins_by_nothing(ask: Ask) -> bytes:
    """Concatenation."""
    return text(ask).replace(b"\n", b"")


@mutates("text")
def adds_a_newline(ask: Ask) -> bytes:
    """`echo` instead of `printf`."""
    return text(ask) + b"\n"


@mutates("text")
def puts_the_timestamp_first(ask: Ask) -> bytes:
    """The order of other APIs."""
    return f"{ask.timestamp}\n{ask.method}\n{ask.endpoint}".encode()


@mutates("text")
def formats_the_endpoint(ask: Ask) -> bytes:
    """`printf "$endpoint"`: a percent sign is a directive."""
    return text(ask, endpoint=re.sub(r"%[0-9]*[a-fA-F]", "", ask.endpoint))
