"""Headers that frameworks and proxies obey, and the verifier must ignore; methods that it must not skip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations.request import (
    Mutation,
    headers,
    refused,
    sends,
    signs,
    signs_and_sends,
    with_header,
    without_headers,
)
from tests.conformance.refusals.mutations.request import group as group_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.refusals.mutations.request import Change

TOKEN = ("Authorization", "Bearer {a}:{s}")
STAMP = ("Couchbase-Timestamp", "{t}")
USERS = "/v2/users"

METHOD_HEADERS = (
    "X-HTTP-Method-Override",
    "X-HTTP-Method",
    "X-Method-Override",
    "X-Forwarded-Method",
    "X-Original-Method",
)
TARGET_HEADERS = (
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Original-URI",
    "X-Forwarded-Uri",
    "X-Forwarded-Path",
    "X-Envoy-Original-Path",
)
PREFIX_HEADERS = ("X-Forwarded-Prefix", "X-Script-Name")

# Headers that say who asks, and from where. A server may believe them only if a proxy of its own sets them.
TRUSTED = (
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Real-IP", "127.0.0.1"),
    ("X-Client-IP", "127.0.0.1"),
    ("True-Client-IP", "127.0.0.1"),
    ("Forwarded", "for=127.0.0.1"),
    ("X-Forwarded-User", "admin"),
    ("X-Remote-User", "admin"),
    ("Remote-User", "admin"),
    ("X-Authenticated", "true"),
    ("X-Api-Key", "A"),
    ("Cookie", "session=A"),
    ("Origin", "http://localhost"),
    ("Upgrade", "websocket"),
    ("Expect", "100-continue"),
    ("User-Agent", "kube-probe/1.29"),
    ("User-Agent", "ELB-HealthChecker/2.0"),
)

# Headers that a proxy adds to a correct request.
ADDED = (
    ("X-Forwarded-Host", "capella.example"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Port", "8443"),
    ("Forwarded", "for=192.0.2.1;host=capella.example;proto=https"),
    ("Via", "1.1 proxy"),
    ("Expect", "100-continue"),
    ("Date", "Tue, 14 Nov 2023 22:13:20 GMT"),
    ("X-Couchbase-Timestamp", "1"),
    ("Authorization-Info", "Bearer A:B"),
    ("Couchbase-Timestamp-2", "1"),
    ("Cookie", "Authorization=Bearer"),
    ("Content-Encoding", "identity"),
    ("X-Padding", "x" * 4000),
)

SKIPPED = ("OPTIONS", "HEAD", "TRACE", "PROPFIND", "PATCH", "PUT", "DELETE")


def _id(name: str) -> str:
    return name.lower().replace("/", "-").replace(".", "-")


def _obeyed(name: str, value: str, change: Change) -> Change:
    return with_header(change, name, value)


def mutations() -> Iterator[Mutation]:
    """Yield a pair for each header: the request is signed as sent, and as the header says."""
    for name in METHOD_HEADERS:
        yield from group_of(
            "ok",
            None,
            "format",
            (
                "get-clouds",
                f"{_id(name)}-ignored",
                f"{name}: the method sent is signed",
                _obeyed(name, "POST", signs_and_sends()),
            ),
        )
        yield from group_of(
            "signature_mismatch",
            "method_differs",
            "arithmetic",
            (
                "get-clouds",
                f"{_id(name)}-obeyed",
                f"{name}: the method in it is signed",
                _obeyed(name, "POST", signs(method="POST")),
            ),
        )
    for name in TARGET_HEADERS:
        yield from group_of(
            "ok",
            None,
            "format",
            (
                "get-clouds",
                f"{_id(name)}-ignored",
                f"{name}: the target sent is signed",
                _obeyed(name, USERS, signs_and_sends()),
            ),
        )
        yield from group_of(
            "signature_mismatch",
            "signature_mismatch",
            "arithmetic",
            (
                "get-clouds",
                f"{_id(name)}-obeyed",
                f"{name}: the target in it is signed",
                _obeyed(name, USERS, signs(endpoint=USERS)),
            ),
        )
        yield from refused(
            "authorization_missing",
            "format",
            (
                "get-clouds",
                f"{_id(name)}-of-status",
                f"{name}: the path that needs no authentication",
                _obeyed(name, "/v2/status", without_headers()),
            ),
        )
    for name in PREFIX_HEADERS:
        yield from group_of(
            "ok",
            None,
            "format",
            (
                "get-clouds",
                f"{_id(name)}-ignored",
                f"{name}: the target sent is signed",
                _obeyed(name, "/api", signs_and_sends()),
            ),
        )
        yield from group_of(
            "signature_mismatch",
            "endpoint_prefix",
            "arithmetic",
            (
                "get-clouds",
                f"{_id(name)}-obeyed",
                f"{name}: the prefix in it is signed too",
                _obeyed(name, "/api", signs(endpoint="/api/v2/clouds")),
            ),
        )
    for name, value in TRUSTED:
        yield from refused(
            "authorization_missing",
            "format",
            (
                "get-clouds",
                f"only-{_id(name)}-{_id(value.split('=')[-1].split('/')[0]).replace(':', '')}".rstrip("-"),
                f"{name}: {value} instead of Authorization",
                _obeyed(name, value, without_headers()),
            ),
        )
    for name, value in ADDED:
        yield from group_of(
            "ok",
            None,
            "format",
            (
                "get-clouds",
                f"accepted-with-{_id(name)}",
                f"{name}, which changes nothing",
                _obeyed(name, value, signs_and_sends()),
            ),
        )
    yield from group_of(
        "ok",
        None,
        "format",
        (
            "get-clouds",
            "accepted-sixty-headers",
            "sixty other headers between the two",
            headers(TOKEN, *((f"X-Header-{number}", "x") for number in range(60)), STAMP),
        ),
    )
    for method in SKIPPED:
        yield from refused(
            "authorization_missing",
            "format",
            (
                "get-clouds",
                f"{method.lower()}-unsigned",
                f"{method} without the two headers",
                without_headers(method=method),
            ),
        )
        yield from group_of(
            "ok",
            None,
            "format",
            (
                "get-clouds",
                f"accepted-{method.lower()}-signed",
                f"{method} with a correct signature",
                signs_and_sends(method=method),
            ),
        )
        yield from group_of(
            "signature_mismatch",
            "method_differs",
            "arithmetic",
            (
                "get-clouds",
                f"{method.lower()}-signed-as-get",
                f"{method} sent, GET signed",
                sends(method=method),
            ),
        )
    yield from refused(
        "authorization_missing",
        "format",
        (
            "get-clouds",
            "options-preflight",
            "the question that a browser asks before a request",
            with_header(
                with_header(without_headers(method="OPTIONS"), "Origin", "https://page.example"),
                "Access-Control-Request-Method",
                "POST",
            ),
        ),
    )


MUTATIONS = tuple(mutations())
