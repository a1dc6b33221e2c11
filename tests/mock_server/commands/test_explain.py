"""`explain`: what it prints, its exit codes, and that the secret key is never shown."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.commands.explain.inputs.found import FoundRequest
from mock_server.commands.explain.judge import judge
from mock_server.commands.explain.report import Report, duration
from mock_server.http import ReceivedRequest
from mock_server.visible import Mask
from tests.mock_server.commands.programs import MOCK, run_mock
from tests.support.programs import environment, run
from tests.support.terminal import run_on_a_terminal

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

SECRET = "canary #a%real$one moonshine"
TIMESTAMP = "1700000000123"
TARGET = "/v2/projects?page=2&perPage=10"
EXPECTED = rf"GET\n{TARGET}\n{TIMESTAMP}"


def authorization(text: str, secret: str = SECRET) -> str:
    """Return the value of an Authorization header."""
    digest = hmac.digest(secret.encode(), text.encode(), "sha256")
    return f"Bearer A:{base64.b64encode(digest).decode()}"


RIGHT = authorization(f"GET\n{TARGET}\n{TIMESTAMP}")
WITHOUT_QUERY = authorization(f"GET\n/v2/projects\n{TIMESTAMP}")


def verbose(value: str, timestamp: str = TIMESTAMP, date: str = "") -> str:
    """Return what `curl -v` prints."""
    return (
        f"* Connected to h.example (127.0.0.1) port 443 (#0)\n> GET {TARGET} HTTP/1.1\n> Host: h.example\n"
        f"> Authorization: {value}\n> Couchbase-Timestamp: {timestamp}\n>\n< HTTP/1.1 401\n{date}<\n"
    )


def explain(
    text: str | bytes, *arguments: str | Path, secret: str = SECRET, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `explain` with the request on stdin and the secret key in the environment."""
    settings = {"CBC_SECRET_KEY": secret, **more} if secret else more
    done = run(*MOCK, "explain", *arguments, env=environment(**settings), stdin=text)
    assert "Traceback" not in done.stderr
    if secret:
        assert secret not in done.stdout + done.stderr
    return done


def test_query_left_unsigned() -> None:
    """Verdict, the two texts with a mark below the first byte that differs, the reason, and the code."""
    done = explain(verbose(WITHOUT_QUERY))
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert lines[0] == f"GET {TARGET}"
    assert lines[1].startswith("Signed at 2023-11-14 22:13:20 UTC, ")
    assert "The signature is WRONG: endpoint_without_query" in lines
    place = lines.index(rf"  signed    GET\n/v2/projects\n{TIMESTAMP}")
    assert lines[place + 1] == f"  expected  {EXPECTED}"
    mark = lines[place + 2].index("^")
    assert (lines[place][mark : mark + 2], lines[place + 1][mark]) == (r"\n", "?")
    assert lines[place + 2].endswith("^ byte 17: a newline signed, `?` expected")
    for language in ("Python", "Go", "JavaScript", "Java", "Shell"):
        assert f"{language}:" in lines
    assert len(lines) <= 45


def test_right_signature() -> None:
    """The exit code is 0, and the report says where else to look."""
    done = explain(verbose(RIGHT))
    assert (done.returncode, done.stderr) == (0, "")
    assert "The signature is RIGHT." in done.stdout
    assert "the reason is another one" in done.stdout


def test_two_mistakes() -> None:
    """Both are named, and the code for both aspects is shown."""
    done = explain(verbose(authorization(f"GET\n/v2/projects\n{TIMESTAMP}", f"{SECRET}\n")))
    assert done.returncode == 1
    assert "WRONG: endpoint_without_query+secret_whitespace" in done.stdout
    assert done.stdout.count("How to do it right.") == 2


def test_secret_that_is_wrong() -> None:
    """Where the text is right, it is shown once."""
    done = explain(verbose(authorization(f"GET\n{TARGET}\n{TIMESTAMP}", SECRET.partition("#")[0])))
    assert "WRONG: secret_truncated" in done.stdout
    assert f"  signed    {EXPECTED}   (as expected)" in done.stdout


