"""The headers of a response in the Python client: how they are decoded, and which are malformed."""

from __future__ import annotations

import pytest

from capella.errors import TransportError
from capella.transport import ReceivedResponse, Request, Transport
from tests.support.hostile_servers import Rig, ScriptedServer, response_bytes

pytestmark = pytest.mark.usefixtures("no_proxies")


def received(*headers: str, reason: str = "X") -> ReceivedResponse:
    """Return the response as the transport receives it; the headers are sent in Latin-1."""
    with ScriptedServer(response_bytes(202, b"", *headers, reason=reason)) as wire:
        transport = Transport(wire.url, None, 10)
        try:
            return transport.send(Request("GET", "/v2/status"), lambda: 10.0)
        finally:
            transport.close()


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ((), None),
        (("X-A:",), ""),
        (("X-A: b",), "b"),
        (("x-a: b",), "b"),
        (("X-A: \t b \t",), "b"),
        (("X-A: b\tc d",), "b\tc d"),
        (("X-A: b", "X-A: c"), "b"),
        (("X-A: b", "x-a: c"), "b"),
        (("X-A: b,c",), "b,c"),
        (("X-A: b\r\n c",), "b c"),
        (("X-A: b\r\n\tc",), "b c"),
        (("X-A: \xc3\xa9\xf0\x9f\x98\x80",), "é\U0001f600"),
        (("X-A: \xe9\xff\x80",), "\udce9\udcff\udc80"),
        (("X-A: \xed\xa0\x80",), "\udced\udca0\udc80"),
        (("X-A: \xc2\x9b\xc2\x85",), "\x9b\x85"),
    ],
)
def test_decoded_headers(headers: tuple[str, ...], value: str | None) -> None:
    """A value is UTF-8 without white space around it; any other byte is half a pair; the first one counts."""
    assert received(*headers).headers.get("X-A") == value


@pytest.mark.parametrize(
    ("sent", "reason"), [("", ""), ("a b", "a b"), ("\xc3\xa9\x1b", "é\x1b"), ("a\xffb", "a\udcffb")]
)
def test_decoded_reason(sent: str, reason: str) -> None:
    """The reason phrase is decoded in the same way."""
    assert received(reason=sent).reason == reason


@pytest.mark.parametrize("control", [*map(chr, range(0x09)), "\x0b", "\x0c", "\x1b", "\x1f", "\x7f"])
def test_control_character_in_a_header(control: str) -> None:
    """No header may have a control character except tab."""
    with pytest.raises(TransportError, match="the response has a malformed header") as raised:
        received(f"X-A: b{control}c", "Location: /a")
    assert (raised.value.connected, raised.value.temporary) == (True, False)


@pytest.mark.parametrize("line", ["X-A", "X-A b", "X-A: b\rc", "=?: \r"])
def test_malformed_line(line: str) -> None:
    """A line that is no header is an error: the headers after it would be lost."""
    with pytest.raises(TransportError, match="the response has a malformed header"):
        received(line, "Location: /a")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_request_with_a_malformed_response_is_not_repeated(method: str) -> None:
    """Another attempt would end in the same way."""
    with ScriptedServer(response_bytes(200, b"{}", "X-A: \x1b")) as wire, Rig(wire.url).client as client:
        with pytest.raises(TransportError):
            client.request(method, "/v2/projects")
        assert len(wire.seen) == 1


@pytest.mark.parametrize(
    ("location", "found"), [("", None), ("/a", "/a"), ("/\xc3\xa9", "/é"), ("/\xe9", "/\ufffd")]
)
def test_location(location: str, found: str | None) -> None:
    """An empty Location is none, and a byte that is not UTF-8 is U+FFFD."""
    reply = response_bytes(201, b"", f"Location: {location}")
    with ScriptedServer(reply) as wire, Rig(wire.url).client as client:
        response = client.post("/v2/projects", body={})
    assert response.location == found
