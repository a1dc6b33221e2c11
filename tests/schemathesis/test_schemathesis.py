"""The mock, attacked with its own description by a tool nobody here wrote: every check on, over real sockets.

What is excused, and why, stands in schemathesis.toml.
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
    deadline=None,  # an answer takes as long as the machine is busy with other things
)

schema = schemathesis.openapi.from_dict(add_links(load()), config=_CONFIG)
# A `requests` auth object is called last, on each request as it is about to travel, Schemathesis's own probes
# included. It signs `GET /v2/status` too, which needs it not: the other methods of that path do.
[(_access_key, _secret_key)] = DEFAULT_KEYS.items()
schema.auth.set_from_requests(CapellaAuth(_access_key, _secret_key))


@pytest.fixture(scope="module", params=[0], ids=["ready at once"])
def server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """A running mock with this `--transition`; openapi-core must agree with all it says too."""
    with every_response_validated(), MockServer(transition=request.param) as running:
        yield running
        running.check()


@schema.parametrize()
@_SETTINGS
def test_operation(case: schemathesis.Case[Any], server: MockServer, answers: Counter[str]) -> None:
    """Every operation, from the seed: examples, boundaries, and what Hypothesis thinks of, valid and not."""
    server.api.reset()
    response = case.call(base_url=server.url)
    answers[str(response.status_code)] += 1
    case.validate_response(response, transport_kwargs={"base_url": server.url})


@pytest.mark.parametrize("server", [0, 1], indirect=True, ids=["ready at once", "in motion for one poll"])
def test_stateful(server: MockServer, monkeypatch: pytest.MonkeyPatch, answers: Counter[str]) -> None:
    """Sequences of operations, each from the seed: what one makes or shows, the next one uses."""
    if server.api.transition:
        # Deleting a cluster is 202: by the vendor's description it is shown as `destroying` for a while.
        monkeypatch.setattr(schema.config.checks.use_after_free, "enabled", False)
    met = set()

    class Machine(schema.as_state_machine()):  # type: ignore[misc]  # a class made at run time
        def setup(self) -> None:
            server.api.reset()

        def get_call_kwargs(self, _case: schemathesis.Case[Any]) -> dict[str, Any]:
            return {"base_url": server.url}

        def after_call(self, response: Response, case: schemathesis.Case[Any]) -> None:
            super().after_call(response, case)
            answers[str(response.status_code)] += 1
            if response.status_code < HTTPStatus.BAD_REQUEST:
                met.add(case.operation.label)

    Machine.run(settings=hypothesis.settings(_SETTINGS, stateful_step_count=20))
    assert len(met) >= 28, sorted(met)
