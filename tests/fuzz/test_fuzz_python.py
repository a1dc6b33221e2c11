"""Generated input for the parts of the Python client that read untrusted text.

`HYPOTHESIS_PROFILE=long` tries a hundred times as many inputs. The number of inputs is printed.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import string
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, unquote

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from capella import responses
from capella.client import Client
from capella.errors import (
    CapellaError,
    InputInvalidError,
    NotReadyError,
    ResponseError,
    SettingsError,
    TransportError,
)
from capella.list import read_list
from capella.output import log_line, print_field, print_id, print_line, print_list, print_one
from capella.printable import one_line
from capella.responses import Response
from capella.settings import Settings, load
from capella.signing import CapellaAuth, authorization, sign
from capella.target import wire_target
from capella.transport import ReceivedResponse, Request
from signer import answer_line
from tests.conformance.vectors.suite import load_suite
from tests.support.hostile_servers import RecordedRequest, ScriptedServer, response_bytes
from tests.support.unprintable import unprintable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUITE = load_suite()
NOW = 1_700_000_000_000
CHECKS = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
settings.register_profile("short", max_examples=200, deadline=None, suppress_health_check=CHECKS)
settings.register_profile("long", max_examples=20_000, deadline=None, suppress_health_check=CHECKS)
budget = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))

TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates included
METHOD = st.text(string.ascii_uppercase, min_size=1)
ENDPOINT = st.text([chr(code) for code in range(0x21, 0x7F) if chr(code) != "#"]).map(lambda text: f"/{text}")
TIMESTAMP = st.integers(min_value=0).map(str)
SECRET = st.text(min_size=1)
ACCESS_KEY = st.from_regex(r"\A[!-9;=?-~]+\Z")

T = TypeVar("T")
tried: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def report(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print the number of inputs of each test."""
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{sum(tried.values())} inputs to the Python client: {dict(tried)}")  # noqa: T201  # the report


def outcome(call: Callable[[], T]) -> T | CapellaError:
    """Return the result of a call, or the CapellaError that it raises; any other error fails the test."""
    try:
        return call()
    except CapellaError as error:
        return error


# Signing


@budget
@given(METHOD, ENDPOINT, TIMESTAMP, SECRET, ACCESS_KEY)
def test_valid_parts_are_signed(
    method: str, endpoint: str, timestamp: str, secret: str, access_key: str
) -> None:
    """Valid parts are signed by the rule."""
    tried["signed"] += 1
    message = f"{method}\n{endpoint}\n{timestamp}".encode()
    expected = base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()
    assert sign(method, endpoint, timestamp, secret) == expected
    assert authorization(access_key, expected) == f"Bearer {access_key}:{expected}"


def is_valid(method: str, endpoint: str, timestamp: str, secret: str) -> bool:
    """Return whether a signer must accept these parts. The code is independent of the client."""
    return bool(
        re.fullmatch(r"[A-Z]+", method)
        and re.fullmatch(r"/[\x21\x22\x24-\x7e]*", endpoint)
        and re.fullmatch(r"0|[1-9][0-9]*", timestamp)
        and secret
        and not re.search("[\ud800-\udfff]", secret)
    )


@budget
@given(METHOD | TEXT, ENDPOINT | TEXT, TIMESTAMP | TEXT, SECRET | TEXT)
def test_invalid_parts_are_refused(method: str, endpoint: str, timestamp: str, secret: str) -> None:
    """Parts are signed if all of them are valid. Otherwise they are refused, with one printable line."""
    tried["signed or refused"] += 1
    found = outcome(lambda: sign(method, endpoint, timestamp, secret))
    assert isinstance(found, str) is is_valid(method, endpoint, timestamp, secret)
    assert isinstance(found, str | InputInvalidError)
    assert str(found).isprintable()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PARTS = ("id", "method", "endpoint", "timestamp", "access_key", "secret")
QUESTION = st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, TEXT | JSON))


