"""The code examples of mock_server/fixes: each runs in its language, and all six together are a signer.

A language whose runtime is missing is skipped, except where the environment variable CI is set.
"""

from __future__ import annotations

import base64
import hmac
import json
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mock_server import fixes
from mock_server.server import MockServer
from mock_server.verifier.mistakes import ASPECTS
from tests.support.programs import environment, require, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SECRET = '  it\'s #a%real$one, "quoted" \\n and ünïcode: ' + "x" * 64
METHOD, ENDPOINT, TIMESTAMP = "POST", "/v2/projects?page=2&name=a%20b", "1700000000123"
MESSAGE = f"{METHOD}\n{ENDPOINT}\n{TIMESTAMP}"
SIGNATURE = base64.b64encode(hmac.digest(SECRET.encode(), MESSAGE.encode(), "sha256")).decode()


class Language(NamedTuple):
    """A language: how to turn a snippet into a program and run it.

    Attributes:
        tools: the programs that it needs.
        file: the name of the source file.
        command: the command that runs the file.
        program: the source, with places for imports, the declarations and the code.
        declare: the declaration of a text variable.
        given: the declarations that the code needs beside those of text: aspect -> code.
        show: the code that prints a text expression, as a literal of the language.
        send: the code that sends the finished request and prints the status.
    """

    tools: tuple[str, ...]
    file: str
    command: tuple[str, ...]
    program: str
    declare: str
    given: Mapping[str, str]
    show: str
    send: str


LANGUAGES = {
    "Python": Language(
        tools=(sys.executable,),
        file="main.py",
        command=(sys.executable, "main.py"),
        program="{imports}\nimport requests\n{body}\n",
        declare="{name} = {text}",
        given={
            "timestamp": "request = requests.Request(method, address).prepare()",
            "digest": "request = requests.Request(method, address).prepare()\nkey = secret.encode()",
        },
        show="print({expression})",
        send="print(requests.Session().send(request).status_code)",
    ),
    "Go": Language(
        tools=("go",),
        file="main.go",
        command=("go", "run", "main.go"),
        program=(
            'package main\n\nimport "fmt"\n{imports}\n'
            "func sign() error {{\n{body}\nreturn nil\n}}\n\n"
            "func main() {{\nif err := sign(); err != nil {{ panic(err) }}\n}}\n"
        ),
        declare="{name} := {text}; _ = {name}",
        given={
            "timestamp": (
                'import "net/http"\nrequest, err := http.NewRequest(method, address, nil)\n'
                "if err != nil {{ return err }}"
            ),
            "digest": (
                'import "net/http"\nrequest, err := http.NewRequest(method, address, nil)\n'
                "if err != nil {{ return err }}\nkey := []byte(secret)"
            ),
        },
        show="fmt.Println({expression})",
        send=(
            'import "net/http"\nresponse, err := http.DefaultClient.Do(request)\n'
            "if err != nil {{ return err }}\n"
            "defer response.Body.Close()\nfmt.Println(response.StatusCode)"
        ),
    ),
    "JavaScript": Language(
        tools=("node",),
        file="main.mjs",
        command=("node", "main.mjs"),
        program="{imports}\n{body}\n",
        declare="const {name} = {text};",
        given={
            "timestamp": "const headers = new Headers();",
            "digest": 'const headers = new Headers();\nconst key = Buffer.from(secret, "utf8");',
            "all": "const headers = new Headers();",
        },
        show="console.log({expression});",
        send="console.log((await fetch(url, {{ method, headers }})).status);",
    ),
    "Java": Language(
        tools=("java",),
        file="Main.java",
        command=("java", "-Dfile.encoding=UTF-8", "-XX:TieredStopAtLevel=1", "Main.java"),
        program=(
            "{imports}\nclass Main {{\npublic static void main(String[] arguments) throws Exception {{\n"
            "{body}\n}}\n}}\n"
        ),
        declare="String {name} = {text};",
        given={
            "timestamp": (
                "java.net.http.HttpRequest.Builder request ="
                " java.net.http.HttpRequest.newBuilder(java.net.URI.create(address));"
            ),
            "digest": (
                "java.net.http.HttpRequest.Builder request ="
                " java.net.http.HttpRequest.newBuilder(java.net.URI.create(address));\n"
                "byte[] key = secret.getBytes(java.nio.charset.StandardCharsets.UTF_8);"
            ),
        },
        show="System.out.println({expression});",
        send=(
            "System.out.println(java.net.http.HttpClient.newHttpClient().send(request.build(),"
            " java.net.http.HttpResponse.BodyHandlers.ofString()).statusCode());"
        ),
    ),
    "Shell": Language(
        tools=("sh", "openssl", "od", "base64", "curl"),
        file="main.sh",
        command=("sh", "-eu", "main.sh"),
        program="{imports}{body}\n",
        declare="{name}={text}",
        given={"digest": "key=$(printf %s \"$secret\" | od -An -v -tx1 | tr -d ' \\n')"},
        show="printf '%s\\n' {expression}",
        send=(
            'curl -s -o response -w "%{{http_code}}" --globoff --path-as-is -X "$method"'
            ' -H "Authorization: $authorization" -H "Couchbase-Timestamp: $timestamp" "$address"'
        ),
    ),
}

