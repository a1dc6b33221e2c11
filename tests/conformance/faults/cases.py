"""The cases of injected faults: the failure between a client and the API, and the reaction of the client."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ClientReaction = Literal[
    "unharmed",  # the fault has no effect
    "recovered",  # the client sends the request again, and succeeds
    "exit 1: API",  # it shows the API's error
    "exit 1: transport",  # it shows that the connection failed
    "exit 1: not the API",  # it shows that the response is not one of the API
]

GET = ("get", ("/v2/projects",))
LIST = ("list_clouds", ())
CREATE = ("create_project", ("--name", "Travel"))
RESIZE = ("update_single_bucket", ("--memory-quota", "512", "{cluster}", "{bucket}"))
DELETE = ("delete_project", ("{project}",))

# What stderr contains for each failure, in both languages.
MESSAGES: Mapping[ClientReaction, re.Pattern[str]] = {
    "exit 1: API": re.compile(r": 4\d\d|: 5\d\d.*The mock injected status 5\d\d"),
    "exit 1: transport": re.compile(r"connection|broke off|EOF"),
    "exit 1: not the API": re.compile(r"the API's JSON|a redirect .*is not followed"),
}
CARRIED_OUT = "may have been carried out"
AT_ONCE = "header=Retry-After:0"


@dataclass(frozen=True)
class FaultCase:
    """One fault as `--fault` takes it, an example that receives it, and the expected reaction.

    `attempts` is how many requests the mock receives. `matches` is how many items of the list at `target`
    have `facts` afterwards: a change must happen exactly once, or never.
    """

    id: str
    example: tuple[str, Sequence[str]]
    fault: str
    reaction: ClientReaction
    attempts: int
    stderr: str = ""  # a further text on stderr
    target: str = "/v2/projects?perPage=100"
    facts: tuple[tuple[str, Any], ...] = ()
    matches: int = 0
    window: int | None = None  # milliseconds; None for the mock's default

    @property
    def waits(self) -> bool:
        """Whether the client waits for seconds before it sends the request again."""
        return self.attempts > 1 and not re.search("Retry-After:(?!1$)", self.fault)


def _created(number: int) -> Mapping[str, Any]:
    return {"facts": (("name", "Travel"),), "matches": number}


RESIZED: Mapping[str, Any] = {
    "target": "/v2/clusters/{cluster}/buckets",
    "facts": (("id", "{bucket}"), ("memoryQuota", 512)),
    "matches": 1,
}
GONE: Mapping[str, Any] = {"facts": (("id", "{project}"),), "matches": 0}
STILL_THERE: Mapping[str, Any] = {"facts": (("id", "{project}"),), "matches": 1}
PAST = "'header=Retry-After:Thu, 01 Jan 2026 00:00:00 GMT'"

CASES = (
    # Temporary faults: the client recovers.
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
    # A signature is stale after 0.9 s. The second attempt is 1 s later, so it must have a new signature.
    FaultCase(
        "503-longer-than-a-signature",
        GET,
        "GET * status=503 first=1 header=Retry-After:1",
        "recovered",
        2,
        window=900,
    ),
    # Permanent faults: the client shows the error.
    FaultCase("429-for-ever", GET, f"GET * status=429 {AT_ONCE}", "exit 1: API", 5),
    FaultCase("503-for-ever", GET, f"GET * status=503 {AT_ONCE}", "exit 1: API", 5),
    FaultCase("500", GET, "GET * status=500", "exit 1: API", 1),
    FaultCase("403", GET, "GET * status=403", "exit 1: API", 1),
    FaultCase(
        "422-with-a-message",
        GET,
        "GET * status=422 errorType=ErrClusterStateNotNormal 'message=The cluster scales'",
        "exit 1: API",
        1,
        stderr="The cluster scales",
    ),
    FaultCase(
        "401-and-another-time",
        GET,
        "GET * status=401 date_offset=-3600000",
        "exit 1: API",
        1,
        stderr="clock",
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
    # Harmless faults.
    FaultCase("slow", GET, "GET * latency=200", "unharmed", 1),
    FaultCase("another-time", GET, "GET * date_offset=-3600000", "unharmed", 1),
    # A POST is never repeated: it may have been carried out.
    FaultCase("post-503-before", CREATE, f"POST * status=503 {AT_ONCE}", "exit 1: API", 1, **_created(0)),
    FaultCase(
        "post-503-after", CREATE, f"POST * status=503 when=after {AT_ONCE}", "exit 1: API", 1, **_created(1)
    ),
    FaultCase(
        "post-reset-before",
        CREATE,
        "POST * connection=reset",
        "exit 1: transport",
        1,
        stderr=CARRIED_OUT,
        **_created(0),
    ),
    FaultCase(
        "post-reset-after",
        CREATE,
        "POST * connection=reset when=after",
        "exit 1: transport",
        1,
        stderr=CARRIED_OUT,
        **_created(1),
    ),
    FaultCase(
        "post-drop-after",
        CREATE,
        "POST * connection=drop when=after",
        "exit 1: transport",
        1,
        stderr=CARRIED_OUT,
        **_created(1),
    ),
    FaultCase(
        "post-truncated",
        CREATE,
        "POST * body=truncated",
        "exit 1: transport",
        1,
        stderr=CARRIED_OUT,
        **_created(1),
    ),
    # A PUT or a DELETE is repeated: a second one changes nothing more.
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
        stderr="404",
        **GONE,
    ),
    FaultCase(
        "delete-503-for-ever", DELETE, f"DELETE * status=503 {AT_ONCE}", "exit 1: API", 5, **STILL_THERE
    ),
)
