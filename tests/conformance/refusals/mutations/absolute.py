"""Targets in absolute form (RFC 9112 3.2.2): what follows the authority is verified."""

from __future__ import annotations

from tests.conformance.refusals.mutations.request import (
    group,
    refused,
    sends,
    signs_and_sends,
    with_header,
    without_headers,
)

HOST = "127.0.0.1:8091"
URL = f"http://{HOST}"


MUTATIONS = (
    *group(
        "ok",
        None,
        "format",
        (
            "get-clouds",
            "accepted-absolute-form",
            "a target in absolute form, as to a proxy",
            with_header(sends(endpoint=f"{URL}/v2/clouds"), "Host", HOST),
        ),
        (
            "get-query",
            "accepted-absolute-form-with-query",
            "a target in absolute form, with a query",
            with_header(sends(endpoint=f"{URL}/v3/clusters?page=1&perPage=10"), "Host", HOST),
        ),
        (
            "get-clouds",
            "accepted-absolute-form-of-another-host",
            "the target's host is not the Host header's",
            with_header(sends(endpoint="http://capella.example/v2/clouds"), "Host", HOST),
        ),
        (
            "get-clouds",
            "accepted-absolute-form-upper-case",
            "scheme and host in upper case",
            with_header(sends(endpoint="HTTP://LOCALHOST:8091/v2/clouds"), "Host", HOST),
        ),
        (
            "path-leading-slashes",
            "accepted-absolute-form-with-two-slashes",
            "two slashes after the authority",
            with_header(sends(endpoint=f"{URL}//v2/clouds"), "Host", HOST),
        ),
        (
            "query-url-value",
            "accepted-absolute-form-with-url-in-query",
            "a URL in the query of an absolute form",
            with_header(lambda p: sends(endpoint=URL + p.endpoint)(p), "Host", HOST),
        ),
    ),
    *group(
        "signature_mismatch",
        "endpoint_full_url",
        "arithmetic",
        (
            "get-clouds",
            "absolute-form-signed-whole",
            "the absolute form sent, and signed as it is",
            with_header(signs_and_sends(endpoint=f"{URL}/v2/clouds"), "Host", HOST),
        ),
        (
            "get-query",
            "absolute-form-signed-whole-with-query",
            "the absolute form with a query, signed as it is",
            with_header(signs_and_sends(endpoint=f"{URL}/v3/clusters?page=1&perPage=10"), "Host", HOST),
        ),
    ),
    *group(
        "unsigned",
        None,
        "format",
        (
            "get-status",
            "status-in-absolute-form",
            "the absolute form of what needs no authentication",
            with_header(without_headers(endpoint=f"{URL}/v2/status"), "Host", HOST),
        ),
    ),
    *refused(
        "authorization_missing",
        "format",
        (
            "get-status",
            "status-in-the-authority",
            "a host named v2: the path is /status",
            with_header(without_headers(endpoint="http://v2/status"), "Host", HOST),
        ),
        (
            "get-status",
            "status-in-the-query-of-absolute-form",
            "the unsigned path in a query only",
            with_header(without_headers(endpoint=f"{URL}/v2/clouds?next={URL}/v2/status"), "Host", HOST),
        ),
        (
            "get-clouds",
            "absolute-form-unsigned",
            "a target in absolute form without the two headers",
            with_header(without_headers(endpoint=f"{URL}/v2/clouds"), "Host", HOST),
        ),
    ),
)
