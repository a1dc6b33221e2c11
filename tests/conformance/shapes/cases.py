"""Every shape."""

from __future__ import annotations

from typing import Final

from tests.conformance.shapes.cursors import CURSORS
from tests.conformance.shapes.lists import LISTS
from tests.conformance.shapes.objects import OBJECTS

SHAPES: Final = (*LISTS, *CURSORS, *OBJECTS)
