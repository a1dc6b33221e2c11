"""Sizes just below, at and above the limits of buffers, hash blocks and databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.signatures.walk.case import TIMESTAMP, Case

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each limit with its neighbours. 55 to 65 are the lengths around the block of SHA-256.
SIZES = (
    *(15, 16, 17), *(31, 32, 33), *range(54, 67), *(71, 72, 73), *(127, 128, 129), *range(254, 259),
    *(1023, 1024, 1025), *(4095, 4096, 4097), *(8191, 8192, 8193),
)  # fmt: skip
LARGE = (65536, 65537)

# The periods have no common factor with a size, so a text that is cut or repeated differs.
WORDS = "abcdefghijkmnpqrstuvwxyz23456789ABCDE"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVW"
DIGITS = "1234567"


def filled(size: int, period: str) -> str:
    """Return a text of this size."""
    return (period * (size // len(period) + 1))[:size]


def endpoint(size: int) -> str:
    """Return an endpoint of this size."""
    return "/" + filled(size - 1, WORDS)


def _message(size: int) -> Case:
    timestamp = TIMESTAMP if size > 18 else "0"
    rest = len(f"GET\n\n{timestamp}")
    return Case(
        id=f"message-{size}-bytes",
        about=f"a message of {size:,} bytes",
        flag="Size",
        damage=f"size: {size:,} bytes",
        fields=("message",),
        endpoint=endpoint(size - rest),
        timestamp=timestamp,
    )


def _secret(size: int) -> Case:
    return Case(
        id=f"secret-{size}-bytes",
        about=f"a secret of {size:,} bytes",
        flag="SecretLength",
        damage=f"size: {size:,} bytes",
        fields=("secret",),
        secret=filled(size, WORDS),
    )


def _fields(size: int) -> Case:
    return Case(
        id=f"fields-{size}-bytes",
        about=f"method, endpoint, timestamp and access key of {size:,} bytes each",
        flag="Size",
        damage=f"size: {size:,} bytes",
        fields=("method", "endpoint", "timestamp", "access_key"),
        method=filled(size, LETTERS),
        endpoint=endpoint(size),
        timestamp=filled(size, DIGITS),
        access_key=filled(size, WORDS),
    )


def cases() -> Iterator[Case]:
    """Yield a message, a secret, and the other four fields of each size."""
    yield from map(_message, (*SIZES, *LARGE))
    yield from map(_secret, (*SIZES, *LARGE))
    yield from map(_fields, SIZES)
    # One vector alone, because each adds 200 KB to the file: a limit of up to 65,536 bytes fails it.
    size = LARGE[-1]
    yield Case(
        id=f"fields-{size}-bytes",
        about=f"endpoint and access key of {size:,} bytes each",
        flag="Size",
        damage=f"size: {size:,} bytes",
        fields=("endpoint", "access_key"),
        endpoint=endpoint(size),
        access_key=filled(size, WORDS),
    )
