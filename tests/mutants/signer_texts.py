"""Signers that sign the wrong text: a wrong method, endpoint, timestamp or separator."""

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
    """Sign the path without the query, as three public clients do."""
    return text(ask, endpoint=ask.endpoint.partition("?")[0])


@mutates("text")
def sorts_query(ask: Ask) -> bytes:
    """Sort the parameters, as AWS signatures and OAuth 1 require."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=path + mark + "&".join(sorted(query.split("&"))))


@mutates("text")
def rebuilds_query(ask: Ask) -> bytes:
    """Parse the query and encode it again, as `params=` in requests or url.Values in Go do."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=path + mark + urlencode(parse_qsl(query, keep_blank_values=True)))


@mutates("text")
def keeps_one_of_each_parameter(ask: Ask) -> bytes:
    """Keep only the last value of a repeated parameter, as a map of parameters does."""
    path, mark, query = ask.endpoint.partition("?")
    pairs = dict(pair.partition("=")[::2] for pair in query.split("&"))
    joined = "&".join(f"{name}={value}" for name, value in pairs.items())
    return text(ask, endpoint=ask.endpoint if len(pairs) == query.count("&") + 1 else path + mark + joined)


@mutates("text")
def drops_empty_query(ask: Ask) -> bytes:
    """Drop a `?` with nothing after it, as requests and urlsplit do."""
    return text(ask, endpoint=urlsplit(ask.endpoint).geturl() if ask.endpoint.endswith("?") else ask.endpoint)


@mutates("text")
def cuts_at_the_second_question_mark(ask: Ask) -> bytes:
    """End the endpoint at its second `?`: `endpoint.split("?")[:2]`."""
    return text(ask, endpoint="?".join(ask.endpoint.split("?")[:2]))


@mutates("text")
def decodes_endpoint(ask: Ask) -> bytes:
    """Sign the endpoint before percent-encoding. In thirteen public clients the library encodes it later."""
    return text(ask, endpoint=unquote(ask.endpoint))


@mutates("text")
def decodes_plus_as_space(ask: Ask) -> bytes:
    """Decode `+` and escapes in the endpoint, as a form decoder does."""
    return text(ask, endpoint=unquote_plus(ask.endpoint))


@mutates("text")
def encodes_again(ask: Ask) -> bytes:
    """Percent-encode an endpoint that is already encoded: `quote()` applied twice."""
    return text(ask, endpoint=quote(ask.endpoint, safe="/?&=;,:@!$'()*+"))


@mutates("text")
def writes_escapes_upper_case(ask: Ask) -> bytes:
    """Change the hex digits of escapes to upper case, as urllib3 does: `%2f` becomes `%2F`."""
    return text(
        ask,
        endpoint=re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), ask.endpoint, flags=re.IGNORECASE),
    )


@mutates("text")
def writes_escapes_lower_case(ask: Ask) -> bytes:
    """Change the hex digits of escapes to lower case, as a formatter with `%02x` does."""
    return text(
        ask,
        endpoint=re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), ask.endpoint, flags=re.IGNORECASE),
    )


@mutates("text")
def decodes_unreserved(ask: Ask) -> bytes:
    """Decode escapes of unreserved characters, as requests does: `%7E` becomes `~` (RFC 3986 6.2.2.2)."""
    endpoint = ask.endpoint
    for character in "-._~ABCabc019":
        endpoint = re.sub(f"%{ord(character):02x}", character, endpoint, flags=re.IGNORECASE)
    return text(ask, endpoint=endpoint)


@mutates("text")
def writes_plus_as_percent_20(ask: Ask) -> bytes:
    """Sign `%20` where the client sends `+`."""
    return text(ask, endpoint=ask.endpoint.replace("+", "%20"))


@mutates("text")
def writes_percent_20_as_plus(ask: Ask) -> bytes:
    """Sign `+` where the client sends `%20`, as Python's urlencode writes a space."""
    return text(ask, endpoint=ask.endpoint.replace("%20", "+"))


@mutates("text")
def resolves_dot_segments(ask: Ask) -> bytes:
    """Resolve `.` and `..` in the path, as curl, browsers and Go's path.Clean do."""
    path, mark, query = ask.endpoint.partition("?")
    resolved = posixpath.normpath(path) + ("/" if path.endswith("/") and path != "/" else "")
    return text(ask, endpoint=(resolved if "/." in path else path) + mark + query)


