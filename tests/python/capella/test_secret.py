"""A secret: no way of showing, copying or storing it reveals its text."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
import pprint
import traceback
from dataclasses import asdict, astuple, replace
from typing import TYPE_CHECKING, Any

import pytest

from capella.secret import Secret
from capella.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "canary-7c1e"
SETTINGS = Settings("http://127.0.0.1:1", "access", CANARY)


@pytest.mark.parametrize(
    "show",
    [
        str,
        repr,
        ascii,
        "{}".format,
        "{!r:>40}".format,
        "%s".__mod__,
        "%r".__mod__,
        pprint.pformat,
        lambda value: json.dumps({"settings": value}, default=str),
        lambda value: json.dumps([value], default=repr),
    ],
)
@pytest.mark.parametrize(
    "value", [Secret(CANARY), SETTINGS, asdict(SETTINGS), astuple(SETTINGS), {CANARY[:0]: SETTINGS}]
)
def test_text_does_not_contain_it(show: Callable[[object], str], value: object) -> None:
    """Each way to format a secret, or settings that contain it, gives "[secret]" instead of the text."""
    text = show((value,) if isinstance(value, tuple) and show in {"%s".__mod__, "%r".__mod__} else value)
    assert CANARY not in text
    assert "[secret]" in text


@pytest.mark.parametrize("value", [Secret(CANARY), SETTINGS, asdict(SETTINGS)])
def test_json_refuses_it(value: object) -> None:
    """`json.dumps` raises a TypeError for a secret."""
    with pytest.raises(TypeError, match="not JSON serializable") as refused:
        json.dumps(value)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [Secret(CANARY), SETTINGS])
def test_pickle_refuses_it(value: object, protocol: int) -> None:
    """Pickling a secret raises a TypeError before a byte of the secret is written."""
    file = io.BytesIO()
    with pytest.raises(TypeError, match=r"^a secret cannot be pickled$"):
        pickle.Pickler(file, protocol).dump(value)
    assert CANARY.encode() not in file.getvalue()


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_copies(duplicate: Callable[[Any], Any]) -> None:
    """A copy of a secret is the secret; a copy of settings has the same secret."""
    secret = Secret(CANARY)
    assert duplicate(secret) is secret
    copied = duplicate(SETTINGS)
    assert copied == SETTINGS
    assert copied.secret_key is SETTINGS.secret_key
    assert CANARY not in repr(copied)
    assert replace(SETTINGS, access_key="other").secret_key.reveal() == CANARY


def test_logging(caplog: pytest.LogCaptureFixture) -> None:
    """Logged settings do not contain it, in the message or in the record."""
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("application")
    log.info("settings: %s %r", SETTINGS, asdict(SETTINGS), extra={"settings": SETTINGS})
    assert "[secret]" in caplog.text
    assert CANARY not in caplog.text + str([vars(record) for record in caplog.records])


def test_attributes_do_not_contain_it() -> None:
    """The attributes that a debugger or an error report lists do not contain the text."""
    secret = Secret(CANARY)
    listed = {name: getattr(secret, name) for name in dir(secret)}
    assert CANARY not in str(listed)
    assert not hasattr(secret, "__dict__")

    def fail(secret: Secret) -> None:
        raise ValueError(f"with {secret}")

    with pytest.raises(ValueError, match=r"with \[secret\]") as raised:
        fail(secret)
    report = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    own = [line for line in report.format() if "in fail" in line]
    assert own
    assert CANARY not in "".join(own)


def test_equality() -> None:
    """Secrets are equal if their texts are, also texts that are not UTF-8; never equal to a plain text."""
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret(CANARY[:-1])
    assert Secret("\ud800") != Secret("\ud801")
    assert Secret("\ud800") == Secret("\ud800")
    assert (Secret(CANARY) == CANARY) is False
    assert hash(Secret("a")) == hash(Secret("b"))
    assert Settings("u", "a", "s") == Settings("u", "a", Secret("s"))
    assert Settings("u", "a", "s") != Settings("u", "a", "t")


@pytest.mark.parametrize("text", ["", CANARY])
def test_text(text: str) -> None:
    """`reveal` returns the text, and only an empty secret is false."""
    assert Secret(text).reveal() == text
    assert bool(Secret(text)) is (text != "")
    assert [str(Secret(text)), repr(Secret(text)), f"{Secret(text)}"] == ["[secret]"] * 3
    assert Secret().reveal() == ""
