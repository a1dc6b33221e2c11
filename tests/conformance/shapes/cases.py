"""Every shape."""

from __future__ import annotations

from typing import Final

from tests.conformance.shapes.cursors import CURSORS
from tests.conformance.shapes.lists import LISTS
from tests.conformance.shapes.locations import LOCATIONS
from tests.conformance.shapes.objects import OBJECTS
from tests.conformance.shapes.texts import TEXTS

SHAPES: Final = (*LISTS, *CURSORS, *OBJECTS, *LOCATIONS, *TEXTS)
