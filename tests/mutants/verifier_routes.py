"""Verifiers that skip requests they must verify, or obey a header instead of the request line."""

# ruff: noqa: ARG001, ARG005  # a step is called with all it may need

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.mutants.verifiers import Verifier, add

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.raw_http import RawRequest

STATUS = "/v2/status"


def _path(request: RawRequest) -> str:
    return request.target.partition("?")[0]


def _value(request: RawRequest, name: str) -> str:
    """Return the value of a header, or an empty string."""
    return next((value for known, value in request.headers if known.lower() == name), "")


def _skips(condition: Callable[[RawRequest], object]) -> Callable[[Verifier, RawRequest], bool]:
    return lambda self, request: Verifier.authenticates(self, request) and not condition(request)


def _is_status(change: Callable[[str], str]) -> Callable[[RawRequest], bool]:
    return lambda request: request.method in {"GET", "HEAD"} and change(_path(request)) == STATUS


for _name, _seen, _condition in (
    ("skips_options", "Verify no OPTIONS: CORS asks without credentials.", lambda r: r.method == "OPTIONS"),
    ("skips_head", "Verify no HEAD.", lambda r: r.method == "HEAD"),
    ("skips_trace", "Verify no TRACE.", lambda r: r.method == "TRACE"),
    (
        "knows_methods_with_a_body",
        "Verify only GET, POST, PUT, PATCH and DELETE.",
        lambda r: r.method not in {"GET", "POST", "PUT", "PATCH", "DELETE"},
    ),
    ("skips_status_of_any_method", "Verify nothing at /v2/status.", lambda r: _path(r) == STATUS),
    (
        "skips_the_prefix_of_status",
        "Verify nothing that starts with /v2/status.",
        lambda r: r.method == "GET" and r.target.startswith(STATUS),
    ),
    (
        "skips_paths_below_status",
        "Verify nothing below /v2/status/.",
        lambda r: r.method == "GET" and r.target.startswith(STATUS + "/"),
    ),
    (
        "skips_any_status",
        "Verify nothing that ends with /status.",
        lambda r: r.method == "GET" and _path(r).endswith("/status"),
    ),
    (
        "skips_status_of_any_version",
        "Verify no /v1/status, /v2/status, /v3/status.",
        lambda r: re.fullmatch(r"/v\d/status", _path(r)),
    ),
    ("skips_what_contains_status", "Verify nothing that contains /v2/status.", lambda r: STATUS in r.target),
    (
        "skips_status_with_slash",
        "Ignore a slash at the end of the path.",
        _is_status(lambda p: p.rstrip("/")),
    ),
    ("skips_status_in_any_case", "Ignore the case of the path.", _is_status(str.lower)),
    ("skips_decoded_status", "Decode the path before the look-up.", _is_status(unquote)),
    ("skips_resolved_status", "Resolve dots before the look-up.", _is_status(posixpath.normpath)),
    ("skips_joined_status", "Join slashes before the look-up.", _is_status(lambda p: re.sub("/+", "/", p))),
    (
        "skips_status_with_params",
        "Drop ;params before the look-up.",
        _is_status(lambda p: p.partition(";")[0]),
    ),
    (
        "skips_status_before_a_nul",
        "Cut the path at %00 before the look-up.",
        _is_status(lambda p: p.partition("%00")[0]),
    ),
    (
        "skips_by_an_open_pattern",
        "Look the path up by the pattern ^/v2/status.*",
        lambda r: r.method in {"GET", "HEAD"} and re.match("/v2/status", r.target),
    ),
    (
        "skips_by_a_pattern_with_dots",
        "Look the path up by a pattern with an unescaped dot.",
        lambda r: r.method in {"GET", "HEAD"} and re.fullmatch("/v2/statu.", _path(r)),
    ),
    (
        "skips_status_of_the_service_alone",
        "Look the path up without its version.",
        lambda r: r.method == "GET" and _path(r) in {"/status", STATUS},
    ),
    (
        "obeys_x_original_url_for_the_route",
        "Look the path up in X-Original-URL.",
        lambda r: _value(r, "x-original-url").startswith(STATUS),
    ),
    (
        "obeys_x_rewrite_url_for_the_route",
        "Look the path up in X-Rewrite-URL.",
        lambda r: _value(r, "x-rewrite-url").startswith(STATUS),
    ),
    (
        "trusts_loopback_of_x_forwarded_for",
        "Verify nothing for X-Forwarded-For: 127.0.0.1.",
        lambda r: _value(r, "x-forwarded-for").startswith("127."),
    ),
    (
        "trusts_x_real_ip",
        "Verify nothing for X-Real-IP: 127.0.0.1.",
        lambda r: _value(r, "x-real-ip").startswith("127."),
    ),
    (
        "trusts_a_user_header",
        "Verify nothing for X-Forwarded-User, which a proxy sets.",
        lambda r: _value(r, "x-forwarded-user") or _value(r, "x-remote-user") or _value(r, "remote-user"),
    ),
    (
        "skips_preflights",
        "Verify nothing with Access-Control-Request-Method.",
        lambda r: _value(r, "access-control-request-method"),
    ),
    ("skips_expect", "Verify nothing with Expect: 100-continue.", lambda r: _value(r, "expect")),
    (
        "skips_upgrades",
        "Verify nothing with Upgrade: websocket.",
        lambda r: _value(r, "upgrade") == "websocket",
    ),
    (
        "skips_health_checks",
        "Verify nothing of a User-Agent that checks health.",
        lambda r: re.search("health|kube-probe|ELB", _value(r, "user-agent")),
    ),
):
    add("authenticates", _name, _seen, _skips(_condition))


