"""The request that a curl command sends, compared with curl itself where it is installed."""

from __future__ import annotations

import shlex
import shutil
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from mock_server.commands.explain.inputs import curl_command, shell_words
from mock_server.commands.explain.inputs.found import UnreadableError
from tests.support.programs import environment, require, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_server.commands.explain.inputs.found import FoundRequest

CREDENTIALS = "-H 'Authorization: Bearer A:c2ln' -H 'Couchbase-Timestamp: 1700000000123'"

WINDOWS = (
    'curl ^"https://h.example/v2/clouds?page=2^" ^\r\n  -H ^"Authorization: Bearer A:c2ln^" ^\r\n'
    '  -H ^"Couchbase-Timestamp: 1700000000123^"'
)


def read(command: str) -> FoundRequest:
    """Read a command."""
    return curl_command.read(command.encode("utf-8", "surrogateescape"))


def refusal(command: str) -> str:
    """Return the message of the error for a command."""
    with pytest.raises(UnreadableError) as raised:
        read(command)
    message = str(raised.value)
    assert "\n" not in message
    return message


class Recorder:
    """A server that keeps the bytes of the last request."""

    def __init__(self) -> None:
        """Listen on a free port."""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(60)
        self.port = self.listener.getsockname()[1]

    def record(self, command: list[str]) -> bytes:
        """Run a curl command, and return what it sends."""
        received: list[bytes] = []

        def serve() -> None:
            connection, _ = self.listener.accept()
            with connection:
                received.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        done = run(*command, env=environment(NO_PROXY="127.0.0.1"))
        thread.join()
        assert done.returncode == 0, done.stderr
        return received[0]


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    """A server to which curl sends."""
    require("curl")
    recorder = Recorder()
    yield recorder
    recorder.listener.close()


SENT = [
    "'{url}/v2/clouds?page=2'",
    "{url}",
    "'{url}?x=1'",
    "'{url}/v2/clouds?'",
    "'{url}/v2/clouds?page=2#part'",
    "'{url}/v2/./projects/../clouds'",
    "'{url}/v2/clouds/..'",
    "'{url}/v2/clouds/.'",
    "'{url}/../v2/.../clouds?x=../y'",
    "--path-as-is '{url}/v2/../clouds'",
    "'{url}//v2//clouds'",
    "-X DELETE '{url}/v2/clouds'",
    "-X get '{url}/v2/clouds'",
    "--request PUT --url '{url}/v2/clouds' -d '{{}}'",
    "-d 'a=1' --data-raw '@b' '{url}/v2/clouds'",
    "--json '{{}}' --json '[]' -d q '{url}/v2/clouds'",
    "-sSkivLd 'a b' '{url}/v2/clouds'",
    "-sXPATCH '{url}/v2/clouds'",
    "-G -d page=2 --data-urlencode 'name=a b&c' '{url}/v2/clouds?x=1'",
    "-G --data-urlencode '=a b!' '{url}/v2/clouds'",
    "-G --data-urlencode 'a~b' -d page=2 '{url}/v2/clouds#part'",
    "-I '{url}/v2/clouds'",
    "-I -G -d page=2 '{url}/v2/clouds'",
    "--request-target '/v2/x?y' '{url}/v2/clouds'",
    "-u user:password '{url}/v2/clouds'",
    "--oauth2-bearer A:c2ln '{url}/v2/clouds'",
    "-u user:password -H 'Authorization: Bearer A:c2ln' '{url}/v2/clouds'",
    "-H 'Authorization: Bearer A:c2ln' -H 'authorization: Bearer B:c2ln' '{url}/v2/clouds'",
    "-H 'Authorization;' -H 'Accept:' '{url}/v2/clouds'",
    "-H 'Authorization:' -u user:password '{url}/v2/clouds'",
    "-H 'Host: other.example' '{url}/v2/clouds'",
    "-HCouchbase-Timestamp:5 '{url}/v2/clouds'",
    "--compressed -A agent -o /dev/null --max-time 20 '{url}/v2/clouds'",
    '-H "Authorization: Bearer A:\\"c2ln\\"" "{url}/v2/clouds"',
    "-g '{url}/v2/clouds/{{id}}[1]'",
    "-H $'Authorization: Bearer\\x20A:c2\\u006cn\\ttab' '{url}/v2/clouds'",
]


