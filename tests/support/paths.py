"""The paths of the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
"""The root of the checkout."""

VECTORS: Final = ROOT / "vectors"
"""The vector files and their schemas."""
