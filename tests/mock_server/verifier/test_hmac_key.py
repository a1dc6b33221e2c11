"""HMAC by keys that are used many times."""

from __future__ import annotations

import hmac

import pytest

from mock_server.verifier.hmac_key import Key, find_key, kept_key


@pytest.mark.parametrize("name", ["sha256", "sha512", "md5", "sha3_256"])
@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 127, 128, 129, 135, 136, 137])
def test_digest(name: str, length: int) -> None:
    """The digest is that of the standard library, for keys shorter and longer than a block."""
    secret = b"\x01\xff" * length
    for key in (Key(secret[:length], name), kept_key(secret[:length], name)):
        assert key.digest(b"a text") == hmac.digest(secret[:length], b"a text", name)
        assert key.digest(b"") == hmac.digest(secret[:length], b"", name)


def test_sha256_is_the_default() -> None:
    """A key without the name of a hash function is one of SHA-256."""
    for key in (Key(b"secret"), kept_key(b"secret")):
        assert key.digest(b"a text") == hmac.digest(b"secret", b"a text", "sha256")


def wanted(text: bytes, secret: bytes = b"secret") -> set[bytes]:
    """A set of the HMAC of a text."""
    return {hmac.digest(secret, text, "sha256")}


def test_find() -> None:
    """A text is found by its HMAC, alone or behind a prefix, and the key can be used again."""
    key = Key(b"secret")
    for _ in range(2):
        assert key.find([b"a", b"b", b"c"], wanted(b"b")) == b"b"
        assert key.find([b"a", b"b", b"c"], wanted(b"xb"), b"x") == b"b"
        assert key.find([b"a", b"b", b"c"], wanted(b"xb")) is None


def test_find_key() -> None:
    """The place is that of the first key of those that give the HMAC; None if there is no such key."""
    keys = [Key(secret) for secret in (b"a", b"b", b"b\0", b"c")]
    assert find_key(keys, b"text", wanted(b"text", b"b")) == 1
    assert find_key(keys, b"text", wanted(b"text", b"c")) == 3
    assert find_key(keys, b"text", wanted(b"text", b"d")) is None
