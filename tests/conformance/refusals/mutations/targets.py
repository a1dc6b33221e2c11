"""Unchanged requests with unusual targets: a verifier that changes the bytes refuses some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import Mutation, group, signs_and_sends

if TYPE_CHECKING:
    from collections.abc import Iterator

# The ids of positive cases; each has the access key A.
TARGETS = (
    "escape-of-nul",
    "escape-of-tab",
    "escape-of-crlf",
    "escape-of-hash",
    "escape-of-apostrophe",
    "escape-of-plus",
    "escape-of-comma",
    "escape-of-dot",
    "escape-of-two-dots",
    "escape-of-colon",
    "escape-of-question-mark",
    "escape-of-at-sign",
    "escape-of-letter",
    "escape-of-backslash",
    "escape-of-utf8-lower-case",
    "escape-of-latin-1",
    "escape-of-overlong",
    "escape-of-not-hex",
    "escape-of-encoded-three-times",
    "endpoint-ends-with-two-question-marks",
    "endpoint-ends-with-two-ampersands",
    "endpoint-ends-with-percent-sign",
    "endpoint-ends-with-dots",
    "endpoint-ends-with-backslash",
    "endpoint-with-twelve-parameters",
    "endpoint-with-twelve-values",
    "endpoint-with-two-equal-parameters",
    "endpoint-with-leading-ampersand",
    "endpoint-with-parameter-without-value",
    "endpoint-with-parameter-without-name",
    "endpoint-with-every-character-in-query",
    "endpoint-with-url-in-path",
    "endpoint-with-three-leading-slashes",
    "endpoint-with-forty-segments",
    "endpoint-like-template-braces",
    "endpoint-like-quotes",
    "endpoint-like-uuid-upper-case",
    "message-8193-bytes",
    "method-one-letter",
    "method-seventeen-letters",
    "digest-begins-with-00",
    "digest-ends-with-00",
    "digest-holds-0d0a",
    "digest-holds-1a",
    "output-many-plus",
    "output-many-slashes",
    "output-plus-before-padding",
)


def mutations() -> Iterator[Mutation]:
    """Yield each positive case, at the server's clock."""
    for id_ in TARGETS:
        about = f"{id_.replace('-', ' ')}, unchanged"
        yield from group("ok", None, "format", (id_, f"accepted-{id_}", about, signs_and_sends()))


MUTATIONS = tuple(mutations())
