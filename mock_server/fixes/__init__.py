"""Short code examples: each does one aspect of signing correctly, in five languages.

Each aspect has a Markdown file: its heading gives the rule, and each fenced block is the code of a
language. The code of all six aspects, one after the other, is a whole signer: ``method``, ``endpoint``,
``timestamp``, ``frame``, ``secret``, ``digest``. These names are given: ``verb``, ``address`` (the URL),
the access key, and in JavaScript ``headers``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from mock_server.verifier.mistakes import ASPECTS as CATALOGUE
from mock_server.verifier.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

ASPECTS: Final = ("method", "endpoint", "timestamp", "frame", "secret", "digest")
"""The aspects of signing, in the order in which a signer does them."""

LANGUAGES: Final = {"python": "Python", "go": "Go", "js": "JavaScript", "java": "Java", "sh": "Shell"}
"""The name in a fenced block -> the name of the language."""

_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


ASPECT_OF_MISTAKE: Final = {
    **{shape.name: "digest" for shape in SHAPES},
    **{mistake.name: aspect.name for aspect in CATALOGUE for mistake in aspect.makers},
}
"""The aspect of each mistake in a signature."""

ASPECT_OF_CODE: Final = {
    "authorization_missing": "digest",
    "authorization_scheme": "digest",
    "authorization_malformed": "digest",
    "signature_encoding": "digest",
    "timestamp_missing": "timestamp",
    "timestamp_malformed": "timestamp",
    "timestamp_unit": "timestamp",
    "access_key_unknown": "secret",
}
"""The aspect of a code whose mistake is not in the catalogue."""


def aspects_of(code: str, mistake: str) -> list[str]:
    """Return the aspects that a refusal with this code and these mistakes, joined by `+`, concerns."""
    names = [
        ASPECT_OF_MISTAKE.get(each) or ASPECT_OF_CODE.get(each) or ASPECT_OF_CODE.get(code)
        for each in mistake.split("+")
    ]
    return [name for name in dict.fromkeys(names) if name]


def title(aspect: str) -> str:
    """Return the rule of an aspect, as one sentence."""
    return _page(aspect).partition("\n")[0].removeprefix("# ")


@cache
def of(aspect: str) -> Mapping[str, str]:
    """Return the code of an aspect by the name of its language."""
    return {LANGUAGES[name]: code for name, code in _BLOCK.findall(_page(aspect))}


@cache
def _page(aspect: str) -> str:
    return resources.files(__name__).joinpath(f"{aspect}.md").read_text(encoding="utf-8")
