"""Long texts and large numbers in the two headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import (
    Change,
    Mutation,
    group,
    headers,
    refused,
    signature,
    signs_and_sends,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

STAMP = ("Couchbase-Timestamp", "{t}")


def _letters(fours: int) -> Change:
    return signature(lambda _: "Zz9+" * fours)


def mutations() -> Iterator[Mutation]:
    """Yield requests with long texts and large numbers in the two headers."""
    for size in (256, 1025, 8193):
        yield from refused(
            "access_key_unknown",
            "format",
            (
                "get-clouds",
                f"access-key-of-{size}-bytes",
                f"an unknown access key of {size:,} bytes",
                headers(("Authorization", f"Bearer {'A' * size}:{{s}}"), STAMP),
            ),
        )
        yield from group(
            "signature_encoding",
            "signature_length",
            "format",
            (
                "get-clouds",
                f"signature-of-{size // 4 * 4}-bytes",
                f"a signature of {size // 4 * 4:,} characters",
                _letters(size // 4),
            ),
        )
        yield from refused(
            "timestamp_malformed",
            "format",
            (
                "get-clouds",
                f"timestamp-of-{size}-digits",
                f"a timestamp of {size:,} digits",
                signs_and_sends(timestamp="1" * size),
            ),
        )
    yield from group(
        "ok",
        None,
        "format",
        (
            "get-clouds",
            "accepted-target-of-8300-bytes",
            "a target of 8,300 bytes",
            signs_and_sends(endpoint=f"/v2/clouds?x={'abcdefg' * 1184}"[:8300]),
        ),
    )
    for name, number in (("int64-maximum", 2**63 - 1), ("int64-overflow", 2**63), ("19-nines", 10**19 - 1)):
        yield from refused(
            "timestamp_unit",
            "policy",
            (
                "get-clouds",
                f"timestamp-of-{name}",
                f"{number}, which has 19 digits",
                signs_and_sends(timestamp=str(number)),
            ),
        )


MUTATIONS = tuple(mutations())
