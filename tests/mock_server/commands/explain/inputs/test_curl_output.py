"""The request in the output of `curl -v`."""

from __future__ import annotations

import pytest

from mock_server.commands.explain.inputs import curl_output
from mock_server.commands.explain.inputs.found import UnreadableError
from mock_server.server import MockServer
from tests.support.programs import environment, require, run

LOG = """\
*   Trying 127.0.0.1:8091...
* Connected to 127.0.0.1 (127.0.0.1) port 8091 (#0)
> GET /v2/projects?page=2 HTTP/1.1
> Host: h.example
> Authorization: Bearer A:c2ln
> Couchbase-Timestamp: 1700000000123
>
< HTTP/1.1 401 UNAUTHORIZED
< Date: Tue, 14 Nov 2023 22:13:21 GMT
<
{ [5 bytes data]
> is this a request? no
* Closing connection 0
{"errorType":"Unauthorized"}
"""
METER = (
    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
    "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0"
)


@pytest.mark.parametrize(
    "log",
    [
        LOG,
        LOG.replace("\n", "\r\n"),
        LOG.replace("\n", "\r\r\n"),
        METER + LOG.partition("port 8091 (#0)\n")[2],
        METER + LOG,
        "\n".join(f"21:05:54.131072 {line}" for line in LOG.splitlines()),
        "$ curl -v -H \"Authorization: $AUTH\" 'http://h.example/v2/projects?page=2'\n" + LOG,
        LOG.partition("<")[0].rstrip().removesuffix(">"),
        LOG.replace("HTTP/1.1\n", "HTTP/2\n", 1).replace("Authorization", "authorization"),
        LOG.replace("*   Trying", "> CONNECT h.example:443 HTTP/1.1\n> Host: h.example:443\n>\n*   Trying"),
    ],
    ids=["LF", "CRLF", "CRCRLF", "meter", "meter twice", "times", "command", "cut", "HTTP/2", "proxy"],
)
def test_request_is_found(log: str) -> None:
    """The same request, however the output was saved."""
    assert curl_output.recognises(log.encode())
    (found,) = curl_output.read(log.encode())
    request = found.request
    assert (request.method, request.target) == ("GET", "/v2/projects?page=2")
    assert request.header_values("Authorization") == ["Bearer A:c2ln"]
    assert request.header_values("Couchbase-Timestamp") == ["1700000000123"]
    assert request.header("Host") == "h.example"
    assert not found.body_known


def test_date_of_the_response() -> None:
    """The Date header says when the server had the request."""
    (found,) = curl_output.read(LOG.encode())
    assert found.server_time == 1_700_000_001_000
    (found,) = curl_output.read(LOG.replace("Tue, 14 Nov", "Someday").encode())
    assert found.server_time is None


def test_every_request_is_found() -> None:
    """A redirect that curl follows gives two requests, each with the Date of its response."""
    second = LOG.replace("page=2", "page=3").replace("22:13:21", "22:13:22")
    first, other = curl_output.read((LOG + second).encode())
    assert (first.request.target, other.request.target) == ("/v2/projects?page=2", "/v2/projects?page=3")
    assert (first.server_time, other.server_time) == (1_700_000_001_000, 1_700_000_002_000)


def test_line_break_in_authorization_is_kept() -> None:
    """`base64` wraps its output: the second line belongs to the header."""
    (found,) = curl_output.read(LOG.replace("c2ln\n", "c2ln\n> bmF0dXJl\n").encode())
    assert found.request.header("Authorization") == "Bearer A:c2ln\nbmF0dXJl"


def test_other_line_that_is_no_header() -> None:
    """A line break elsewhere is an error that names the line."""
    with pytest.raises(UnreadableError, match="line 3 of the request"):
        curl_output.read(LOG.replace("> Host: h.example", "> Host: h.example\n> ???").encode())


def test_only_a_proxy() -> None:
    """A CONNECT is not the request."""
    with pytest.raises(UnreadableError, match="CONNECT"):
        curl_output.read(b"> CONNECT h:443 HTTP/1.1\r\n> Host: h:443\r\n>\r\n")


@pytest.mark.parametrize("text", ["", "> ", "> hello", "GET / HTTP/1.1", "* > GET / HTTP/1.1 > "])
def test_other_text_is_not_recognised(text: str) -> None:
    """Without a request line behind `> `, the text is no output of curl."""
    assert not curl_output.recognises(text.encode())


@pytest.mark.parametrize("flags", [("-v",), ("-sv",), ("-v", "--trace-time"), ("-sv", "-d", "{}")])
def test_output_of_curl_itself(flags: tuple[str, ...]) -> None:
    """What the installed curl prints is read."""
    require("curl")
    headers = ("-H", "Authorization: Bearer A:c2ln", "-H", "Couchbase-Timestamp: 1700000000123")
    with MockServer() as mock:
        done = run(
            *("curl", *flags, *headers, f"{mock.url}/v2/projects?page=2"),
            env=environment(NO_PROXY="127.0.0.1"),
        )
        now = mock.journal.entries()[0]["time"]
    assert curl_output.recognises(done.stderr.encode())
    (found,) = curl_output.read(done.stderr.encode())
    assert found.request.method == ("POST" if "-d" in flags else "GET")
    assert found.request.target == "/v2/projects?page=2"
    assert found.request.header("Authorization") == "Bearer A:c2ln"
    assert found.server_time is not None
    assert abs(found.server_time - now) < 2_000
