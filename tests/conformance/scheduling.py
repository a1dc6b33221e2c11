"""Works ahead: every selected case of a test begins as soon as there is a processor for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor, Future

T = TypeVar("T")


def ahead(
    request: pytest.FixtureRequest, pool: Executor, test: Callable[..., None], job: Callable[..., T]
) -> Mapping[str, Future[T]]:
    """Submit a job for each selected item of `test`, with the item's parameters; by the item's name."""
    return {
        item.name: pool.submit(job, **item.callspec.params)
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == test.__name__
    }