@mutates("text")
def joins_double_slashes(ask: Ask) -> bytes:
    """Sign `/` for `//`. Nine public clients send `//v2/...` if the base URL ends in a slash."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=re.sub("/+", "/", path) + mark + query)


@mutates("text")
def joins_leading_slashes(ask: Ask) -> bytes:
    """Replace leading slashes by one slash, as http.server and requests 2.32.3 do."""
    return text(ask, endpoint="/" + ask.endpoint.lstrip("/"))


@mutates("text")
def drops_trailing_slash(ask: Ask) -> bytes:
    """Drop trailing slashes of the endpoint: `rstrip("/")` on the whole URL."""
    return text(ask, endpoint=ask.endpoint.rstrip("/"))


@mutates("text")
def drops_params(ask: Ask) -> bytes:
    """Drop `;...` from the path, as urlparse(url).path does in four public clients."""
    path, mark, query = ask.endpoint.partition("?")
    return text(ask, endpoint=path.partition(";")[0] + mark + query)


@mutates("text")
def writes_path_lower_case(ask: Ask) -> bytes:
    """Change the endpoint to lower case, as a case-insensitive router does."""
    return text(ask, endpoint=ask.endpoint.lower())


@mutates("text")
def signs_v2_for_v3(ask: Ask) -> bytes:
    """Sign `/v2/` for a request to `/v3/`. Two public clients sign another version than they send."""
    return text(ask, endpoint=ask.endpoint.replace("/v3/", "/v2/"))


@mutates("text")
def has_a_buffer_of_1_kib(ask: Ask) -> bytes:
    """Cut the text at 1024 bytes: `char message[1024]`."""
    return text(ask)[:1024]


@mutates("text")
def signs_always_get(ask: Ask) -> bytes:
    """Sign `GET` for every method. Three public clients sign GET for a POST."""
    return text(ask, method="GET")


@mutates("text")
def signs_get_for_head(ask: Ask) -> bytes:
    """Sign `GET` for HEAD, as for a server framework that handles HEAD requests as GET."""
    return text(ask, method="GET" if ask.method == "HEAD" else ask.method)


@mutates("text")
def knows_four_methods(ask: Ask) -> bytes:
    """Sign `GET` for PATCH, HEAD and every other method that is not in a list of four."""
    return text(ask, method=ask.method if ask.method in {"GET", "POST", "PUT", "DELETE"} else "GET")


@mutates("text")
def writes_method_lower_case(ask: Ask) -> bytes:
    """Sign the method in lower case, as Axios stores it in config.method."""
    return text(ask, method=ask.method.lower())


@mutates("text")
def signs_seconds(ask: Ask) -> bytes:
    """Sign the timestamp in seconds, as eight public clients do, the vendor's own Go sample included."""
    return text(ask, timestamp=ask.timestamp[:-3])


@mutates("text")
def has_a_float_timestamp(ask: Ask) -> bytes:
    """Convert the timestamp to a 64-bit float, the only number type of JavaScript and older Lua."""
    return text(ask, timestamp=str(int(float(ask.timestamp))))


@mutates("text")
def has_a_32_bit_timestamp(ask: Ask) -> bytes:
    """Convert the timestamp to a 32-bit integer, the size of `int` in many languages."""
    return text(ask, timestamp=str(int(ask.timestamp) & 0xFFFF_FFFF))


@mutates("text")
def has_a_64_bit_timestamp(ask: Ask) -> bytes:
    """Limit the timestamp to the largest signed 64-bit integer, as `atoll` does."""
    return text(ask, timestamp=str(min(int(ask.timestamp), 2**63 - 1)))


@mutates("text")
def takes_zero_for_now(ask: Ask) -> bytes:
    """Replace the timestamp 0 by the current time: `timestamp or now()`."""
    return text(ask, timestamp=ask.timestamp if int(ask.timestamp) else "1700000000000")


@mutates("text")
def joins_by_crlf(ask: Ask) -> bytes:
    """Join the lines by CR LF, as a text stream on Windows does."""
    return text(ask).replace(b"\n", b"\r\n")


@mutates("text")
def joins_by_backslash_n(ask: Ask) -> bytes:
    r"""Join the lines by a backslash and an `n`: `"$method\n$endpoint"` in a shell."""
    return text(ask).replace(b"\n", rb"\n")


@mutates("text")
def joins_by_nothing(ask: Ask) -> bytes:
    """Join the three parts without a separator."""
    return text(ask).replace(b"\n", b"")


@mutates("text")
def adds_a_newline(ask: Ask) -> bytes:
    """Add a newline at the end, as `echo` does and `printf` does not."""
    return text(ask) + b"\n"


@mutates("text")
def puts_the_timestamp_first(ask: Ask) -> bytes:
    """Sign the timestamp first, as other APIs require."""
    return f"{ask.timestamp}\n{ask.method}\n{ask.endpoint}".encode()


@mutates("text")
def formats_the_endpoint(ask: Ask) -> bytes:
    """Remove format directives from the endpoint, as `printf "$endpoint"` does: `%2f` is a directive."""
    return text(ask, endpoint=re.sub(r"%[0-9]*[a-fA-F]", "", ask.endpoint))
