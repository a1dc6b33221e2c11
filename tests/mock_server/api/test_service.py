"""`Api`: authentication, random requests, and many threads."""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.api import Api
from mock_server.http import ReceivedRequest
from tests.support.api_caller import JSON, ORIGIN, ApiCaller


def test_only_status_needs_no_authentication() -> None:
    """Its GET and its HEAD. Other methods, other spellings and unknown paths need a signature."""
    api = Api(clock=int)
    assert not api.needs_authentication(ReceivedRequest("GET", "/v2/status"))
    assert not api.needs_authentication(ReceivedRequest("HEAD", "/v2/status"))
    assert not api.needs_authentication(ReceivedRequest("GET", "/v2/status?x=1"))
    for method, path in [
        ("POST", "/v2/status"),
        ("get", "/v2/status"),
        ("head", "/v2/status"),
        ("HEAD", "/v2/projects"),
        ("GET", "/v2/%73tatus"),
        ("GET", "//v2/status"),
        ("GET", "/v2/status/"),
        ("GET", "/v2/projects"),
        ("GET", "/nowhere"),
        ("GET", ""),
    ]:
        assert api.needs_authentication(ReceivedRequest(method, path)), (method, path)


@given(target=st.text(st.characters(max_codepoint=0xFF), max_size=80))
def test_random_targets_raise_no_exception(target: str) -> None:
    """Any Latin-1 character, in the path and in the query."""
    for prefix in ("", "/v2/projects?", "/v2/clouds/", "/v2/clusters/"):
        response = _FUZZED.api.handle(ReceivedRequest("GET", prefix + target), "http://mock.test")
        assert response.status in {200, 404, 405, 422}


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as possible."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("hasty")
def test_of_many_threads_that_create_one_name_one_succeeds() -> None:
    """Checking a name and using it are one step."""
    api = Api(clock=int)
    names = [f"project {number}" for number in range(150) for _ in range(4)]

    def create(name: str) -> int:
        body = f'{{"name": "{name}"}}'.encode()
        return api.handle(ReceivedRequest("POST", "/v2/projects", JSON, body), ORIGIN).status

    with ThreadPoolExecutor(8) as pool:
        responses = Counter(pool.map(create, names))
    assert responses == {201: 150, 422: 450}


_FUZZED = ApiCaller()