def test_unexplained_signature() -> None:
    """The expected text is shown, and no code."""
    done = explain(verbose(authorization("something else")))
    assert done.returncode == 1
    assert "WRONG: signature_mismatch" in done.stdout
    assert f"  expected  {EXPECTED}" in done.stdout
    assert "X-Mock" not in done.stdout
    assert "The signature was compared with the secret key in CBC_SECRET_KEY." in done.stdout
    assert "How to do it right" not in done.stdout


def test_timestamp_in_seconds() -> None:
    """Seconds hide no other mistake, and are not called the reason of a 401 of the service."""
    right = authorization(f"GET\n{TARGET}\n1700000000")
    done = explain(verbose(right, "1700000000"))
    assert done.returncode == 1
    assert done.stdout.count("The service very likely accepts seconds") == 1
    assert "Apart from that, the signature is right." in done.stdout
    done = explain(verbose(authorization("GET\n/v2/projects\n1700000000"), "1700000000"))
    assert "WRONG: timestamp_unit and endpoint_without_query" in done.stdout
    assert "Apart from that" not in done.stdout


def test_everything_that_is_wrong_is_named() -> None:
    """What the verifier finds behind the first mistake is there, with both texts and the code for each."""
    wrong = authorization(f"GET\n/v2/projects\n{TIMESTAMP}").replace("Bearer", "bearer")
    done = explain(verbose(wrong))
    assert "WRONG: authorization_scheme and endpoint_without_query" in done.stdout
    assert rf"  signed    GET\n/v2/projects\n{TIMESTAMP}" in done.stdout.splitlines()
    assert "Also: The query was left out" in " ".join(done.stdout.split())
    assert done.stdout.count("How to do it right.") == 2
    wrong = authorization("something else").replace("Bearer", "bearer")
    words = " ".join(explain(verbose(wrong)).stdout.split())
    assert "WRONG: authorization_scheme and signature_mismatch" in words
    assert "Print the text that your client signs" in words


@pytest.mark.parametrize(
    ("value", "mistake"),
    [
        ("Basic QTpi", "authorization_scheme"),
        ("Bearer A:", "authorization_malformed"),
        ("Bearer A:" + "ab" * 32, "signature_hex"),
        (f"Bearer {SECRET}:c2ln", "authorization_malformed"),
        (f"Bearer A:{SECRET}", "signature_encoding"),
        ("Bearer \xff\u202e:c2ln", "authorization_malformed"),
    ],
)
def test_refusal_before_the_signature_is_compared(value: str, mistake: str) -> None:
    """The code of the refusal, or the shape of the signature, is named."""
    done = explain(verbose(value))
    assert done.returncode == 1
    assert "The signature is WRONG: " in done.stdout
    if "\xff" not in value:
        assert mistake in done.stdout


def test_secret_in_the_place_of_the_access_key() -> None:
    """The two keys are swapped."""
    done = explain(verbose(RIGHT.replace("A:", "moonshine:")), secret="moonshine")
    assert "access_key_unknown" in done.stdout
    assert "exchange the two settings" in " ".join(done.stdout.split())


def test_date_of_the_response_tells_of_a_clock_that_is_wrong() -> None:
    """A right signature that reached the server late is explained by the Date header."""
    done = explain(verbose(RIGHT, date="< Date: Wed, 15 Nov 2023 00:13:20 GMT\n"))
    assert done.returncode == 0
    assert "Note: The response is dated 1 h 59 min after the timestamp." in done.stdout.replace("\n", " ")
    assert "Note:" not in explain(verbose(RIGHT, date="< Date: Tue, 14 Nov 2023 22:13:21 GMT\n")).stdout


