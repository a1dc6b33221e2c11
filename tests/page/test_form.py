"""The form that explains a pasted request in the browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
import shlex
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from mock_server.http import ReceivedRequest
from mock_server.verifier import Refused, verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from mock_server.server import MockServer
    from tests.page.conftest import Opened, Opener

SECRET = "canary#Key%of $the test"
TIMESTAMP = "1614622252260"
TARGET = "/v2/projects/a%20b?page=1&q=x%2By"


def sign(text: str, secret: str = SECRET) -> str:
    """Return the signature of a text."""
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), "sha256")).decode()


RIGHT = sign(f"GET\n{TARGET}\n{TIMESTAMP}")


def raw(
    signature: str, *, method: str = "GET", target: str = TARGET, timestamp: str = TIMESTAMP, body: str = ""
) -> str:
    """Return a request as text."""
    lines = (
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1:8091",
        f"Authorization: Bearer A:{signature}",
        f"Couchbase-Timestamp: {timestamp}",
    )
    return "\n".join((*lines, "", body))


def curl(signature: str, *options: str, url: str = f"http://127.0.0.1:8091{TARGET}") -> str:
    """Return a request as a curl command."""
    headers = ("-H", f"Authorization: Bearer A:{signature}", f"-HCouchbase-Timestamp: {TIMESTAMP}")
    return f"curl {shlex.join([*options, *headers])} \\\n  {shlex.quote(url)}"


def explain(opened: Opened, pasted: str, secret: str = SECRET) -> str:
    """Fill in the form, press the button, and return the result."""
    page = opened.page
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.get_by_label("Request: a curl command").fill(pasted)
    page.get_by_label("Secret key").fill(secret)
    page.get_by_role("button", name="Explain").click()
    expect(page.locator("#result .verdict").first).to_be_visible()
    return page.locator("#result").inner_text()


@pytest.mark.parametrize(
    "pasted",
    [
        raw(RIGHT),
        raw(RIGHT).replace("\n", "\r\n"),
        "* Connected to 127.0.0.1\n> " + raw(RIGHT).replace("\n", "\n> ") + "\n< HTTP/1.1 401 Unauthorized",
        curl(RIGHT),
        "$ " + curl(RIGHT, "-sS", "-i", "--max-time", "5") + " | jq .",
        curl(RIGHT, "-X", "GET").replace("'", '"'),
    ],
    ids=["text", "crlf", "curl -v", "curl", "curl with options", "double quotes"],
)
def test_a_right_signature(open_page: Opener, pasted: str) -> None:
    """The result says so, and how old the request is."""
    result = explain(open_page(), pasted)
    assert result.startswith("The signature is right.")
    assert "Signed at 2021-03-01 18:10:52 UTC" in result


def test_a_wrong_signature_is_explained_in_the_page(mock: MockServer, open_page: Opener) -> None:
    """With both texts, the first difference and the fix; the secret is not shown, and nothing is sent."""
    opened = open_page()
    result = explain(opened, raw(sign(f"GET\n/v2/projects/a%20b\n{TIMESTAMP}")))
    assert result.startswith("The signature is wrong: endpoint_without_query. The query was left out")
    signed, expected = opened.page.locator("#result .texts pre").all_inner_texts()
    assert signed == rf"GET\n/v2/projects/a%20b\n{TIMESTAMP}"
    assert expected == rf"GET\n{TARGET}\n{TIMESTAMP}"
    assert opened.page.locator("#result mark").all_inner_texts() == [r"\n", "?"]
    expect(opened.page.locator("#result .languages button")).to_have_count(5)
    assert SECRET not in opened.page.content()
    polls = {url.partition("?")[0] for url in opened.requested}
    assert polls == {f"{mock.url}/_mock/", f"{mock.url}/_mock/requests"}
    assert not any("canary" in url or "page=1" in url for url in opened.requested)
    assert mock.journal.entries() == []


def text(method: str = "GET", target: str = TARGET, timestamp: str = TIMESTAMP) -> str:
    """Return the text that the rule signs, or one with a wrong part."""
    return f"{method}\n{target}\n{timestamp}"


HEX = hmac.digest(SECRET.encode(), text().encode(), "sha256").hex()
MISTAKES: dict[str, tuple[str, Callable[[], str]]] = {
    "query": ("endpoint_without_query", lambda: sign(text(target="/v2/projects/a%20b"))),
    "url": ("endpoint_full_url", lambda: sign(text(target=f"http://127.0.0.1:8091{TARGET}"))),
    "decoded": ("endpoint_decoded", lambda: sign(text(target=unquote(TARGET)))),
    "plus": ("endpoint_plus_space", lambda: sign(text(target=TARGET.replace("%20", "+")))),
    "encoded twice": ("endpoint_double_encoded", lambda: sign(text(target=TARGET.replace("%", "%25")))),
    "leading slash": ("endpoint_no_leading_slash", lambda: sign(text(target=TARGET[1:]))),
    "slash": ("endpoint_slash", lambda: sign(text(target=TARGET.replace("?", "/?")))),
    "method case": ("method_case", lambda: sign(text("get"))),
    "method": ("method_differs", lambda: sign(text("POST"))),
    "seconds": ("timestamp_signed_differs", lambda: sign(text(timestamp=TIMESTAMP[:-3]))),
    "crlf": ("separator_crlf", lambda: sign(text().replace("\n", "\r\n"))),
    "escaped": ("separator_escaped", lambda: sign(text().replace("\n", r"\n"))),
    "missing": ("separator_missing", lambda: sign(text().replace("\n", ""))),
    "space": ("separator_space", lambda: sign(text().replace("\n", " "))),
    "newline": ("message_trailing_newline", lambda: sign(text() + "\n")),
    "order": ("field_order", lambda: sign(f"{TIMESTAMP}\nGET\n{TARGET}")),
    "body": ("body_included", lambda: sign(f"{text()}\nthe body")),
    "white space": ("secret_whitespace", lambda: sign(text(), SECRET + "\n")),
    "quotes": ("secret_quoted", lambda: sign(text(), f"'{SECRET}'")),
    "cut": ("secret_truncated", lambda: sign(text(), "canary")),
    "access key": ("secret_is_access_key", lambda: sign(text(), "A")),
    "swapped": ("key_message_swapped", lambda: sign(SECRET, text())),
    "hash": (
        "hash_not_hmac",
        lambda: base64.b64encode(hashlib.sha256((SECRET + text()).encode()).digest()).decode(),
    ),
    "hex": ("signature_hex", lambda: HEX),
    "base64 of hex": ("signature_base64_of_hex", lambda: base64.b64encode(HEX.encode()).decode()),
    "padding": ("signature_unpadded", lambda: RIGHT.rstrip("=")),
    "percent": ("signature_percent_encoded", lambda: RIGHT.replace("=", "%3D")),
    "quoted": ("signature_quoted", lambda: f'"{RIGHT}"'),
    "none": ("signature_mismatch", lambda: sign("something else")),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_the_form_names_a_mistake_as_the_mock_does(open_page: Opener, kind: str) -> None:
    """The names of its small set are those of the catalogue."""
    mistake, made = MISTAKES[kind]
    signature = made()
    received = ReceivedRequest(
        "GET",
        TARGET,
        [
            ("Host", "127.0.0.1:8091"),
            ("Authorization", f"Bearer A:{signature}"),
            ("Couchbase-Timestamp", TIMESTAMP),
        ],
        b"the body",
    )
    refused = verify(received, {"A": SECRET}, lambda: int(TIMESTAMP))
    assert isinstance(refused, Refused)
    assert refused.mistake == mistake
    result = explain(open_page(), raw(signature, body="the body"))
    assert result.startswith(f"The signature is wrong: {mistake}. ")


@pytest.mark.parametrize(
    ("pasted", "mistake"),
    [
        (raw(RIGHT).replace("Authorization:", "X-Other:"), "authorization_missing"),
        (raw(RIGHT).replace("Host:", "Couchbase-Timestamp:"), "timestamp_duplicated"),
        (raw(RIGHT).replace("Bearer", "bearer"), "authorization_scheme"),
        (raw(RIGHT).replace("A:", ""), "authorization_malformed"),
        (raw(RIGHT, timestamp="1.6e12"), "timestamp_malformed"),
        (raw(RIGHT, timestamp="1614622252260000"), "timestamp_unit"),
    ],
)
def test_headers_are_judged_first(open_page: Opener, pasted: str, mistake: str) -> None:
    """Before a signature is compared."""
    assert explain(open_page(), pasted).startswith(f"The signature is wrong: {mistake}. ")


def test_seconds_are_named(open_page: Opener) -> None:
    """The signature itself is judged too."""
    seconds = TIMESTAMP[:-3]
    result = explain(open_page(), raw(sign(text(timestamp=seconds)), timestamp=seconds))
    assert "The signature is right." in result
    assert "The timestamp is in seconds. The rule is milliseconds." in result


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("hello", "This is no request: begin with curl"),
        (curl(RIGHT, "--data", "$X").replace("'$X'", "$X"), "The command contains $X"),
        (curl(RIGHT, "--data", "$X").replace("'$X'", '"$(date)"'), "The command contains $("),
        (curl(RIGHT, "--aws-sigv4", "x"), "does not know what the option --aws-sigv4 changes"),
        (curl(RIGHT).replace("'http", "'"), "no host"),
        (curl(RIGHT) + " http://two.example/", "two URLs"),
        ("curl -H 'x: y'", "no URL"),
        ("curl -X", "The option -X has no value"),
        ("curl http://127.0.0.1/v2/clouds?page=1&perPage=2", "quote the URL"),
        ("curl 'http://127.0.0.1", "A single quote is not closed"),
        ('curl "http://127.0.0.1', "A double quote is not closed"),
        ("curl http://127.0.0.1/v2/../v3", "curl removes /./ and /../"),
        ("curl http://127.0.0.1/v2/{a,b}", "curl expands [ ] { }"),
        ("curl http://127.0.0.1/v2/\u00e9", "must be percent-encoded"),
        ("curl -H @file http://127.0.0.1/", "reads headers from a file"),
        ("curl http://127.0.0.1/\n-H 'x: y'", "more than one line"),
    ],
)
def test_input_that_cannot_be_read(open_page: Opener, pasted: str, reason: str) -> None:
    """The result says why, and guesses nothing."""
    opened = open_page()
    if reason == "no host":
        pasted = pasted.replace("'://127.0.0.1:8091", "'?")
    assert reason in explain(opened, pasted)


def test_hostile_input_is_shown_as_text(open_page: Opener) -> None:
    """HTML, control characters and bidi characters in every part of a pasted request."""
    evil = '<img/src=x/onerror=alert(1)>"\x1b\u202e'
    opened = open_page()
    explain(opened, raw("x" + evil.replace("\x1b", ""), target=f"/{evil}", method="<b>"))
    shown = opened.page.locator("#result").inner_text()
    assert '/<img/src=x/onerror=alert(1)>"' in shown
    assert not {"\u202e", "\x1b"} & set(shown)
    assert opened.page.locator("#result img, #result b").count() == 0
    assert "does not know what the option --<script>\\u{202E} changes" in explain(
        opened, "curl --'<script>\u202e' http://127.0.0.1/"
    )
    assert opened.violations() == []


def test_a_secret_in_the_request_is_masked(open_page: Opener) -> None:
    """The texts show `<secret>` in its place."""
    opened = open_page()
    explain(opened, raw(RIGHT, target="/v2/hunter2secret"), secret="hunter2secret")
    assert opened.page.locator("#result .texts pre").all_inner_texts() == [rf"GET\n/v2/<secret>\n{TIMESTAMP}"]


def test_without_webcrypto_the_form_says_so(open_page: Opener) -> None:
    """Browsers offer it on localhost and over TLS only."""
    opened = open_page(script="Object.defineProperty(crypto, 'subtle', { value: undefined });")
    expect(opened.page.locator("#no-crypto")).to_be_visible()
    expect(opened.page.locator("#no-crypto")).to_contain_text("python -m mock_server explain")
    expect(opened.page.get_by_role("button", name="Explain")).to_be_disabled()