RESULTS = {
    "Python": {
        "timestamp": ("timestamp", 'request.headers["Couchbase-Timestamp"]'),
        "secret": ("key.hex()",),
        "digest": ("signature", 'request.headers["Authorization"]'),
    },
    "Go": {
        "timestamp": ("timestamp", 'request.Header.Get("Couchbase-Timestamp")'),
        "secret": ('fmt.Sprintf("%x", key)',),
        "digest": ("signature", 'request.Header.Get("Authorization")'),
    },
    "JavaScript": {
        "timestamp": ("timestamp", 'headers.get("Couchbase-Timestamp")'),
        "secret": ('key.toString("hex")',),
        "digest": ("signature", 'headers.get("Authorization")'),
    },
    "Java": {
        "timestamp": ("timestamp", 'request.build().headers().firstValue("Couchbase-Timestamp").get()'),
        "secret": ("java.util.HexFormat.of().formatHex(key)",),
        "digest": ("signature", 'request.build().headers().firstValue("Authorization").get()'),
    },
    "Shell": {
        "timestamp": ('"$timestamp"',),
        "secret": ('"$key"',),
        "digest": ('"$signature"', '"$authorization"'),
        "method": ('"$method"',),
        "endpoint": ('"$endpoint"',),
        "frame": ('"$message"',),
    },
}
GIVEN = {
    "method": {"verb": "post"},
    "endpoint": {"method": METHOD, "address": f"http://127.0.0.1:9{ENDPOINT}"},
    "timestamp": {"method": METHOD, "address": "http://127.0.0.1:9/"},
    "frame": {"method": METHOD, "endpoint": ENDPOINT, "timestamp": TIMESTAMP},
    "secret": {},
    "digest": {"method": METHOD, "address": "http://127.0.0.1:9/", "message": MESSAGE, "secret": SECRET},
}


def literal(language: str, text: str) -> str:
    """Return a string literal: in single quotes for the shell, in double quotes for other languages."""
    if language == "Shell":
        return "'" + text.replace("'", "'\\''") + "'"
    return json.dumps(text)


class Runner:
    """Runs code in one language."""

    def __init__(self, name: str, folder: Path) -> None:
        """Skip the test if the runtime of the language is missing, and fail it in CI."""
        self.name = name
        self.language = LANGUAGES[name]
        self.folder = folder
        require(*self.language.tools)

    def run(self, given: Mapping[str, str], code: str) -> str:
        """Run code with text variables that are given, and return its output."""
        access = "accessKey" if self.name in ("Go", "JavaScript", "Java") else "access_key"
        declared = {**given, access: "mock-access-key"}
        declarations = [
            self.language.declare.format(name=name, text=literal(self.name, text))
            for name, text in declared.items()
        ]
        lines = "\n".join((*declarations, code)).splitlines()
        imports = dict.fromkeys(line for line in lines if line.startswith("import "))
        body = "\n".join(line for line in lines if not line.startswith("import "))
        source = self.language.program.format(imports="\n".join(imports), body=body)
        (self.folder / self.language.file).write_text(source, encoding="utf-8")
        done = run(
            *self.language.command,
            cwd=self.folder,
            env=environment(CBC_SECRET_KEY=SECRET, LC_ALL="C.UTF-8", NO_PROXY="127.0.0.1"),
            limit=240,  # seconds: the first Go program compiles net/http
        )
        assert done.returncode == 0, f"{source}\n{done.stderr}"
        return done.stdout

    def outputs(self, aspect: str, given: Mapping[str, str]) -> list[str]:
        """Run the code of one aspect, and return the printed values."""
        variable = {"method": "method", "endpoint": "endpoint", "frame": "message"}.get(aspect, "")
        results = RESULTS[self.name].get(aspect, (variable,))
        shown = [self.language.show.format(expression=expression) for expression in results]
        before = self.language.given.get(aspect, "").format()
        output = self.run(given, "\n".join((before, fixes.of(aspect)[self.name], *shown)))
        return output.rstrip("\r\n").split("\n") if len(results) > 1 else [output.removesuffix("\n")]


