"""The keys that the mock accepts."""

from __future__ import annotations

import base64
import json
import logging
import time
from typing import TYPE_CHECKING

import pytest

from mock_server.keys import Keys, KeysError, is_access_key
from tests.conformance.raw_http import RawResponse, parse, send_bytes
from tests.support.raw_http import ACCESS_KEY, SECRET_KEY, request, signature

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.conftest import Clock

SECRET = "an old secret # % $"


@pytest.mark.parametrize("key", ["A", "a-b_c.d", "!", "~", "9;", "=", "?", "mock-access-key", "x" * 5000])
def test_access_keys(key: str) -> None:
    """Each visible character of ASCII except three is allowed, at any length."""
    assert is_access_key(key)


@pytest.mark.parametrize(
    "key", ["", "a:b", ":", "<a", "a>", "a b", "a\n", "\t", "\x7f", "\u00e9", "\u00a0", "\x1f"]
)
def test_texts_that_are_no_access_keys(key: str) -> None:
    """The three separate the parts of a header and of a template."""
    assert not is_access_key(key)


def test_keys_are_replaced_and_restored() -> None:
    """All keys are replaced; access keys alone are shown; a reset restores the first ones."""
    keys = Keys({"A": SECRET})
    before = keys.current
    keys.replace({"keys": {"B": "new", "C": "new"}})
    assert keys.current == {"B": "new", "C": "new"}
    assert keys.as_json() == {"keys": ["B", "C"]}
    assert before == {"A": SECRET}  # a request that is being verified keeps its keys
    keys.replace({"keys": {}})
    assert keys.current == {}
    keys.reset()
    assert keys.current == {"A": SECRET}


def test_the_last_keys_before_are_known() -> None:
    """To name a request that is signed with them."""
    keys = Keys({"A": "1", "B": "1"})
    assert keys.former == {}
    keys.replace({"keys": {"A": "2", "B": "1"}})
    assert keys.former == {"A": "1"}
    keys.replace({"keys": {"A": "3"}})
    assert keys.former == {"A": "2", "B": "1"}
    keys.reset()
    assert keys.former == {"A": "3", "B": "1"}


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (None, 'the body is not an object with the key "keys" alone: send'),
        ([], 'with the key "keys" alone'),
        ({}, 'with the key "keys" alone'),
        ({"keys": []}, 'with the key "keys" alone'),
        ({"keys": {}, "x": 1}, 'with the key "keys" alone'),
        (
            {"keys": {"A": "s", "b:c": "s"}},
            "access key 2: only visible ASCII except `:`, `<` and `>` is allowed",
        ),
        ({"keys": {"": "s"}}, "access key 1: only visible ASCII"),
        ({"keys": {"A": ""}}, "the secret key of access key 1 is empty or no text"),
        ({"keys": {"A": 5}}, "the secret key of access key 1 is empty or no text"),
        ({"keys": {"A": None}}, "the secret key of access key 1 is empty or no text"),
        ({"keys": {"A": ["s"]}}, "the secret key of access key 1 is empty or no text"),
    ],
)
def test_invalid_keys_change_nothing(value: object, named: str) -> None:
    """The message is one line."""
    keys = Keys({"A": "s"})
    with pytest.raises(KeysError) as caught:
        keys.replace(value)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    assert keys.current == {"A": "s"}


def test_a_message_quotes_no_key() -> None:
    """Access key and secret key may be exchanged."""
    with pytest.raises(KeysError) as caught:
        Keys({}).replace({"keys": {SECRET: "A"}})
    assert SECRET not in str(caught.value)


def test_every_secret_that_was_ever_installed_is_masked() -> None:
    """Also after a rotation, a revocation and a reset."""
    keys = Keys({"A": SECRET})
    second, third = "the second secret", "the third secret"
    keys.replace({"keys": {"A": second}})
    keys.replace({"keys": {"A": third}})
    keys.replace({"keys": {}})
    keys.reset()
    for secret in (SECRET, second, third):
        assert keys.mask.masked(f"a {secret} b".encode()) == b"a <secret> b"
        assert keys.mask.masked(base64.b64encode(secret.encode())) == b"<secret>"


def test_a_thousand_rotations_are_fast() -> None:
    """The mask grows with each of them."""
    keys = Keys({"A": SECRET})
    started = time.monotonic()
    for number in range(1000):
        keys.replace({"keys": {"A": f"secret number {number:04}"}})
    assert keys.mask.masked(b"x" * 8000 + b"secret number 0007") == b"x" * 8000 + b"<secret>"
    assert time.monotonic() - started < 5


def manage(mock: MockServer, method: str, keys: object = None) -> RawResponse:
    """Send a request to `/_mock/keys`."""
    body = b"" if keys is None else json.dumps({"keys": keys}).encode()
    return parse(send_bytes(mock.port, request(method, "/_mock/keys", [], body)))