@budget
@given(st.binary() | QUESTION.map(json.dumps).map(str.encode))
def test_signer_replies_to_any_line(line: bytes) -> None:
    """A line gets a reply with its id, or raises ValueError."""
    tried["lines of the signer"] += 1
    try:
        reply = json.loads(answer_line(line))
    except ValueError:
        return
    assert reply["id"] == json.loads(line)["id"]
    assert len({"signature", "refused", "cannot"} & set(reply)) == 1


# Targets

SEGMENT = st.text(min_size=1).filter(lambda text: text not in {".", ".."})


@budget
@given(st.lists(SEGMENT, min_size=1, max_size=6), st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_target_decodes_to_its_parts(path: list[str], query: list[tuple[str, str]]) -> None:
    """A target has only unreserved characters and upper-case escapes, and decodes to its parts."""
    tried["targets"] += 1
    target = wire_target(path, query)
    where, _, rest = target.partition("?")
    assert re.fullmatch(r"(/([A-Za-z0-9._~-]|%[0-9A-F]{2})+)+", where)
    assert re.fullmatch(r"(([A-Za-z0-9._~&=-]|%[0-9A-F]{2})+)?", rest)
    assert [unquote(segment, errors="strict") for segment in where.split("/")[1:]] == path
    assert parse_qsl(rest, keep_blank_values=True) == query
    sign("GET", target, "0", "secret")


TYPED = st.text("/?%abc~.2fF7E;=&+@:#[]| \u00e9\n\\", max_size=30)


@budget
@given(st.lists(TYPED | ENDPOINT | TEXT, min_size=1, max_size=8))
@example([vector.expected or "/" for vector in SUITE.targets])
@example([vector.endpoint for vector in SUITE.signatures if vector.expected])
def test_typed_target_is_sent_or_refused(targets: list[str]) -> None:
    """A typed target is sent byte for byte and signed, or it is refused."""
    sent = []
    with (
        ScriptedServer(response_bytes()) as wire,
        Client(Settings(wire.url, "A", "secret"), clock=lambda: NOW) as client,
    ):
        for target in targets:
            tried["typed targets"] += 1
            found = outcome(partial(client.request, "GET", target))
            if isinstance(found, Response):
                sent.append(target)
            else:
                assert isinstance(found, InputInvalidError)
                assert not re.fullmatch(r"/[A-Za-z0-9._~/-]*", target)
        assert [seen.target for seen in wire.seen] == sent
        signed = [sign("GET", target, str(NOW), "secret") for target in sent]
        assert [authorized(seen) for seen in wire.seen] == signed


def authorized(seen: RecordedRequest) -> str:
    """Return the signature of a request."""
    return (seen.header("Authorization") or "").removeprefix("Bearer A:")


# Settings

NAMES = ("CBC_API_URL", "cbc_api_url", "CBC_ACCESS_KEY", "ACCESS_KEY", "CBC_SECRET_KEY", "cbc_secret_key")
URL = st.from_regex(r"\A(https?|HTTP|ftp)://[a-z0-9.\[\]:@%/?#-]*\Z")


@budget
@given(st.dictionaries(st.sampled_from(NAMES), TEXT | URL | ACCESS_KEY, max_size=6))
def test_settings_can_sign_or_are_refused(environment: dict[str, str]) -> None:
    """Settings that load make a client that can sign; refused ones are named in one line without a value."""
    tried["settings"] += 1
    found = outcome(lambda: load(environment))
    if isinstance(found, SettingsError):
        assert found.missing or found.invalid
        assert str(found).isprintable()
        for name in found.invalid:
            assert len(environment[name]) < 20 or environment[name] not in str(found)
    else:
        assert isinstance(found, Settings)
        assert found.secret_key.reveal() in environment.values()
        scheme, _, host = found.base_url.lower().partition("://")
        assert scheme == "https" or re.match(r"(127\.\d+\.\d+\.\d+|localhost|\[[0:]*:0*1\])(:\d+)?$", host)
        CapellaAuth(found.access_key, found.secret_key.reveal())
        Client(found).close()


QUOTED = st.text(st.characters(exclude_characters="'\r\n", exclude_categories=["Cs"])).filter(
    lambda text: "\\\\" not in text and not text.endswith("\\")
)


@budget
@given(QUOTED)
def test_single_quotes_keep_a_secret(secret: str) -> None:
    """A single-quoted value in a `.env` file is read as written."""
    tried["secrets in .env"] += 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, ".env")
        file.write_bytes(f"A='1'\nCBC_SECRET_KEY='{secret}'\nB='2'\n".encode())
        found = dotenv_values(file, interpolate=False, encoding="utf-8")
    assert found == {"A": "1", "CBC_SECRET_KEY": secret, "B": "2"}