@pytest.fixture(params=LANGUAGES)
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Runner:
    """Run code in each language."""
    return Runner(request.param, tmp_path)


def test_every_aspect_has_code_in_every_language() -> None:
    """Six aspects, five languages."""
    assert set(fixes.ASPECTS) == {aspect.name for aspect in ASPECTS}
    for aspect in fixes.ASPECTS:
        assert list(fixes.of(aspect)) == list(LANGUAGES)
        assert fixes.title(aspect).endswith(".")


def test_code_is_short() -> None:
    """The code of an aspect fits a terminal of 120 columns, below its explanation."""
    for aspect in fixes.ASPECTS:
        lines = "".join(fixes.of(aspect).values()).splitlines()
        assert len(lines) <= 27
        assert max(map(len, lines)) <= 110


def test_method(runner: Runner) -> None:
    """The method is in capital letters."""
    assert runner.outputs("method", {"verb": "patch"}) == ["PATCH"]


def test_endpoint(runner: Runner) -> None:
    """The endpoint is path and query."""
    assert runner.outputs("endpoint", GIVEN["endpoint"]) == [ENDPOINT]


def test_timestamp(runner: Runner) -> None:
    """The timestamp is the time in milliseconds, and the header has the same text."""
    before = time.time_ns() // 1_000_000
    timestamps = runner.outputs("timestamp", GIVEN["timestamp"])
    assert len(set(timestamps)) == 1
    assert before - 1_000 < int(timestamps[0]) <= time.time_ns() // 1_000_000


def test_frame(runner: Runner) -> None:
    """The message has two newlines, and none at its end."""
    assert runner.outputs("frame", GIVEN["frame"]) == [MESSAGE]


def test_secret(runner: Runner) -> None:
    """The key has every byte of the secret key: blanks, quotes, #, %, $, a backslash, and UTF-8."""
    assert runner.outputs("secret", {}) == [SECRET.encode().hex()]


def test_digest(runner: Runner) -> None:
    """Signature and header are right for a secret key of more than 64 bytes."""
    signature, *headers = runner.outputs("digest", GIVEN["digest"])
    assert signature == SIGNATURE
    assert headers == [f"Bearer mock-access-key:{SIGNATURE}"]


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock with the secret key of these tests."""
    with MockServer(keys={"mock-access-key": SECRET}) as server:
        yield server


def send(runner: Runner, mock: MockServer, target: str) -> tuple[str, str]:
    """Send a request with the code of the six aspects, and return its code and target as received."""
    code = "\n".join(fixes.of(aspect)[runner.name] for aspect in fixes.ASPECTS)
    parts = (runner.language.given.get("all", ""), code, runner.language.send.format())
    status = runner.run({"verb": "get", "address": mock.url + target}, "\n".join(parts)).strip()
    (entry,) = mock.journal.entries()
    assert status == str(entry["status"])
    return entry["code"], entry["target"]


def test_all_aspects_together_are_a_signer(runner: Runner, mock: MockServer) -> None:
    """The code of the six aspects, one after the other, signs a request that the mock accepts."""
    target = "/v2/projects?page=1&sortBy=a%20b"
    assert send(runner, mock, target) == ("ok", target)


@pytest.mark.parametrize("name", ["Python", "JavaScript"])
def test_endpoint_is_what_the_library_sends(name: str, mock: MockServer, tmp_path: Path) -> None:
    """These libraries encode a space and a letter outside ASCII; the signature covers the encoded text."""
    code, target = send(Runner(name, tmp_path), mock, "/v2/projects/ü?name=a b")
    assert (code, target) == ("ok", "/v2/projects/%C3%BC?name=a%20b")
