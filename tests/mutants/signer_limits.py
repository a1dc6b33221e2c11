"""Signers with a limit on the size of a field, or with a buffer or a hash that is wrong at a size."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from tests.mutants.signers import add, digest, refuses, text

if TYPE_CHECKING:
    from tests.mutants.signers import Ask

# Sizes in bytes. Python's names for the fields of a message have no access key and no secret.
CUTS = (16, 32, 72, 255, 256, 1024, 2048, 4096, 8192, 65535, 65536)
LIMITS = {
    "method": (7, 10, 16, 32),
    "endpoint": (255, 2000, 2048, 4095, 8190, 65535),
    "timestamp": (13, 16, 19, 20, 32),
    "access_key": (32, 36, 64, 128, 255, 1024, 8192),
    "secret": (32, 64, 72, 100, 128, 255, 256, 512, 4095, 8191, 65535),
}


def _cut_secret(size: int, ask: Ask) -> bytes:
    return ask.secret.encode()[:size]


def _cut_message(size: int, ask: Ask) -> bytes:
    return text(ask)[:size]


def _cut_field(name: str, size: int, ask: Ask) -> bytes:
    return text(ask, **{name: getattr(ask, name)[:size]})


def _too_long(name: str, size: int, ask: Ask) -> bool:
    return refuses(ask) or len(getattr(ask, name)) > size


for _size in CUTS:
    add("key", f"cuts_secrets_at_{_size}", f"Cut the secret at {_size} bytes.", partial(_cut_secret, _size))
    add("text", f"cuts_messages_at_{_size}", f"Cut the text at {_size} bytes.", partial(_cut_message, _size))
for _name, _sizes in LIMITS.items():
    for _size in _sizes:
        _seen = f"Refuse the field {_name} of more than {_size} characters."
        add("refuses", f"refuses_{_name}_over_{_size}", _seen, partial(_too_long, _name, _size))
for _name, _size in (("method", 7), ("method", 8), ("method", 16), ("timestamp", 13), ("timestamp", 19)):
    _seen = f"Cut the field {_name} at {_size} characters."
    add("text", f"cuts_{_name}_at_{_size}", _seen, partial(_cut_field, _name, _size))


def _counts_bytes_in_8_bits(ask: Ask) -> bytes:
    secret = ask.secret.encode()
    return secret[: len(secret) % 256] or secret


def _counts_bytes_in_16_bits(message: bytes) -> bytes:
    return message if len(message) < 8192 else message[: len(message) % 8192]


def _hashes_wrongly_at(sizes: range, key: bytes, message: bytes) -> bytes:
    if len(message) % 64 in sizes:
        return hashlib.sha256(key + message).digest()
    return digest(key, message)


def _pads_keys_wrongly_at(sizes: range, ask: Ask) -> bytes:
    secret = ask.secret.encode()
    return hashlib.sha256(secret).digest() if len(secret) in sizes else secret


add("key", "counts_secrets_in_8_bits", "Keep the length of the secret in a byte.", _counts_bytes_in_8_bits)
add(
    "text",
    "counts_messages_in_16_bits",
    "Keep the length of the text, in bits, in 16 bits.",
    lambda ask: _counts_bytes_in_16_bits(text(ask)),
)
for _at in (
    range(55, 56),
    range(56, 57),
    range(57, 64),
    range(63, 64),
    range(1),
    range(1, 2),
    range(61, 62),
):
    add(
        "digest",
        f"hashes_wrongly_at_{_at.start}_of_64",
        f"Pad a text wrongly, if the bytes in its last block are in {_at}.",
        partial(_hashes_wrongly_at, _at),
    )
for _at in (range(55, 57), range(60, 63), range(63, 64), range(31, 32), range(33, 34), range(1, 17)):
    add(
        "key",
        f"hashes_keys_of_{_at.start}",
        f"Hash keys of these lengths: {_at}.",
        partial(_pads_keys_wrongly_at, _at),
    )
