"""Every shape, run against the examples of both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conformance.shapes.cases import SHAPES

if TYPE_CHECKING:
    from tests.conformance.jobs import Jobs
    from tests.conformance.shapes.shape import Shape
    from tests.conformance.state import RunState


@pytest.mark.parametrize("shape", [pytest.param(shape, id=f"shape-{shape.id}") for shape in SHAPES])
def test_shape(
    request: pytest.FixtureRequest,
    state: RunState,
    jobs: Jobs,
    shape: Shape,
) -> None:
    """Both languages print the same bytes with the same exit code, or fail with the same message."""
    name = request.node.name
    results = state.wait_for(jobs.shape_results[name], lambda: jobs.activity(name))
    state.record(*results[shape.id])


def test_ids() -> None:
    """Every id is unique, and every shape has exactly one outcome."""
    assert len({shape.id for shape in SHAPES}) == len(SHAPES)
    assert all(bool(shape.shows) != bool(shape.reason) for shape in SHAPES)