def _signs_head(self: Verifier, request: RawRequest) -> bool:
    return Verifier.authenticates(self, request) or request.method == "HEAD"


def _signs_queries(self: Verifier, request: RawRequest) -> bool:
    return request.method not in {"GET", "HEAD"} or request.target != STATUS


def _signs_all(self: Verifier, request: RawRequest) -> bool:
    return True


def _verifies_what_comes(self: Verifier, request: RawRequest) -> bool:
    return Verifier.authenticates(self, request) or bool(_value(request, "authorization"))


add("authenticates", "wants_a_signature_for_head_of_status", "Verify HEAD of /v2/status.", _signs_head)
add(
    "authenticates",
    "wants_a_signature_for_a_query_of_status",
    "Verify /v2/status with a query.",
    _signs_queries,
)
add("authenticates", "wants_a_signature_for_all", "Verify /v2/status too.", _signs_all)
add(
    "authenticates",
    "verifies_status_if_it_has_a_header",
    "Verify /v2/status if Authorization is there.",
    _verifies_what_comes,
)


def _in_query(names: str) -> Callable[[RawRequest], object]:
    return lambda request: re.search(f"[?&](?:{names})=", request.target)


for _name, _names in (
    ("takes_authorization_in_the_query", "Authorization"),
    ("takes_access_token_in_the_query", "access_token"),
    ("takes_a_presigned_query", "signature|accessKey"),
):
    add("authenticates", _name, f"Accept credentials in the query: {_names}.", _skips(_in_query(_names)))
add(
    "authenticates",
    "takes_credentials_in_the_body",
    "Accept credentials in the body.",
    _skips(lambda request: "Bearer " in (request.body or "")),
)
add(
    "values",
    "takes_the_timestamp_of_the_query",
    "Use the parameter timestamp if the header is missing.",
    lambda self, request, name: (
        Verifier.values(self, request, name)
        or (re.findall(r"[?&]timestamp=(\d+)", request.target) if name != "authorization" else [])
    ),
)


def _method_of(name: str) -> Callable[[Verifier, RawRequest], str]:
    return lambda self, request: _value(request, name).upper() or request.method


def _endpoint_of(name: str) -> Callable[[Verifier, RawRequest], str]:
    return lambda self, request: _value(request, name) or request.target


for _header in (
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
    "x-forwarded-method",
    "x-original-method",
):
    add(
        "method",
        "obeys_" + _header.replace("-", "_"),
        f"Verify the method in {_header}.",
        _method_of(_header),
    )
for _header in (
    "x-original-url",
    "x-rewrite-url",
    "x-original-uri",
    "x-forwarded-uri",
    "x-forwarded-path",
    "x-envoy-original-path",
):
    add(
        "endpoint",
        "obeys_" + _header.replace("-", "_"),
        f"Verify the path in {_header}.",
        _endpoint_of(_header),
    )