def test_timestamp_in_the_future() -> None:
    """The signature is verified, and the report says that the timestamp is ahead of the clock."""
    timestamp = str(time.time_ns() // 1_000_000 + 7_200_000)
    done = explain(verbose(authorization(f"GET\n{TARGET}\n{timestamp}"), timestamp))
    assert done.returncode == 0
    assert "ahead of this machine's clock" in done.stdout
    assert "Note: A timestamp in the future is refused too" in done.stdout


def test_other_access_key_in_the_environment() -> None:
    """A note says that the secret key may belong to another access key. Neither key is shown."""
    done = explain(verbose(WITHOUT_QUERY), CBC_ACCESS_KEY="other-key")
    assert "The access key of the request is not the one in CBC_ACCESS_KEY" in done.stdout
    assert "other-key" not in done.stdout


def test_options() -> None:
    """The four options are a request."""
    parts = ("--method", "GET", "--timestamp", TIMESTAMP, "--authorization", RIGHT, "--target")
    assert explain("", *parts, TARGET).returncode == 0
    assert explain("", *parts, f"https://h.example{TARGET}#part").returncode == 0
    assert explain("", *parts, "/v2/projects").returncode == 1


def test_secret_on_stdin(tmp_path: Path) -> None:
    """The newline of `echo` does not belong to the secret key; other white space does."""
    file = tmp_path / "log"
    file.write_text(verbose(RIGHT), encoding="utf-8")
    arguments = ("--secret-stdin", file)
    assert explain(f"{SECRET}\n", *arguments, secret="").returncode == 0
    assert explain(SECRET, *arguments, secret="").returncode == 0
    done = explain(f"{SECRET}\n\n", *arguments, secret="")
    assert (done.returncode, SECRET in done.stdout) == (1, False)
    assert "empty" in explain("\n", *arguments, secret="").stderr
    assert "not valid UTF-8" in explain(b"\xff", *arguments, secret="").stderr


def test_secret_from_a_prompt(tmp_path: Path) -> None:
    """On a terminal the secret key is typed, and not shown."""
    file = tmp_path / "log"
    file.write_text(verbose(RIGHT), encoding="utf-8")
    command = (*MOCK, "explain", str(file))
    code, shown = run_on_a_terminal(*command, env=environment(COLUMNS="100"), typed=f"{SECRET}\n")
    assert code == 0
    assert "RIGHT" in shown
    assert SECRET not in shown


def test_har_with_several_requests() -> None:
    """Each request is judged, and those without Authorization are listed."""
    headers = [{"name": "Couchbase-Timestamp", "value": TIMESTAMP}]

    def entry(value: str) -> dict[str, object]:
        signed = [*headers, {"name": "Authorization", "value": value}] if value else headers
        return {"request": {"method": "GET", "url": f"https://h.example{TARGET}", "headers": signed}}

    values = [RIGHT, "", WITHOUT_QUERY, ""]
    done = explain(json.dumps({"log": {"entries": [entry(value) for value in values]}}))
    assert done.returncode == 1
    assert "Request 1 of 2: GET" in done.stdout
    assert "Request 2 of 2: GET" in done.stdout
    assert "Not judged: 2 requests have no Authorization header" in done.stdout
    done = explain(json.dumps({"log": {"entries": [entry("")]}}), secret="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "browsers leave it out" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--secret-key", SECRET), "unknown argument --secret-key"),
        ((f"--secret-stdin={SECRET}", "x"), "takes no value"),
        (("x", SECRET), "unknown argument: give one FILE"),
        (("--method", "GET"), "--target and --timestamp and --authorization missing"),
        (("--secret-stdin",), "--secret-stdin needs the request in FILE"),
        (("no-such-file",), "cannot read FILE: No such file"),
        (("/",), "cannot read FILE: Is a directory"),
        (("--", "x"), "explain runs no command"),
        ((), "the input is empty"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], message: str) -> None:
    """The exit code is 2, and one line says what is missing. No value is repeated."""
    done = explain("", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_secret_is_missing() -> None:
    """Without a terminal, the message says where the secret key is expected."""
    done = run(*MOCK, "explain", stdin=verbose(RIGHT))  # in a new session, which has no terminal
    assert (done.returncode, done.stdout) == (2, "")
    assert "the secret key is missing: set CBC_SECRET_KEY" in done.stderr


def test_help_has_an_example_for_each_input() -> None:
    """The help names each input, and the exit codes."""
    done = run_mock("explain", "--help")
    assert done.returncode == 0
    for word in (
        "a curl command",
        "curl -v",
        "a raw request",
        "a HAR file",
        "--method GET",
        "--secret-stdin",
    ):
        assert word in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_closed_stdout_changes_no_exit_code() -> None:
    """`explain | head -1` ends without a traceback."""
    done = run(
        *("bash", "-c", '"$@" explain | true; exit ${PIPESTATUS[0]}', "bash", *MOCK),
        env=environment(CBC_SECRET_KEY=SECRET),
        stdin=verbose(WITHOUT_QUERY),
    )
    assert (done.returncode, done.stderr) == (1, "")


def report(method: str, target: str, *values: str, secret: str) -> str:
    """Return the report on a request with an Authorization header and a timestamp, for 80 columns."""
    headers = zip(("Authorization", "Couchbase-Timestamp"), values, strict=True)
    found = FoundRequest(ReceivedRequest(method, target, list(headers)))
    return Report(Mask(secret), 1_700_000_000_000, 80).text([judge(found, secret)], [found], [])


LATIN1 = st.text(st.characters(max_codepoint=255), max_size=60)


@given(LATIN1, LATIN1, LATIN1 | st.just(TIMESTAMP), LATIN1, st.text(min_size=1, max_size=30))
def test_report_is_printable(target: str, method: str, timestamp: str, value: str, secret: str) -> None:
    """The report on any request contains only printable ASCII and newlines."""
    key = secret.encode("utf-8", "replace").decode()
    text = report(method, target, f"Bearer A:{value}", timestamp, secret=key)
    assert text.isascii()
    assert text.replace("\n", "").replace("\t", "").isprintable()


@given(st.integers(0, 3), st.booleans())
def test_secret_in_the_request_is_masked(place: int, plain: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """A secret key in any part of the request, plain or encoded, reads `<secret>`."""
    secret = "moonshine-canary"
    shown = secret if plain else base64.b64encode(secret.encode()).decode()
    parts = ["GET", TARGET, "Bearer A:c2ln", TIMESTAMP]
    parts[place] += shown
    assert shown not in report(*parts, secret=secret)


def test_long_texts_are_cut_around_the_difference() -> None:
    """On a terminal, each line fits, and the mark is below the byte that differs."""
    target = f"/v2/projects?{'a' * 500}&name=a%20b&{'z' * 500}"
    value = authorization(f"GET\n{target.replace('%20', '+')}\n{TIMESTAMP}")
    lines = report("GET", target, value, TIMESTAMP, secret=SECRET).splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("  signed    ..."))
    mark = lines[place + 2].index("^")
    assert (lines[place][mark], lines[place + 1][mark]) == ("+", "%")
    assert max(map(len, lines[place : place + 4])) <= 80


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [(0, "0 s"), (999, "0 s"), (61_000, "1 min 1 s"), (7_200_000, "2 h"), (90_061_000, "1 d 1 h")],
)
def test_duration(milliseconds: int, words: str) -> None:
    """The two largest units."""
    assert duration(milliseconds) == words


def test_control_characters_are_visible() -> None:
    """Bytes that a terminal interprets are shown as escapes."""
    done = explain(b"GET /v2/\x1b[31m\xe2\x80\xae?\x07 HTTP/1.1\nAuthorization: Bearer A:c2ln\n\n")
    assert r"GET /v2/\x1B[31m\xE2\x80\xAE?\x07" in done.stdout
    assert not re.search(r"[^\n\t -~]", done.stdout)
