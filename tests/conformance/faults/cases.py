"""What can go wrong between a client and the API, and what each client must make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Outcome = Literal["unharmed", "recovered", "exit 1: API", "exit 1: transport", "exit 1: not the API"]

GET = ("get", ("/v2/projects",))
LIST = ("list_clouds", ())
CREATE = ("create_project", ("--name", "Travel"))
RESIZE = ("update_single_bucket", ("--memory-quota", "512", "{cluster}", "{bucket}"))
DELETE = ("delete_project", ("{project}",))

# What stderr says of each kind of failure, in both languages.
KINDS: Mapping[Outcome, re.Pattern[str]] = {
    "exit 1: API": re.compile(r": 4\d\d|: 5\d\d.*The mock answers 5\d\d"),
    "exit 1: transport": re.compile(r"connection|broke off|EOF"),
    "exit 1: not the API": re.compile(r"the API's JSON|a redirect .*is not followed"),
}
CARRIED_OUT = "may have been carried out"
AT_ONCE = "header=Retry-After:0"


@dataclass(frozen=True)
class FaultCase:
    """One fault, as one gives it to `--fault`, an example that meets it, and what must come of it.

    `attempts` are the requests that arrive, `holds` how many things of a list fit what the example does,
    afterwards: a change is made exactly once, or not at all.
    """

    id: str
    example: tuple[str, Sequence[str]]
    fault: str
    outcome: Outcome
    attempts: int
    says: str = ""  # on stderr, beside what the outcome demands
    target: str = "/v2/projects?perPage=100"
    facts: tuple[tuple[str, Any], ...] = ()
    holds: int = 0
    window: int = 300_000  # milliseconds


def _travels(number: int) -> Mapping[str, Any]:
    return {"facts": (("name", "Travel"),), "holds": number}


RESIZED: Mapping[str, Any] = {
    "target": "/v2/clusters/{cluster}/buckets",
    "facts": (("id", "{bucket}"), ("memoryQuota", 512)),
    "holds": 1,
}
GONE: Mapping[str, Any] = {"facts": (("id", "{project}"),), "holds": 0}
STILL_THERE: Mapping[str, Any] = {"facts": (("id", "{project}"),), "holds": 1}
PAST = "'header=Retry-After:Thu, 01 Jan 2026 00:00:00 GMT'"

CASES = (
    # What passes, passes.
    FaultCase("429-twice", GET, f"GET * status=429 first=2 {AT_ONCE}", "recovered", 3),
    FaultCase("502-once", GET, f"GET * status=502 first=1 {AT_ONCE}", "recovered", 2),
    FaultCase("503-twice", GET, f"GET * status=503 first=2 {AT_ONCE}", "recovered", 3),
    FaultCase("503-until-a-date", GET, f"GET * status=503 first=1 {PAST}", "recovered", 2),
    FaultCase("504-once", GET, f"GET * status=504 first=1 {AT_ONCE}", "recovered", 2),
    FaultCase("503-the-second-page", LIST, f"GET * status=503 nth=2 {AT_ONCE}", "recovered", 4),
    FaultCase("503-every-second", LIST, f"GET * status=503 every=2 {AT_ONCE}", "recovered", 5),
    FaultCase("503-at-random", LIST, f"GET * status=503 rate=0.5 seed=3 {AT_ONCE}", "recovered", 5),
    FaultCase("html-of-a-gateway", GET, f"GET * status=502 body=html first=1 {AT_ONCE}", "recovered", 2),
    FaultCase("reset-once", GET, "GET * connection=reset first=1", "recovered", 2),
    FaultCase("drop-once", GET, "GET * connection=drop first=1", "recovered", 2),
    FaultCase("truncated-once", GET, "GET * body=truncated first=1", "recovered", 2),
    # A signature is stale after 0.9 s, and the second attempt comes after 1 s: it must be another one.
    FaultCase(
        "503-longer-than-a-signature",
        GET,
        "GET * status=503 first=1 header=Retry-After:1",
        "recovered",
        2,
        window=900,
    ),
    # What does not pass is told.
    FaultCase("429-for-ever", GET, f"GET * status=429 {AT_ONCE}", "exit 1: API", 5),
    FaultCase("503-for-ever", GET, f"GET * status=503 {AT_ONCE}", "exit 1: API", 5),
    FaultCase("500", GET, "GET * status=500", "exit 1: API", 1),
    FaultCase("403", GET, "GET * status=403", "exit 1: API", 1),
    FaultCase(
        "401-and-another-time",
        GET,
        "GET * status=401 date_offset=-3600000",
        "exit 1: API",
        1,
        says="clock",
    ),
    FaultCase("reset-for-ever", GET, "GET * connection=reset", "exit 1: transport", 5),
    FaultCase("drop-for-ever", GET, "GET * connection=drop", "exit 1: transport", 5),
    FaultCase("truncated-for-ever", GET, "GET * body=truncated", "exit 1: transport", 5),
    FaultCase("malformed-json", GET, "GET * body=malformed", "exit 1: not the API", 1),
    FaultCase("html", GET, "GET * body=html", "exit 1: not the API", 1),
    FaultCase("another-content-type", GET, "GET * header=Content-Type:text/plain", "exit 1: not the API", 1),
    FaultCase(
        "redirect", GET, "GET * status=302 header=Location:http://127.0.0.1:1/", "exit 1: not the API", 1
    ),
    # What does no harm, does none.
    FaultCase("slow", GET, "GET * latency=200", "unharmed", 1),
    FaultCase("another-time", GET, "GET * date_offset=-3600000", "unharmed", 1),
    # A POST that may have been carried out is not repeated.
    FaultCase("post-503-before", CREATE, f"POST * status=503 {AT_ONCE}", "exit 1: API", 1, **_travels(0)),
    FaultCase(
        "post-503-after", CREATE, f"POST * status=503 when=after {AT_ONCE}", "exit 1: API", 1, **_travels(1)
    ),
    FaultCase(
        "post-reset-before",
        CREATE,
        "POST * connection=reset",
        "exit 1: transport",
        1,
        says=CARRIED_OUT,
        **_travels(0),
    ),
    FaultCase(
        "post-reset-after",
        CREATE,
        "POST * connection=reset when=after",
        "exit 1: transport",
        1,
        says=CARRIED_OUT,
        **_travels(1),
    ),
    FaultCase(
        "post-drop-after",
        CREATE,
        "POST * connection=drop when=after",
        "exit 1: transport",
        1,
        says=CARRIED_OUT,
        **_travels(1),
    ),
    FaultCase(
        "post-truncated",
        CREATE,
        "POST * body=truncated",
        "exit 1: transport",
        1,
        says=CARRIED_OUT,
        **_travels(1),
    ),
    # A PUT and a DELETE may be: they do no more when they arrive twice.
    FaultCase("put-503-before", RESIZE, f"PUT * status=503 first=1 {AT_ONCE}", "recovered", 2, **RESIZED),
    FaultCase(
        "put-reset-after", RESIZE, "PUT * connection=reset when=after first=1", "recovered", 2, **RESIZED
    ),
    FaultCase("delete-reset-before", DELETE, "DELETE * connection=reset first=1", "recovered", 2, **GONE),
    FaultCase(
        "delete-reset-after", DELETE, "DELETE * connection=reset when=after first=1", "recovered", 2, **GONE
    ),
    FaultCase(
        "delete-drop-after", DELETE, "DELETE * connection=drop when=after first=1", "recovered", 2, **GONE
    ),
    FaultCase(
        "delete-503-after",
        DELETE,
        f"DELETE * status=503 when=after first=1 {AT_ONCE}",
        "exit 1: API",
        2,
        says="404",
        **GONE,
    ),
    FaultCase(
        "delete-503-for-ever", DELETE, f"DELETE * status=503 {AT_ONCE}", "exit 1: API", 5, **STILL_THERE
    ),
)