# Responses

BODY = st.binary() | JSON.map(json.dumps).map(lambda text: text.encode(errors="surrogatepass"))
ENVELOPE = (
    st.fixed_dictionaries({"errorType": TEXT | JSON, "message": TEXT | JSON}).map(json.dumps).map(str.encode)
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Type": st.sampled_from(["application/json", "text/html", "", ";", "a+json"]) | st.text(),
        "Location": st.text(),
        "Date": st.text() | st.datetimes().map(lambda date: date.strftime("%a, %d %b %Y %H:%M:%S GMT")),
        "Retry-After": st.text() | st.integers().map(str) | st.sampled_from(["9" * 400, "\u00b2", "\u0661"]),
    },
)


@budget
@given(st.integers(200, 599), BODY | ENVELOPE, HEADERS, st.booleans())
def test_any_response_is_read_or_raised(
    status: int,
    body: bytes,
    headers: dict[str, str],
    cut: bool,  # noqa: FBT001  # drawn
) -> None:
    """A response becomes a Response with usable fields, or an error in one line."""
    tried["responses"] += 1
    received = ReceivedResponse(status, "Reason", headers, body, cut=cut)
    found = outcome(lambda: responses.read(Request("GET", "/v2/projects"), received, NOW))
    if isinstance(found, ResponseError):
        assert not unprintable(str(found))
        assert found.retry_after is None or found.retry_after >= 0
    else:
        assert isinstance(found, Response)
        assert 200 <= found.status < 300
        assert found.body is None or json.loads(found.text) == found.body
        for look in (lambda: read_list(found), lambda: found.new_id, lambda: found.field("a", "b")):
            assert str(outcome(look))


@budget
@given(TEXT)
def test_one_line_can_be_printed(text: str) -> None:
    """One line contains no control or format character."""
    tried["texts"] += 1
    shown = one_line(text)
    assert not unprintable(shown)
    assert len(shown) == len(text)


PRINTERS: tuple[Callable[[str, bool], object], ...] = (
    lambda text, as_json: print_list(Response(200, [{"a": text, text: 1}]), {"A": "a"}, as_json=as_json),
    lambda text, as_json: print_one(
        Response(200, {"a": [text], "b": {text: text}}), {"A": "a", "B": "b"}, as_json=as_json
    ),
    lambda text, as_json: print_field(Response(200, {"a": f"{text}."}), "a", as_json=as_json),
    lambda text, as_json: print_id(Response(201, {"id": f"{text}."}, f"/a/{text}"), as_json=as_json),
    lambda text, as_json: print_line(Response(204, location=text), f"deleted {text}", as_json=as_json),
    lambda text, _: log_line(text),
    lambda text, _: log_line(str(NotReadyError(text))),
    lambda text, _: log_line(str(Response(200).unexpected(text))),
    lambda text, _: log_line(str(TransportError(text, "GET", "/"))),
)


@budget
@given(st.sampled_from(PRINTERS), TEXT, st.booleans())
@example(PRINTERS[3], "\ud800", True)  # noqa: FBT003  # whether as JSON
def test_nothing_unprintable_is_printed(
    capsys: pytest.CaptureFixture[str],
    printer: Callable[[str, bool], object],
    text: str,
    as_json: bool,  # noqa: FBT001  # drawn
) -> None:
    """Whatever a response contains, each way to print it prints no control or format character."""
    tried["printed"] += 1
    printer(text, as_json)
    printed = capsys.readouterr()
    assert printed.out or printed.err
    assert not unprintable(printed.out + printed.err, allowed="\n")
