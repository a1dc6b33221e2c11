"""Many requests at once: the state is held by one of them at a time."""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mock_server.api import Api
from mock_server.http import ReceivedRequest
from tests.support.operations import JSON, ORIGIN


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
def test_of_many_who_want_one_name_one_gets_it() -> None:
    """A check and what follows from it are one step."""
    api = Api(clock=int)
    names = [f"project {number}" for number in range(150) for _ in range(4)]

    def create(name: str) -> int:
        body = f'{{"name": "{name}"}}'.encode()
        return api.handle(ReceivedRequest("POST", "/v2/projects", JSON, body), ORIGIN).status

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(create, names))
    assert answers == {201: 150, 422: 450}
