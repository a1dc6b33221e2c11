"""Every example of both languages against fresh mocks: its output, its effect, and its way to fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.conformance.examples.cases import EXAMPLES, Example
from tests.conformance.examples.runs import Proof, Prover
from tests.conformance.programs.examples import LANGUAGES, Language, Programs
from tests.conformance.scheduling import ahead
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor, Future

    from tests.conformance.state import Conformance

CASES = [
    pytest.param(language, example, id=f"{language}-{example.id}")
    for language in LANGUAGES
    for example in EXAMPLES
]
BESIDE = {"get", "poll_cluster_status", "poll_bucket_health", "deploy_cluster"}  # no operation's own


@pytest.fixture(scope="module")
def proofs(request: pytest.FixtureRequest, pool: Executor, programs: Programs) -> Mapping[str, Future[Proof]]:
    """All selected examples, by the test's name."""
    return ahead(
        request, pool, test_example, lambda language, example: Prover(programs, language, example).prove()
    )


@pytest.mark.parametrize(("language", "example"), CASES)
def test_example(
    request: pytest.FixtureRequest,
    conformance: Conformance,
    proofs: Mapping[str, Future[Proof]],
    language: Language,
    example: Example,
) -> None:
    """It shows what the API has, does what it promises, and fails in one clear line."""
    proof = proofs[request.node.name].result()
    conformance.results += proof.results
    failures = [result.detail for result in proof.results if result.outcome == "failed"]
    if language == "go":
        mirror = proofs.get(f"{test_example.__name__}[python-{example.id}]")
        if mirror and mirror.result().requests != proof.requests:
            failures.append(f"{example.id}: Python asks {mirror.result().requests}, Go {proof.requests}")
    if failures:
        pytest.fail("\n".join(failures), pytrace=False)


def test_every_example_is_proved() -> None:
    """Every operation has an example in both languages, and every example is run here."""
    description = yaml.safe_load((ROOT / "mock_server" / "api" / "openapi.yaml").read_text(encoding="utf-8"))
    operations = {
        re.sub(r"(?=[A-Z])", "_", operation["operationId"]).lower()
        for path in description["paths"].values()
        for operation in path.values()
        if "operationId" in operation
    }
    proved = {example.name for example in EXAMPLES}
    assert proved == operations | BESIDE
    scripts = {file.stem for file in (ROOT / "python").glob("*.py")}
    assert scripts == proved | {"signer"}
    folders = {file.parent.name for file in (ROOT / "go" / "examples").glob("*/main.go")}
    assert folders == {name.replace("_", "") for name in proved} | {"signer"}
