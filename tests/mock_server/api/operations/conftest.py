"""Fixtures for the operations that change the contents of a cluster."""

import pytest

from tests.support.api_caller import ApiCaller


@pytest.fixture(params=["v2", "v3"])
def path(request: pytest.FixtureRequest, caller: ApiCaller) -> str:
    """The v2 path of a cluster of either version. The cluster has one bucket, one entry and one user."""
    data = caller.get(f"/{request.param}/clusters?perPage=1")["data"]
    cluster = data[0] if request.param == "v2" else data["items"][0]
    return f"/v2/clusters/{cluster['id']}"
