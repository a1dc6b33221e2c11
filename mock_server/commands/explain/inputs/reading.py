"""Recognises the format of the input, and reads it."""

from __future__ import annotations

import codecs
from typing import Final

from mock_server.commands.explain.inputs import curl_command, curl_output, har, raw_request
from mock_server.commands.explain.inputs.found import Reading, UnreadableError

_FORMATS: Final = "a curl command line, the output of `curl -v`, a raw HTTP request, or a HAR file"


def read(data: bytes) -> Reading:
    """Return the requests in the input.

    Raises:
        UnreadableError: the input is in none of the formats, or is incomplete.
    """
    data = _utf8(data)
    if not data.strip():
        raise UnreadableError(f"the input is empty: give {_FORMATS}")
    if har.recognises(data):
        return har.read(data)
    # The output of `curl -v` comes first: a copied terminal also has the command, but with its variables.
    if curl_output.recognises(data):
        return Reading(curl_output.read(data))
    if raw_request.recognises(data):
        return Reading([raw_request.read(data)])
    if curl_command.recognises(data):
        return Reading([curl_command.read(data)])
    raise UnreadableError(f"the input is not a request: give {_FORMATS}")


def _utf8(data: bytes) -> bytes:
    """Return the input without a byte order mark; text that PowerShell saved as UTF-16 becomes UTF-8."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)
