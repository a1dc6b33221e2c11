"""How bytes are shown, and how secret keys are masked."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.visible import Mask, shown, spoken

SECRET = 'mock/secret+key, "not#a%real$one" \\ \u00e9'
PLAIN = SECRET.encode()


def test_every_byte_is_shown_as_printable_ascii() -> None:
    """A newline, a tab and a backslash have names; other bytes are in hexadecimal."""
    assert shown(b"a\n\r\t\\\x1b\xe2\x80\xae") == r"a\n\r\t\\\x1B\xE2\x80\xAE"
    assert shown(bytes(range(256))).isascii()
    assert shown(bytes(range(256))).isprintable()


def test_a_byte_is_spoken() -> None:
    """A byte is shown by its name or as itself; behind the last byte is the end of the text."""
    assert [spoken(b"a \n\x00", place) for place in range(5)] == [
        "`a`",
        "a space",
        "a newline",
        "`\\x00`",
        "the end of the text",
    ]


@pytest.mark.parametrize(
    "form",
    [
        PLAIN,
        base64.b64encode(PLAIN),
        base64.urlsafe_b64encode(PLAIN).rstrip(b"="),
        PLAIN.hex().encode(),
        PLAIN.hex().upper().encode(),
        quote(PLAIN, safe="").encode(),
        quote(PLAIN).encode(),
        quote_plus(PLAIN).encode(),
        quote(PLAIN, safe="").lower().encode(),
        json.dumps(SECRET)[1:-1].encode(),
        json.dumps(SECRET, ensure_ascii=False)[1:-1].encode(),
        SECRET.encode("utf-16-le"),
    ],
)
def test_each_form_of_a_secret_is_masked(form: bytes) -> None:
    """Each occurrence is masked, also between other bytes."""
    assert Mask("other", SECRET).masked(b"a" + form + b"b" + form) == b"a<secret>b<secret>"


def test_a_short_secret_has_one_form() -> None:
    """Only the plain form of a short secret is masked: its encoded forms occur in other text by chance."""
    assert Mask("abc").masked(b"abc YWJj 616263") == b"<secret> YWJj 616263"


def test_the_mask_is_not_masked() -> None:
    """The letters of `<secret>` can be a secret key too."""
    assert Mask("longer secret", "e").masked(b"longer secret, e") == b"<secret>, <secret>"


def test_without_secrets_nothing_is_masked() -> None:
    """An empty secret key masks nothing."""
    assert Mask().masked(b"a") == b"a"
    assert Mask("").masked(b"a") == b"a"


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(0, b""), (2, b"ab"), (3, b"ab<secret>"), (9, b"ab<secret>d"), (99, b"ab<secret>de")],
)
def test_a_limit_cuts_no_secret(limit: int, expected: bytes) -> None:
    """A secret key that begins before the limit is replaced whole."""
    assert Mask("cccccc").masked(b"abccccccde", limit) == expected


@given(
    st.binary(max_size=20),
    st.text("abcd!", min_size=8, max_size=12),
    st.binary(max_size=20),
    st.integers(0, 60),
)
def test_no_secret_and_no_part_of_it_is_left(before: bytes, secret: str, after: bytes, limit: int) -> None:
    """Wherever it is, and wherever the text ends."""
    text = before + secret.encode() + after + secret.encode()
    masked = Mask(secret).masked(text, limit)
    assert secret.encode() not in masked
    assert len(masked) <= limit + len("<secret>")
    unmasked = before + b"<secret>" + after + b"<secret>"
    assert (
        unmasked.startswith(masked)
        or secret.encode() in before + after
        or secret[0].encode() in before + after
    )