@pytest.mark.parametrize("command", SENT)
def test_request_is_the_one_that_curl_sends(recorder: Recorder, command: str) -> None:
    """Method, target, body, and the headers that matter are those on the wire."""
    written = "curl " + command.format(url=f"http://127.0.0.1:{recorder.port}")
    # A POSIX shell such as dash does not know $'...'.
    shell = shutil.which("bash") or "sh"
    sent = recorder.record([shell, "-c", f"{written} -s -o /dev/null"])
    head, _, body = sent.partition(b"\r\n\r\n")
    line, *headers = head.decode("latin-1").split("\r\n")
    found = read(written)
    assert f"{found.request.method} {found.request.target} HTTP/1.1" == line
    assert found.request.body == body
    for name in ("Authorization", "Couchbase-Timestamp", "Host"):
        values = [
            value.strip()
            for each, _, value in (header.partition(":") for header in headers)
            if each.lower() == name.lower()
        ]
        assert found.request.header_values(name) == values


@pytest.mark.parametrize(
    "command",
    [
        f"curl {CREDENTIALS} 'https://h.example/v2/clouds?page=2'",
        f"$ curl {CREDENTIALS} 'https://h.example/v2/clouds?page=2'\n",
        f"curl.exe {CREDENTIALS} https://h.example/v2/clouds?page=2 | jq .",
        f"curl {CREDENTIALS} https://h.example/v2/clouds?page=2 > out 2>&1; echo done",
        f"X=1 /usr/bin/curl {CREDENTIALS} 2>/dev/null h.example/v2/clouds?page=2",
        f"curl \\\n  {CREDENTIALS} \\\r\n  'https://h.example/v2/clouds?page=2' # comment",
        WINDOWS,
        f'curl {CREDENTIALS} -o "$OUT" -H "X-Id: $ID" \'https://h.example/v2/clouds?page=2\'',
        f"curl {CREDENTIALS} 'https://user:pw@h.example/v2/clouds?page=2'",
    ],
    ids=["plain", "prompt", "pipe", "redirection", "path", "continued", "windows", "other variables", "user"],
)
def test_ways_to_write_a_command(command: str) -> None:
    """Different spellings of a command make the same request."""
    request = read(command).request
    assert (request.method, request.target) == ("GET", "/v2/clouds?page=2")
    assert request.header_values("Authorization") == ["Bearer A:c2ln"]
    assert request.header_values("Couchbase-Timestamp") == ["1700000000123"]
    assert request.header_values("Host") == ["h.example"]


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ('curl -H "Authorization: Bearer A:$SIGNATURE" https://h/', "$SIGNATURE in the header Authorization"),
        ('curl -H "Couchbase-Timestamp: ${TS}" https://h/', "$TS in the header Couchbase-Timestamp"),
        ("curl -H \"Authorization: Bearer A:$(sign 'x' $(date))\" https://h/", "$(...) in the header"),
        ('curl -H "Authorization: Bearer A:`sign`" https://h/', "`...` in the header Authorization"),
        ("curl https://h/v2/$ID", "$ID in the URL"),
        ("curl $URL", "$URL in the URL"),
        ("curl -X $METHOD https://h/", "$METHOD in -X"),
        ('curl --data "$BODY" https://h/', "$BODY in --data"),
        ('curl -H "$HEADER" https://h/', "$HEADER in -H"),
        ("curl -s$X https://h/", "$X"),
        ('curl ^"https://h/%ID%^"', "%ID% in the URL"),
    ],
)
def test_unexpanded_text_is_named(command: str, named: str) -> None:
    """A variable or another text that only the caller's shell can expand is an error that names it."""
    message = refusal(command)
    assert named in message
    assert "sign 'x'" not in message