for _header in ("x-forwarded-prefix", "x-script-name"):
    add(
        "endpoint",
        "adds_" + _header.replace("-", "_"),
        f"Put {_header} before the path.",
        lambda self, request, name=_header: _value(request, name) + request.target,
    )


def _names_a_header(other: str, name: str) -> Callable[[Verifier, str], str]:
    return lambda self, called: name if called.lower() == other else called.lower()


for _other, _header in (
    ("x-couchbase-timestamp", "couchbase-timestamp"),
    ("date", "couchbase-timestamp"),
    ("timestamp", "couchbase-timestamp"),
    ("x-timestamp", "couchbase-timestamp"),
    ("x-amz-date", "couchbase-timestamp"),
    ("cb-timestamp", "couchbase-timestamp"),
    ("x-authorization", "authorization"),
    ("proxy-authorization", "authorization"),
    ("authorization2", "authorization"),
    ("x-forwarded-authorization", "authorization"),
    ("x-original-authorization", "authorization"),
):
    add(
        "called",
        f"takes_{_other.replace('-', '_')}_too",
        f"Take the header {_other} for {_header}.",
        _names_a_header(_other, _header),
    )
add(
    "called",
    "takes_names_that_start_so",
    "Take any header whose name starts with the right one.",
    lambda self, name: next(
        (known for known in ("authorization", "couchbase-timestamp") if name.lower().startswith(known)), ""
    ),
)
add(
    "called",
    "takes_names_that_end_so",
    "Take any header whose name ends with the right one.",
    lambda self, name: next(
        (known for known in ("authorization", "couchbase-timestamp") if name.lower().endswith(known)), ""
    ),
)
add(
    "called",
    "knows_two_cases_of_names",
    "Know names in lower case and as documented, but not in upper case.",
    lambda self, name: "" if name.isupper() else name.lower(),
)


def _absolute(request: RawRequest) -> str:
    return re.sub(r"\A[a-z]+://[^/?]*", "", request.target) or "/"


add(
    "endpoint",
    "verifies_the_absolute_form",
    "Verify a target in absolute form as it is.",
    lambda self, request: request.target,
)
add(
    "endpoint",
    "verifies_the_path_of_host",
    "Verify the absolute form of every target.",
    lambda self, request: f"http://{_value(request, 'host')}{_absolute(request)}",
)
add(
    "verify",
    "refuses_the_absolute_form",
    "Refuse a target in absolute form.",
    lambda self, request: (
        Verifier.verify(self, request) if request.target.startswith("/") else "signature_mismatch"
    ),
)
add(
    "authenticates",
    "skips_status_of_relative_form_only",
    "Verify /v2/status in absolute form.",
    lambda self, request: Verifier.authenticates(self, request) or not request.target.startswith("/"),
)
add(
    "authenticates",
    "skips_the_status_of_the_host",
    "Skip an absolute form whose host part ends in /v2/status.",
    lambda self, request: (
        Verifier.authenticates(self, request) and not request.target.endswith("//v2/status")
    ),
)
add(
    "endpoint",
    "verifies_the_body_of_a_get",
    "Verify the query, or the body of a request without one.",
    lambda self, request: (
        request.target if "?" in request.target or not request.body else f"{request.target}?{request.body}"
    ),
)
add(
    "verify",
    "refuses_a_body_of_get",
    "Refuse a GET with a body.",
    lambda self, request: (
        "signature_mismatch" if request.body and request.method == "GET" else Verifier.verify(self, request)
    ),
)
add(
    "verify",
    "refuses_many_headers",
    "Refuse more than 20 headers.",
    lambda self, request: (
        "authorization_malformed" if len(request.headers) > 20 else Verifier.verify(self, request)
    ),
)
add(
    "verify",
    "wants_the_two_in_order",
    "Want Authorization directly before the timestamp.",
    lambda self, request: (
        Verifier.verify(self, request)
        if not re.search(
            "couchbase-timestamp.*authorization", " ".join(name.lower() for name, _ in request.headers)
        )
        else "timestamp_missing"
    ),
)
add(
    "verify",
    "keeps_the_method_in_lower_case",
    "Compare methods in lower case.",
    lambda self, request: Verifier.verify(self, replace(request, method=request.method.lower())),
)
