"""A client of `Api` without a server, for tests: every answer it gets is held against openapi.yaml."""

import json
from dataclasses import dataclass, field
from typing import Any

from mock_server.api import Api
from mock_server.http import ReceivedRequest
from tests.support.response_validation import every_answer_checked

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
class Client:
    """Calls operations the way the server does. `now` is the clock, in ms, for a test to turn."""

    transition: int = 3
    now: int = CLOCK
    api: Api = field(init=False)

    def __post_init__(self) -> None:
        """Start from the seed."""
        self.api = Api(clock=lambda: self.now, transition=self.transition)

    def raw(
        self, method: str, target: str, body: bytes = b"", headers: tuple[tuple[str, str], ...] = JSON
    ) -> ApiResponse:
        """Send bytes, and return the response once it is known to be as described."""
        with every_answer_checked():
            reply = self.api.handle(ReceivedRequest(method, target, headers, body), ORIGIN)
        return ApiResponse(reply.status, reply.headers, json.loads(reply.body) if reply.body else None)

    def call(self, method: str, target: str, body: object = None) -> ApiResponse:
        """Send a JSON body, or none."""
        return self.raw(method, target, b"" if body is None else json.dumps(body).encode())

    def get(self, target: str) -> Any:  # noqa: ANN401  # JSON, as deep as the test wants to look
        """GET something that is there, and return the body."""
        answer = self.call("GET", target)
        assert answer.status == 200, answer
        return answer.body

    def make(self, target: str, body: object) -> str:
        """POST something that succeeds, and return its Location."""
        answer = self.call("POST", target, body)
        assert answer.status in {201, 202}, answer
        return dict(answer.headers)["Location"]

    def refused(self, method: str, target: str, body: object = None) -> tuple[int, str]:
        """Send what must fail, and return the status and the error type."""
        answer = self.call(method, target, body)
        assert answer.status >= 400, answer
        assert isinstance(answer.body, dict)
        return answer.status, answer.body["errorType"]

    def settle(self, location: str) -> str:
        """Poll a cluster's status until it repeats no transition any more, and return it."""
        for _ in range(self.transition):
            self.get(f"{location}/status")
        status: str = self.get(f"{location}/status")["status"]
        return status

    def project(self) -> str:
        """Return the id of a project without clusters."""
        project_id: str = self.get("/v2/projects?perPage=1")["data"][0]["id"]
        return project_id


def server_v3(**changes: object) -> dict[str, Any]:
    """Return the servers of a new v3 cluster."""
    storage = {"type": "GP3", "IOPS": 3000, "size": 50}
    return {"size": 3, "compute": "m5.xlarge", "services": ["data"], "storage": storage, **changes}


def cluster_v3(project_id: str, **changes: object) -> dict[str, Any]:
    """Return the body that makes a v3 cluster."""
    return {
        "environment": "hosted",
        "clusterName": "new cluster",
        "projectId": project_id,
        "place": {
            "singleAZ": True,
            "hosted": {"provider": "aws", "region": "us-west-2", "CIDR": "10.21.0.0/16"},
        },
        "servers": [server_v3()],
        "supportPackage": {"type": "DeveloperPro", "timezone": "GMT"},
        **changes,
    }


def cluster_v2(client: Client, **changes: object) -> dict[str, Any]:
    """Return the body that makes a v2 cluster."""
    cloud_id = client.get("/v2/clouds?perPage=1")["data"][0]["id"]
    return {"name": "new cluster", "cloudId": cloud_id, "projectId": client.project(), **changes}
