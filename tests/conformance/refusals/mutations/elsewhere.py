"""Credentials and timestamps that are not in their headers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import (
    Change,
    Mutation,
    Positive,
    refused,
    right,
    signs_and_sends,
    with_body,
    without_headers,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.raw_http import RawRequest


def _in_query(name: str) -> Change:
    def change(p: Positive) -> RawRequest:
        return without_headers(endpoint=f"{p.endpoint}?{name}={p.access_key}:{right(p)}")(p)

    return change


def _timestamp_in_query(p: Positive) -> RawRequest:
    request = signs_and_sends(endpoint=f"{p.endpoint}?timestamp={p.timestamp}")(p)
    return replace(request, headers=request.headers[:1])


def mutations() -> Iterator[Mutation]:
    """Yield requests whose credentials are not in the header."""
    for name in ("Authorization", "access_token", "accessKey", "signature"):
        yield from refused(
            "authorization_missing",
            "format",
            (
                "get-clouds",
                f"query-with-{name.lower().replace('_', '-')}",
                f"the credentials in the parameter {name}",
                _in_query(name),
            ),
        )
    yield from refused(
        "authorization_missing",
        "format",
        (
            "post-project",
            "body-with-credentials",
            "the credentials in the body",
            lambda p: with_body(without_headers(), f"Authorization: Bearer {p.access_key}:{right(p)}")(p),
        ),
    )
    yield from refused(
        "timestamp_missing",
        "format",
        (
            "get-clouds",
            "query-with-timestamp",
            "the timestamp in a parameter, and no header",
            _timestamp_in_query,
        ),
    )


MUTATIONS = tuple(mutations())