def get(mock: MockServer, clock: Clock, access_key: str, secret: str, query: str = "") -> RawResponse:
    """Send a request that is signed with a pair of keys."""
    target = f"/v2/projects{query}"
    authorization = f"Bearer {access_key}:{signature('GET', target, clock.now, secret)}"
    headers = [("Authorization", authorization), ("Couchbase-Timestamp", str(clock.now))]
    return parse(send_bytes(mock.port, request("GET", target, headers)))


REPLACED = "signed with keys that were replaced or revoked while the mock runs: use the present keys."


def test_a_rotation_and_a_revocation(mock: MockServer, clock: Clock) -> None:
    """An old secret does not match any more, a revoked access key is unknown, and DELETE restores both."""
    assert get(mock, clock, ACCESS_KEY, SECRET_KEY).status == 200
    rotated = manage(mock, "PUT", {ACCESS_KEY: "the new secret", "another": "its secret"})
    assert (rotated.status, rotated.json) == (200, {"keys": [ACCESS_KEY, "another"]})
    old = get(mock, clock, ACCESS_KEY, SECRET_KEY)
    assert (old.status, old.headers["x-mock-refusal"]) == (401, "signature_mismatch")
    assert old.json["message"].endswith(REPLACED)
    assert "replaced" not in get(mock, clock, ACCESS_KEY, "a third secret").json["message"]
    assert get(mock, clock, ACCESS_KEY, "the new secret").status == 200
    assert get(mock, clock, "another", "its secret").status == 200
    manage(mock, "PUT", {"another": "its secret"})
    assert manage(mock, "GET").json == {"keys": ["another"]}
    revoked = get(mock, clock, ACCESS_KEY, "the new secret")
    assert (revoked.status, revoked.headers["x-mock-refusal"]) == (401, "access_key_unknown")
    assert revoked.json["message"].endswith(REPLACED)
    manage(mock, "PUT", {})
    assert get(mock, clock, "another", "its secret").headers["x-mock-refusal"] == "access_key_unknown"
    assert manage(mock, "DELETE").status == 204
    assert get(mock, clock, ACCESS_KEY, SECRET_KEY).status == 200
    manage(mock, "PUT", {"A": "s"})
    send_bytes(mock.port, request("POST", "/_mock/reset", []))
    assert manage(mock, "GET").json == {"keys": [ACCESS_KEY]}


def test_invalid_keys_are_422(mock: MockServer) -> None:
    """Nothing changes, and no secret key is in the message."""
    invalid: list[object] = [{"a:b": SECRET}, {"A": ""}, [], {SECRET: "s"}, {"A": "s", "B": 5}]
    for keys in invalid:
        response = manage(mock, "PUT", keys)
        assert (response.status, response.json["errorType"]) == (422, "RequestInvalid")
        assert SECRET not in response.json["message"]
    repeated = b'{"keys": {"A": "s", "A": "t"}}'
    assert parse(send_bytes(mock.port, request("PUT", "/_mock/keys", [], repeated))).status == 422
    assert manage(mock, "GET").json == {"keys": [ACCESS_KEY]}


def test_no_secret_leaks(mock: MockServer, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a secret key of today, an earlier one, nor one that was sent before it was installed."""
    caplog.set_level(logging.INFO, "mock_server")
    secrets = ("the-first-secret", "the-second-secret", "the-third-secret")
    mock.faults.replace([])
    get(mock, clock, "nobody", "x", "?q=the-third-secret")
    for secret in secrets:
        manage(mock, "PUT", {"A": secret})
    send_bytes(
        mock.port,
        request("PUT", "/_mock/faults", [], b'{"faults": [{"status": 503, "message": "the-first-secret"}]}'),
    )
    refused = [get(mock, clock, "A", "wrong", f"?q={secret}") for secret in secrets]
    refused.append(get(mock, clock, secrets[0], "wrong"))
    get(mock, clock, "A", secrets[2], "?q=the-second-secret")
    shown = send_bytes(mock.port, request("GET", "/_mock/requests", []))
    shown += send_bytes(mock.port, request("GET", "/_mock/", []))
    shown += caplog.text.encode() + b"".join(json.dumps(dict(each.headers)).encode() for each in refused)
    shown += b"".join(each.body for each in refused)
    assert shown.count(b"<secret>") > 8
    assert "<secret>" in mock.journal.entries()[-1]["fault"]
    lines = [line for line in shown.split(b"\n") if b"q=the-third-secret" in line]
    assert [line for line in lines if b"401 GET" not in line] == []  # written before the key was installed
    assert b"the-first-secret" not in shown
    assert b"the-second-secret" not in shown
