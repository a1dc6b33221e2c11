"""Every example of both languages: its output, its changes, and its failures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.conformance.examples.cases import EXAMPLES, Example
from tests.conformance.programs.examples import LANGUAGES, Language
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from tests.conformance.jobs import Jobs
    from tests.conformance.state import RunState

CASES = [
    pytest.param(language, example, id=f"{language}-{example.id}")
    for language in LANGUAGES
    for example in EXAMPLES
]
WITHOUT_OPERATION = {"get", "poll_cluster_status", "poll_bucket_health", "deploy_cluster"}


@pytest.mark.parametrize(("language", "example"), CASES)
def test_example(
    request: pytest.FixtureRequest,
    state: RunState,
    jobs: Jobs,
    language: Language,
    example: Example,
) -> None:
    """The example shows the API's data and makes its change; an error becomes one clear line."""
    name = request.node.name
    report = state.wait_for(jobs.example_reports[name], lambda: jobs.activity(name))
    state.record(*report.results)
    if language == "go":
        python = f"{test_example.__name__}[python-{example.id}]"
        if python in jobs.example_reports:
            mirror = state.wait_for(jobs.example_reports[python], lambda: jobs.activity(python))
            if mirror.requests != report.requests:
                why = f"{example.id}: Python requests {mirror.requests}, Go {report.requests}"
                pytest.fail(why, pytrace=False)


def test_every_operation_has_an_example() -> None:
    """Every operation has an example in both languages, and every example has a case here."""
    description = yaml.safe_load((ROOT / "mock_server" / "api" / "openapi.yaml").read_text(encoding="utf-8"))
    operations = {
        re.sub(r"(?=[A-Z])", "_", operation["operationId"]).lower()
        for path in description["paths"].values()
        for operation in path.values()
        if "operationId" in operation
    }
    names = {example.name for example in EXAMPLES}
    assert names == operations | WITHOUT_OPERATION
    scripts = {file.stem for file in (ROOT / "python").glob("*.py")}
    assert scripts == names | {"signer"}
    folders = {file.parent.name for file in (ROOT / "go" / "examples").glob("*/main.go")}
    assert folders == {name.replace("_", "") for name in names} | {"signer"}
