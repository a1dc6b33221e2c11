"""The names of pytest's items, and which of them the options select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .examples.cases import EXAMPLES
from .faults.cases import CASES
from .programs.examples import LANGUAGES
from .shapes.cases import SHAPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

    from .selection import Selection
    from .vectors.suite import Suite, Vector

COMMAND_SOURCES = ("env-file", "env-example")  # where the commands of the README get their settings


def names() -> set[tuple[str, str]]:
    """Return the implementations and ids of all items that are not about vectors."""
    ids = [*(each.id for each in (*EXAMPLES, *CASES)), *COMMAND_SOURCES]
    return {(language, id_) for language in LANGUAGES for id_ in ids} | {
        ("shape", shape.id) for shape in SHAPES
    }


def is_selected(item: pytest.Item, chosen: Selection, suite: Suite) -> bool:
    """Return whether an item is selected: one about vectors if any of its vectors is."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    about_vectors: dict[str, tuple[str, Iterable[Vector]]] = {
        "test_refusals": ("", suite.refusals.vectors),
        "test_signatures": ("signer", suite.signatures),
        "test_targets": ("client", suite.targets),
        "test_targets_on_the_wire": ("language", suite.targets),
        "test_settings": ("client", suite.settings),
    }
    name = getattr(item, "originalname", "")
    if name in about_vectors:
        parameter, vectors = about_vectors[name]
        program = parameters.get(parameter, "mock")
        return any(chosen.selects(getattr(program, "name", program), vector) for vector in vectors)
    return not (chosen.flags or chosen.codes) and chosen.matches(*_name(item, parameters))


def _name(item: pytest.Item, parameters: dict[str, object]) -> tuple[str, str]:
    """Return the implementation and the id of an item that is not about vectors."""
    for parameter in ("example", "case", "shape"):
        if parameter in parameters:
            id_ = parameters[parameter].id  # type: ignore[attr-defined]  # all three have one
            return str(parameters.get("language", "shape")), id_
    if "source" in parameters:
        return parameters["command"].language, str(parameters["source"])  # type: ignore[attr-defined]  # a Command
    return "", item.name
