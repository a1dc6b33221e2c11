"""Run every check of Schemathesis on the mock, over real sockets, with the mock's own description.

schemathesis.toml lists the exceptions with their reasons.
"""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.core.transport import Response

from capella.signing import CapellaAuth
from mock_server.api.description import load
from mock_server.server import DEFAULT_KEYS, MockServer
from tests.schemathesis.links import add_links
from tests.support.response_hook import every_response_validated

_CONFIG = schemathesis.Config.from_path(Path(__file__).with_name("schemathesis.toml"))
_SETTINGS = hypothesis.settings(
    max_examples=60,
    deadline=None,  # the time of a response depends on the load of the machine
)

schema = schemathesis.openapi.from_dict(add_links(load()), config=_CONFIG)
# `requests` calls an auth object last, on the final request, for Schemathesis's own probes as well. It signs
# `GET /v2/status` too. That needs no signature, but the other methods of this path do.
[(_access_key, _secret_key)] = DEFAULT_KEYS.items()
schema.auth.set_from_requests(CapellaAuth(_access_key, _secret_key))


@pytest.fixture(scope="module", params=[0], ids=["ready at once"])
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """Return a running mock with this `--transition`. openapi-core validates its responses too."""
    with every_response_validated(), MockServer(transition=request.param) as running:
        yield running
        running.check()


@schema.parametrize()
@_SETTINGS
def test_operation(case: schemathesis.Case[Any], server: MockServer, responses: Counter[str]) -> None:
    """Each operation, from the seed, accepts valid input and refuses invalid input as described."""
    server.api.reset()
    response = case.call(base_url=server.url)
    responses[str(response.status_code)] += 1
    case.validate_response(response, transport_kwargs={"base_url": server.url})


@pytest.mark.parametrize("server", [0, 1], indirect=True, ids=["ready at once", "in motion for one poll"])
def test_stateful(server: MockServer, monkeypatch: pytest.MonkeyPatch, responses: Counter[str]) -> None:
    """Sequences of operations, each from the seed, in which one uses the results of another."""
    if server.api.transition:
        # After the 202 of a DELETE a cluster stays visible as `destroying`, as the vendor describes.
        monkeypatch.setattr(schema.config.checks.use_after_free, "enabled", False)
    met = set()

    class Machine(schema.as_state_machine()):  # type: ignore[misc]  # a class made at run time
        def setup(self) -> None:
            server.api.reset()

        def get_call_kwargs(self, _case: schemathesis.Case[Any]) -> dict[str, Any]:
            return {"base_url": server.url}

        def after_call(self, response: Response, case: schemathesis.Case[Any]) -> None:
            super().after_call(response, case)
            responses[str(response.status_code)] += 1
            if response.status_code < HTTPStatus.BAD_REQUEST:
                met.add(case.operation.label)

    Machine.run(settings=hypothesis.settings(_SETTINGS, stateful_step_count=20))
    assert len(met) >= 28, sorted(met)