def test_text_in_single_quotes_is_not_expanded() -> None:
    """A dollar sign in single quotes, or behind a backslash, is text."""
    found = read("curl -X \"\\$A\" -H 'Authorization: Bearer $A:`x`' 'https://h/v2/$ID?a=$'")
    assert found.request.method == "$A"
    assert found.request.target == "/v2/$ID?a=$"
    assert found.request.header("Authorization") == "Bearer $A:`x`"


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ("-d @body.json", "-d"),
        ("--data-binary @-", "--data-binary"),
        ("--json @body.json", "--json"),
        ("--data-urlencode name@file", "--data-urlencode"),
        ("--data-urlencode @file", "--data-urlencode"),
        ("--url-query @file", "--url-query"),
        ("-H @headers", "-H"),
        ("-K settings", "-K"),
        ("--config settings", "--config"),
        ("-F a=b", "-F"),
        ("-T file", "-T"),
        ("-n", "-n"),
        ("--digest", "--digest"),
        ("--aws-sigv4 x", "--aws-sigv4"),
        ("--expand-url x", "--expand-url"),
        ("--no-such-option", "--no-such-option"),
        ("-sn", "-n"),
        ("-s@", "-@"),
        ("--next", "--next"),
        ("https://h/2", "2 URLs"),
        ("-I -d x", "-I"),
        ("-X", "-X"),
    ],
)
def test_option_that_is_not_followed_is_named(option: str, named: str) -> None:
    """The name of the option is in the message, the value never."""
    message = refusal(f"curl https://h/v2/clouds {option}")
    assert named in message
    assert not any(value in message for value in ("body.json", "settings", "headers", "name@"))


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("curl", "no URL"),
        ("curl -s", "no URL"),
        ("curl 'https://h/a b'", "space"),
        ("curl -G -d 'a b' https://h/a", "space"),
        ("curl 'https://h/ü'", "not ASCII"),
        ("curl -G --data-urlencode 'a=b/c' https://h/a", "differently"),
        ("curl 'https://h/{a,b}'", "{ }"),
        ("curl 'https://h/[1-3]'", "[ ]"),
        ("curl ftp://h/a", "no host"),
        ("curl 'https://h/a", "single quote"),
        ('curl "https://h/a', "double quote"),
        ("curl $'https://h/a", "$'...'"),
        ("curl https://h/a\ncurl https://h/b", "more than one"),
    ],
)
def test_command_that_is_no_request(command: str, named: str) -> None:
    """The message says what is missing."""
    assert named in refusal(command)


def test_long_command_is_refused() -> None:
    """Above 2 MiB no system takes a command line."""
    assert "longer" in refusal("curl https://h/" + "a" * (2 << 20))


def test_url_cut_at_an_ampersand() -> None:
    """Without quotes the shell ends the command at an ampersand: a note says so."""
    found = read(f"curl {CREDENTIALS} https://h/v2/clouds?page=2&perPage=10")
    assert found.request.target == "/v2/clouds?page=2"
    assert "Put the URL in quotes" in found.notes[0]
    assert read(f"curl {CREDENTIALS} https://h/v2/clouds && echo").notes == ()


def test_ipv6_address_is_no_range() -> None:
    """The brackets of an address are not expanded."""
    found = read(f"curl {CREDENTIALS} 'http://[::1]:8091/v2/clouds'")
    assert (found.request.target, found.request.header("Host")) == ("/v2/clouds", "[::1]:8091")


def test_files_are_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No option opens a file."""
    monkeypatch.setattr("builtins.open", lambda *_: pytest.fail("a file was opened"))
    monkeypatch.setattr("io.open", lambda *_: pytest.fail("a file was opened"))
    for option in ("-b /etc/passwd", "-E /etc/passwd", "--cacert /etc/passwd"):
        read(f"curl {CREDENTIALS} {option} https://h/v2/clouds")
    refusal("curl -d @/etc/passwd https://h/v2/clouds")


def test_words_are_those_of_a_shell() -> None:
    """Text without expansions is split as `shlex` splits it."""
    line = "a 'b c' \"d \\\" e\" f\\ g '' h'i'\"j\""
    words = shell_words.split(line).words
    assert [word.text for word in words] == shlex.split(line)
