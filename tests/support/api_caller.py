"""Calls the operations of `Api` without a server. tests/conftest.py has every response validated."""

import json
from dataclasses import dataclass, field
from typing import Any

from mock_server.api import Api
from mock_server.http import ReceivedRequest

ORIGIN = "http://mock.test:8091"
JSON = (("Content-Type", "application/json"),)
CLOCK = 1_700_000_000_000


@dataclass(frozen=True)
class ApiResponse:
    """A response of the API. `body` is the decoded JSON, or None for an empty body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: Any


@dataclass
class ApiCaller:
    """Calls operations as the server does.

    Attributes:
        transition: the number of polls until a cluster or bucket is ready.
        now: the time of the clock, in milliseconds; a test may change it.
        first: the first state; None for the seed.
        api: the API, with the first state.
    """

    transition: int = 3
    now: int = CLOCK
    first: object = None
    api: Api = field(init=False)

    def __post_init__(self) -> None:
        """Create the API."""
        self.api = Api(clock=lambda: self.now, transition=self.transition, first=self.first)

    def raw(
        self, method: str, target: str, body: bytes = b"", headers: tuple[tuple[str, str], ...] = JSON
    ) -> ApiResponse:
        """Send a body of bytes, and return the response."""
        reply = self.api.handle(ReceivedRequest(method, target, headers, body), ORIGIN)
        return ApiResponse(reply.status, reply.headers, json.loads(reply.body) if reply.body else None)

    def call(self, method: str, target: str, body: object = None) -> ApiResponse:
        """Send a JSON body, or an empty body for None, and return the response."""
        return self.raw(method, target, b"" if body is None else json.dumps(body).encode())

    def get(self, target: str) -> Any:  # noqa: ANN401  # any JSON value
        """GET a target that exists, and return the body."""
        response = self.call("GET", target)
        assert response.status == 200, response
        return response.body

    def make(self, target: str, body: object) -> str:
        """POST a body that is accepted, and return the Location."""
        response = self.call("POST", target, body)
        assert response.status in {201, 202}, response
        return dict(response.headers)["Location"]

    def refused(self, method: str, target: str, body: object = None) -> tuple[int, str]:
        """Send a request that is refused, and return the status and the error type."""
        response = self.call(method, target, body)
        assert response.status >= 400, response
        error_type: str = response.body["errorType"]
        return response.status, error_type

    def settle(self, location: str) -> str:
        """Poll a cluster's status until it does not change any more, and return it."""
        for _ in range(self.transition):
            self.get(f"{location}/status")
        status: str = self.get(f"{location}/status")["status"]
        return status

    def project(self) -> str:
        """Return the id of a project without clusters."""
        project_id: str = self.get("/v2/projects?perPage=1")["data"][0]["id"]
        return project_id


def server_v3(**changes: object) -> dict[str, Any]:
    """Return the JSON of one entry of `servers`, for the body that creates a v3 cluster."""
    storage = {"type": "GP3", "IOPS": 3000, "size": 50}
    return {"size": 3, "compute": "m5.xlarge", "services": ["data"], "storage": storage, **changes}


def place_v3(block: str) -> dict[str, Any]:
    """Return the JSON of `place` with a CIDR block, for the body that creates a v3 cluster."""
    return {"singleAZ": True, "hosted": {"provider": "aws", "region": "us-west-2", "CIDR": block}}


def cluster_v3(project_id: str, **changes: object) -> dict[str, Any]:
    """Return the JSON body that creates a v3 cluster, which is hosted."""
    return {
        "environment": "hosted",
        "clusterName": "new cluster",
        "projectId": project_id,
        "place": place_v3("10.21.0.0/16"),
        "servers": [server_v3()],
        "supportPackage": {"type": "DeveloperPro", "timezone": "GMT"},
        **changes,
    }


def cluster_v2(caller: ApiCaller, **changes: object) -> dict[str, Any]:
    """Return the JSON body that creates a v2 cluster."""
    cloud_id = caller.get("/v2/clouds?perPage=1")["data"][0]["id"]
    return {"name": "new cluster", "cloudId": cloud_id, "projectId": caller.project(), **changes}
