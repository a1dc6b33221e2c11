"""The sandboxes: mocks that are used again are in their initial state, and problems are found."""

from __future__ import annotations

import pytest

from mock_server.faults.grammar import Fault
from tests.conformance.examples.independent_client import items
from tests.conformance.examples.sandbox import PASSWORD, SECRET_KEY, Sandboxes, leaks, unaccepted
from tests.suite.examples.fake_programs import completed


def test_a_mock_is_reset_before_it_is_used_again() -> None:
    """A reused mock has the initial seed, journal and faults."""
    sandboxes = Sandboxes()
    with sandboxes.sandbox() as first:
        seed = first.client.get("/v2/projects?perPage=100")
        first.client.call("DELETE", f"/v2/projects/{first.names['project']}")
        first.client.call("POST", "/v2/projects", {"name": "Travel"})
        first.mock.faults.replace([Fault.from_spec("GET * status=500")])
    with sandboxes.sandbox() as second:
        assert second.mock is first.mock
        assert second.mock.journal.entries() == []
        assert second.client.get("/v2/projects?perPage=100") == seed
    sandboxes.close()


def test_two_sandboxes_have_two_mocks() -> None:
    """Runs side by side do not share a mock."""
    sandboxes = Sandboxes()
    with sandboxes.sandbox() as one, sandboxes.sandbox() as other:
        assert one.mock.port != other.mock.port
    sandboxes.close()


def test_a_mock_that_failed_is_not_used_again() -> None:
    """An error inside the mock fails the run, and the mock is stopped."""
    sandboxes = Sandboxes()
    with pytest.raises(ZeroDivisionError), sandboxes.sandbox() as sandbox:
        sandbox.mock.handler_errors.append(ZeroDivisionError())
    with sandboxes.sandbox() as another:
        assert another.mock is not sandbox.mock
    sandboxes.close()


def test_preparation_is_not_in_the_journal() -> None:
    """The calls before an example create what it needs; one that fails is an error."""
    sandboxes = Sandboxes()
    with sandboxes.sandbox() as sandbox:
        sandbox.prepare([("POST", "/v2/clusters/{cluster}/buckets", {"name": "b", "memoryQuota": 256})])
        assert sandbox.mock.journal.entries() == []
        names = [each["name"] for each in items(sandbox.client.get(sandbox_buckets(sandbox.names)))]
        assert "b" in names
        with pytest.raises(AssertionError, match="DELETE /v2/projects/none: 422"):
            sandbox.prepare([("DELETE", "/v2/projects/none", None)])
    sandboxes.close()


def sandbox_buckets(names: dict[str, str]) -> str:
    """Return the target of the buckets."""
    return f"/v2/clusters/{names['cluster']}/buckets"


def test_leaks_and_tracebacks_are_found() -> None:
    """A secret in stdout or stderr, and a traceback of Python or Go, are problems."""
    assert leaks(completed("fine", err="fine")) == []
    assert leaks(completed(f"key {SECRET_KEY}")) == leaks(completed(err=PASSWORD)) == ["prints a secret"]
    for text in ("Traceback (most recent call last):", "panic: no", "goroutine 1 [running]:"):
        assert leaks(completed(err=text)) == ["prints a traceback"]


def test_unaccepted_requests_are_found() -> None:
    """A wrong signature, a missing one, a signed `GET /v2/status`, and no request at all are problems."""
    entry = {"method": "GET", "target": "/v2/clouds", "code": "ok", "mistake": None}
    status = {**entry, "target": "/v2/status"}
    assert unaccepted([entry, {**status, "code": "unsigned"}]) == []
    assert unaccepted([]) == ["makes no request"]
    assert unaccepted([{**entry, "code": "unsigned"}]) == ["GET /v2/clouds: unsigned "]
    assert unaccepted([status]) == ["GET /v2/status: ok "], "get_status sends no keys"
    wrong = {**entry, "code": "signature_mismatch", "mistake": "field_order"}
    assert unaccepted([wrong]) == ["GET /v2/clouds: signature_mismatch field_order"]
