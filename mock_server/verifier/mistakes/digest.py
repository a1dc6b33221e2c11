"""Mistakes in the digest: its arguments exchanged, another hash, a plain hash, or more than one HMAC."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

from mock_server.verifier.hmac_key import kept_key
from mock_server.verifier.mistakes.aspect import Aspect, Attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Digest(NamedTuple):
    """A function of the key and the text that gives 32 bytes, and its name."""

    name: str
    make: Callable[[bytes, bytes], bytes]


def _hmac(key: bytes, text: bytes) -> bytes:
    return kept_key(key).digest(text)


def _hmac_by_text(text: bytes, other: bytes) -> bytes:
    """Return the HMAC by a key that is used once, such as the text."""
    return hmac.digest(text, other, "sha256")


def _sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


HMAC: Final = Digest("HMAC-SHA256", _hmac)
"""The right one."""

DIGEST: Final[Aspect[Digest]] = Aspect("digest")


@DIGEST.mistake(
    "key_message_swapped",
    (
        "The secret key and the text were exchanged in the call of HMAC: the secret key is the key, the text"
        " is the message."
    ),
)
def swapped(attempt: Attempt) -> Iterator[Digest]:  # noqa: ARG001  # every maker takes the attempt
    """HMAC with its two arguments exchanged."""
    yield Digest("arguments exchanged", lambda key, text: _hmac_by_text(text, key))


_JOINTS: Final = (b"", b"\n", b":", b"&", b" ", b".", b"|", b",", b"+", b"-", b"_", b"\0")


@DIGEST.mistake(
    "hash_not_hmac",
    "The signature is a plain SHA-256 hash: use HMAC-SHA256 with the secret key as its key.",
)
def plain_hash(attempt: Attempt) -> Iterator[Digest]:
    """SHA-256 of the text, with the secret key before it, after it, on both sides, or left out."""
    yield Digest("SHA-256 of the text", lambda _, text: _sha256(text))
    yield Digest("SHA-256, key first", _sha256)
    yield Digest("SHA-256, key last", lambda key, text: _sha256(text, key))
    if not attempt.thorough:
        return
    yield Digest("SHA-256 of the key", lambda key, _: _sha256(key))
    yield Digest("SHA-256 of SHA-256", lambda _, text: _sha256(_sha256(text)))
    yield Digest("SHA-256 of SHA-256 with the key", lambda key, text: _sha256(_sha256(key, text)))
    for joint in _JOINTS:
        yield Digest(f"SHA-256, key first {joint!r}", lambda key, text, j=joint: _sha256(key, j, text))  # type: ignore[misc]  # j is bound early
        yield Digest(f"SHA-256, key last {joint!r}", lambda key, text, j=joint: _sha256(text, j, key))  # type: ignore[misc]  # the same
        yield Digest(
            f"SHA-256, key on both sides {joint!r}",
            lambda key, text, j=joint: _sha256(key, j, text, j, key),  # type: ignore[misc]  # the same
        )


# Those of 32 bytes, and longer ones that were cut there. What OpenSSL lacks on a machine is not tried on it.
_HASHES: Final = tuple(
    name
    for name in (
        *("sha3_256", "blake2s", "sha512_256", "sm3", "sha512", "sha384", "sha3_512", "sha3_384", "blake2b"),
        *("ripemd160", "sha1", "sha224"),
    )
    if name in hashlib.algorithms_available
)
_LENGTH: Final = 32  # bytes of a signature


@DIGEST.mistake(
    "hash_other",
    "The signature was made with another hash function of 32 bytes: use HMAC with SHA-256.",
)
def other_hash(attempt: Attempt) -> Iterator[Digest]:
    """HMAC, a keyed hash or a plain hash by another function, cut or filled up with zeros to 32 bytes."""
    for name in _HASHES if attempt.thorough else _HASHES[:1]:
        yield Digest(f"HMAC-{name}", lambda key, text, n=name: _sized(kept_key(key, n).digest(text)))  # type: ignore[misc]  # n is bound early
        if not attempt.thorough:
            continue
        yield Digest(name, lambda _, text, n=name: _sized(hashlib.new(n, text).digest()))  # type: ignore[misc]  # the same
        yield Digest(f"{name} of both", lambda key, text, n=name: _sized(hashlib.new(n, key + text).digest()))  # type: ignore[misc]  # the same
    if not attempt.thorough:
        return
    yield Digest("HMAC-BLAKE2b-256", lambda key, text: hmac.new(key, text, _blake2b_256).digest())
    yield Digest("BLAKE2b-256", lambda _, text: hashlib.blake2b(text, digest_size=_LENGTH).digest())
    yield Digest("keyed BLAKE2s", lambda key, text: hashlib.blake2s(text, key=key[:32]).digest())
    yield Digest(
        "keyed BLAKE2b", lambda key, text: hashlib.blake2b(text, key=key[:64], digest_size=_LENGTH).digest()
    )
    for bits in (128, 256):
        yield Digest(
            f"SHAKE{bits}",
            lambda _, text, b=bits: hashlib.new(f"shake_{b}", text).digest(_LENGTH),  # type: ignore[misc, call-arg]  # b is bound early; SHAKE takes a length
        )


def _sized(digest: bytes) -> bytes:
    return digest[:_LENGTH].ljust(_LENGTH, b"\0")


def _blake2b_256(data: bytes = b"") -> hashlib.blake2b:
    return hashlib.blake2b(data, digest_size=_LENGTH)


def _padded(key: bytes, pad: int, text: bytes) -> bytes:
    """Return one of the two hashes of HMAC (RFC 2104)."""
    block = (_sha256(key) if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return _sha256(bytes(byte ^ pad for byte in block), text)


_BLOCK: Final = 64  # bytes, of SHA-256
_ASCII: Final = 0x7F


@DIGEST.mistake(
    "hmac_repeated",
    (
        "HMAC or a hash was applied more than once, or the digest was changed afterwards: apply HMAC-SHA256"
        " once and encode its 32 bytes in base64, as they are."
    ),
)
def repeated(attempt: Attempt) -> Iterator[Digest]:
    """HMAC of HMAC, of a hash or of an encoded text; chains of keys; a digest in another order."""
    yield Digest("HMAC of HMAC", lambda key, text: _hmac(key, _hmac(key, text)))
    if not attempt.thorough:
        return
    yield Digest("HMAC of SHA-256", lambda key, text: _hmac(key, _sha256(text)))
    encodings: tuple[Callable[[bytes], bytes], ...] = (
        bytes,
        lambda raw: raw.hex().encode(),
        lambda raw: raw.hex().upper().encode(),
        base64.b64encode,
    )
    for number, encode in enumerate(encodings):
        for (inner, first), (outer, second) in itertools.product(
            (
                ("HMAC", _hmac),
                ("SHA-256", lambda _, text: _sha256(text)),
                ("keyed SHA-256", _sha256),
            ),
            (
                ("HMAC", _hmac),
                ("SHA-256", lambda _, text: _sha256(text)),
                ("HMAC with the first as key", lambda key, text: _hmac_by_text(text, key)),
            ),
        ):
            yield Digest(
                f"{outer} of {inner}, encoding {number}",
                lambda key, text, f=first, s=second, e=encode: s(key, e(f(key, text))),  # type: ignore[misc]  # bound early
            )
        yield Digest(
            f"key from HMAC, encoding {number}",
            lambda key, text, e=encode: _hmac_by_text(e(_hmac(key, text)), text),  # type: ignore[misc]  # bound early
        )
    yield Digest("key by timestamp", lambda key, text: _hmac_by_text(_hmac(key, attempt.timestamp), text))
    yield Digest("key by access key", lambda key, text: _hmac_by_text(_hmac(key, attempt.access_key), text))
    yield Digest(
        "key by each part",
        lambda key, _: _hmac_by_text(
            _hmac_by_text(_hmac(key, attempt.method), attempt.target), attempt.timestamp
        ),
    )
    yield Digest(
        "key by AWS", lambda key, text: _hmac_by_text(_hmac_by_text(b"AWS4" + key, attempt.timestamp), text)
    )
    yield Digest("text as key", lambda _, text: _hmac_by_text(text, text))
    yield Digest("key as text", lambda key, _: _hmac(key, key))
    yield Digest("text twice", lambda key, text: _hmac(key, text + text))
    yield Digest("first half twice", lambda key, text: _hmac(key, text)[:16] * 2)
    yield Digest("pads exchanged", lambda key, text: _padded(key, 0x5C, _padded(key, 0x36, text)))
    yield Digest("inner hash alone", lambda key, text: _padded(key, 0x36, text))
    yield Digest(
        "inner hash in hex", lambda key, text: _padded(key, 0x5C, _padded(key, 0x36, text).hex().encode())
    )
    yield Digest("hex digest, cut", lambda key, text: _hmac(key, text).hex().encode()[:_LENGTH])
    yield Digest("MD5 in hex", lambda key, text: hmac.new(key, text, "md5").hexdigest().encode())
    yield Digest("MD5 twice", lambda key, text: hmac.new(key, text, "md5").digest() * 2)
    yield Digest("end of SHA-512", lambda key, text: hmac.new(key, text, "sha512").digest()[-_LENGTH:])
    for rounds in (1, 2, 10, 100, 1000):
        yield Digest(
            f"PBKDF2 {rounds}",
            lambda key, text, r=rounds: hashlib.pbkdf2_hmac("sha256", key, text, r),  # type: ignore[misc]  # r is bound early
        )
    yield Digest("HKDF", lambda key, text: _hmac_by_text(_hmac_by_text(bytes(_LENGTH), key), text + b"\1"))
    yield Digest(
        "in ASCII", lambda key, text: bytes(63 if byte > _ASCII else byte for byte in _hmac(key, text))
    )
    yield Digest("of 7 bits", lambda key, text: bytes(byte & _ASCII for byte in _hmac(key, text)))
    yield Digest("reversed", lambda key, text: _hmac(key, text)[::-1])
    yield Digest("inverted", lambda key, text: bytes(byte ^ 0xFF for byte in _hmac(key, text)))
    yield Digest(
        "words reversed",
        lambda key, text: struct.pack("<8I", *struct.unpack(">8I", _hmac(key, text))),
    )
