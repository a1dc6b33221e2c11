"""What the journal does not hold: signatures, passwords, cookies and secret keys."""

from __future__ import annotations

import json
import time
from itertools import chain

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_server import redaction
from mock_server.http import ReceivedRequest
from mock_server.journal import Entry
from mock_server.verifier import Refused
from mock_server.visible import Mask

SIGNATURE = "/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (f"Bearer A:{SIGNATURE}", "Bearer A:<signature>"),
        (f"Bearer A:{SIGNATURE}:x", "Bearer A:<signature>"),
        (f"Bearer {SIGNATURE}:A", "Bearer <signature>:<signature>"),
        (f"BearerA:{SIGNATURE}", "BearerA:<signature>"),
        (f"Bearer {SIGNATURE}", "Bearer <credentials>"),
        ("Basic dXNlcjpwYXNzd29yZA==", "Basic <credentials>"),
        ("Basic\tdXNlcjpwYXNzd29yZA==", "Basic <credentials>"),
        (SIGNATURE, "<credentials>"),
        ("a b c", "a <credentials>"),
        ("x" * 21 + " b", "<credentials>"),
        ("Bearer A:", "Bearer A:"),
        ("Bearer", "Bearer"),
        ("Bearer ", "Bearer "),
        ("", ""),
    ],
)
def test_an_authorization_has_no_signature(value: str, kept: str) -> None:
    """The scheme and the access key stay."""
    assert redaction.authorization(value) == kept


def test_headers_without_credentials() -> None:
    """Cookies of other programs on this machine come with a browser's requests. Other headers stay."""
    received = [
        ("authorization", "Basic x"),
        ("Proxy-Authorization", "Basic x"),
        ("COOKIE", "a=b"),
        ("Host", "h"),
    ]
    assert redaction.headers(received, Mask()) == [
        ["authorization", "Basic <credentials>"],
        ["Proxy-Authorization", "Basic <credentials>"],
        ["COOKIE", "<cookie>"],
        ["Host", "h"],
    ]


def test_headers_are_limited() -> None:
    """Up to 16,384 characters of names and values; a mark says that there are more."""
    assert len(redaction.headers([("x", "y" * 4095)] * 4, Mask())) == 4
    kept = redaction.headers([("x", "y" * 4095)] * 5, Mask())
    assert [len(kept), kept[-1]] == [5, ["...", "more headers"]]


@pytest.mark.parametrize(("length", "end"), [(8191, "x"), (8192, "x"), (8193, "...")])
def test_long_text_is_cut(length: int, end: str) -> None:
    """After 8192 characters; dots say so."""
    for shown in (redaction.text("x" * length, Mask()), redaction.body(b"x" * length, Mask())):
        assert shown.rstrip(".") == "x" * min(length, 8192)
        assert shown.endswith(end)


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        ('{"a": "b"}', '{"a": "b"}'),
        ('{"password": "p\\"q", "a": 1}', '{"password": "<password>", "a": 1}'),
        ('[{"a": {"newPasswd" :"p"}}]', '[{"a": {"newPasswd" :"<password>"}}]'),
        ('{"Password": 1234, "b": true}', '{"Password": "<password>", "b": true}'),
        ('{"p\\u0061ssword": "p"}', '{"p\\u0061ssword": "<password>"}'),
        ('{"password": "cut of', '{"password": "<password>"'),
        ('{"password": "cut \\', '{"password": "<password>"'),
        ('{"a": "password", "b": "c"}', '{"a": "password", "b": "c"}'),
        ('{"\\x": "p"}', '{"\\x": "p"}'),
        ("user=a&password=b%20c&d=e", "user=a&password=<password>&d=e"),
        ('{"password": {"a": "b"}}', '{"password": {"a": "b"}}'),
        ('{"password": ["p"], "password": "p"}', '{"password": ["p"], "password": "<password>"}'),
        ('{"password":', '{"password":'),
        ("p%61ssword=p&passw=", "p%61ssword=<password>&passw="),
        ("", ""),
    ],
)
def test_a_body_has_no_password(received: str, kept: str) -> None:
    """In JSON, whole or cut off, and in a form."""
    assert redaction.body(received.encode(), Mask()) == kept
    assert redaction.body(received.encode("utf-16"), Mask()) == (kept if received else "")


def test_a_password_at_the_limit_is_masked() -> None:
    """The rest of it is left out with the rest of the body."""
    body = b'{"a": "' + b"x" * 8140 + b'", "password": "' + b"hunter2" * 100 + b'"}'
    assert redaction.body(body, Mask()).endswith('"password": "<password>"...')


def test_bytes_that_are_no_text_are_replaced() -> None:
    """So the journal is JSON whatever a client sends."""
    assert redaction.body(b"a\xffb", Mask()) == "a\ufffdb"


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "a",
        "passw",
        '"\\',
        '\\"',
        '"a" ',
        '"passw":',
        '"passw":"',
        "passw=",
        "a=b&",
        "\\",
        " ",
        '"passw" ',
    ],
)
def test_no_body_takes_long(unit: str) -> None:
    """The time grows with the length: a body whose time grew with its square would take seconds."""
    received = (unit * 8192)[:8192].encode()
    before = time.process_time()
    redaction.body(received, Mask("canary-key"))
    assert time.process_time() - before < 0.2


SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x17F), min_size=6, max_size=40)


@given(secrets=st.lists(SECRETS, min_size=1, max_size=2), data=st.data())
def test_no_field_holds_a_known_secret(secrets: list[str], data: st.DataObject) -> None:
    """Wherever it is sent; also as the access key."""
    assume(not any(secret in "<signature><credentials><password><cookie><secret>..." for secret in secrets))
    wire = [secret.encode().decode("latin-1") for secret in secrets]
    around = st.text(st.characters(max_codepoint=0xFF), max_size=5)
    text = st.builds(lambda *parts: "".join(parts), around, st.sampled_from(wire), around)
    draw = data.draw
    request = ReceivedRequest(
        draw(text),
        draw(text),
        [
            (draw(text), draw(text)),
            ("Authorization", f"Bearer {draw(text)}:{draw(text)}"),
            ("Cookie", draw(text)),
        ],
        draw(text).encode("latin-1"),
    )
    entry = Entry.of(request, 0, Mask(*secrets))
    texts = draw(text).encode("latin-1"), draw(text).encode("latin-1")
    entry.refuse(Refused("c", "m", draw(st.sampled_from(secrets)), *texts), Mask(*secrets))
    shown = [entry.method, entry.target, *chain(*entry.headers), entry.verified or "", entry.signed or ""]
    for secret, sent in zip(secrets, wire, strict=True):
        assert not [each for each in shown if sent in each]
        assert not [each for each in (entry.body, entry.message or "") if secret in each]
    json.dumps(entry.as_json())
