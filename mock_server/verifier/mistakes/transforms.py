"""Changes of the text as a whole: other encodings of it, and other ways to write its three parts down."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


ENCODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "utf-16-le": lambda data: _text(data).encode("utf-16-le"),
    "utf-16-be": lambda data: _text(data).encode("utf-16-be"),
    "utf-16-le with a byte order mark": lambda data: b"\xff\xfe" + _text(data).encode("utf-16-le"),
    "utf-16-be with a byte order mark": lambda data: b"\xfe\xff" + _text(data).encode("utf-16-be"),
    "utf-32-le": lambda data: _text(data).encode("utf-32-le"),
    "utf-32-be": lambda data: _text(data).encode("utf-32-be"),
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base64 unpadded": lambda data: base64.b64encode(data).rstrip(b"="),
    "base64 lines": base64.encodebytes,
    "hex": lambda data: data.hex().encode(),
    "hex capitals": lambda data: data.hex().upper().encode(),
    "percent": lambda data: quote(data, safe="").encode(),
    "percent but slashes": lambda data: quote(data).encode(),
    "form": lambda data: quote_plus(data).encode(),
    "json": lambda data: json.dumps(data.decode("latin-1")).encode(),
    "json inside": lambda data: json.dumps(data.decode("latin-1"))[1:-1].encode(),
    "python repr": lambda data: repr(data.decode("latin-1")).encode(),
    "python bytes": lambda data: repr(data).encode(),
    "lower": bytes.lower,
    "upper": bytes.upper,
    "reversed": lambda data: data[::-1],
    "latin-1 as utf-8": lambda data: data.decode("latin-1").encode(),
    "twice": lambda data: data * 2,
    "two lines of it": lambda data: data + b"\n" + data,
    "numbers with commas": lambda data: ",".join(map(str, data)).encode(),
    "numbers of a list": lambda data: str(list(data)).encode(),
    "numbers of a slice": lambda data: f"[{' '.join(map(str, data))}]".encode(),
    "numbers of a buffer": lambda data: f"<Buffer {data.hex(' ')}>".encode(),
    "first 16 bytes": lambda data: data[:16],
    "first 32 bytes": lambda data: data[:32],
    "first 64 bytes": lambda data: data[:64],
    "first 100 bytes": lambda data: data[:100],
    "last byte missing": lambda data: data[:-1],
    "first byte missing": lambda data: data[1:],
    "EBCDIC": lambda data: data.decode("latin-1").encode("cp500", "replace"),
    "without white space": lambda data: b"".join(data.split()),
    "html": lambda data: data.replace(b"&", b"&amp;"),
}
