"""Reads a HAR file, in which browsers and proxies save exchanges as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mock_server.commands.explain.inputs.found import (
    FoundRequest,
    Reading,
    UnreadableError,
    latin1,
    split_url,
)
from mock_server.commands.explain.inputs.header_lines import milliseconds
from mock_server.http import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Iterator


def recognises(data: bytes) -> bool:
    """Return whether the input begins like a JSON object."""
    return data.lstrip(b" \t\r\n").startswith(b"{")


def read(data: bytes) -> Reading:
    """Return each request in the file. Those without an Authorization header are listed apart.

    Raises:
        UnreadableError: the file is not JSON, not a HAR file, or has no request with that header.
    """
    try:
        # One character for each byte of a number: int() of 10 MB of digits would take minutes.
        document = json.loads(data, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise UnreadableError(
            "the input begins like JSON but is not valid JSON: a HAR file is needed"
        ) from None
    try:
        entries = document["log"]["entries"]
        found = [_request(entry) for entry in entries]
    except (KeyError, TypeError, AttributeError):
        raise UnreadableError(
            "the JSON is not a HAR file: it needs log.entries, with method, url and headers in each request"
        ) from None
    if not found:
        raise UnreadableError("the HAR file has no request in it")
    signed = [each for each in found if each.request.header_values("Authorization")]
    if not signed:
        raise UnreadableError(
            "no request in the HAR file has an Authorization header, because browsers leave it out: export"
            " the HAR file with sensitive data, or copy the request as cURL"
        )
    return Reading(signed, [each for each in found if not each.request.header_values("Authorization")])


def _request(entry: Any) -> FoundRequest:  # noqa: ANN401  # any JSON value
    request = entry["request"]
    headers = list(_headers(request["headers"]))
    pseudo = {name: value for name, value in headers if name.startswith(":")}
    host, target = split_url(_wire(request["url"]))
    real = [(name, value) for name, value in headers if not name.startswith(":")]
    if not any(name.lower() == "host" for name, _ in real):
        real.append(("Host", pseudo.get(":authority", latin1(host))))
    data = request.get("postData")
    text = data.get("text") if isinstance(data, dict) else None
    size = request.get("bodySize")
    return FoundRequest(
        ReceivedRequest(
            latin1(_wire(request["method"])),
            pseudo.get(":path", latin1(target)),
            real,
            _wire(text) if isinstance(text, str) else b"",
        ),
        body_known=isinstance(text, str) or size in ("0", "-1", None),
        server_time=_date(entry.get("response")),
    )


def _headers(headers: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # any JSON value
    for header in headers:
        yield latin1(_wire(header["name"])), latin1(_wire(header["value"]))


def _wire(text: Any) -> bytes:  # noqa: ANN401  # any JSON value
    if not isinstance(text, str):
        raise TypeError
    return text.encode("utf-8", "surrogatepass")


def _date(response: Any) -> int | None:  # noqa: ANN401  # any JSON value
    """Return the Date header of a response in milliseconds, or None."""
    try:
        dates = [header["value"] for header in response["headers"] if header["name"].lower() == "date"]
    except (KeyError, TypeError, AttributeError):
        return None
    return milliseconds(dates[0]) if dates and isinstance(dates[0], str) else None
