"""The walk: for each field of a signer's input, everything that can go wrong in it.

`generate.py` writes the cases to `vectors/signatures.yaml`. `tests/conformance/walk.py` makes the table of
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.signatures.walk import characters, digests, endpoints, refused, sizes, texts

if TYPE_CHECKING:
    from tests.conformance.signatures.walk.case import Case

SECTIONS: dict[str, tuple[Case, ...]] = {
    "Secrets: characters of every class, at the start, in the middle and at the end": tuple(
        characters.secrets()
    ),
    "Secrets: punctuation, texts that a program treats specially, texts of other types": tuple(
        texts.secrets()
    ),
    "Endpoints: escapes, the last character, parts, names": tuple(endpoints.cases()),
    "Methods, timestamps and access keys of other types": tuple(texts.others()),
    "Sizes: just below, at and above the limits of buffers and blocks": tuple(sizes.cases()),
    "Digests and signatures: bytes that text functions change": tuple(digests.cases()),
    "Refused: characters of every class, at the start, in the middle and at the end": tuple(
        characters.refusals()
    ),
    "Refused: visible characters, and the form of a whole field": tuple(refused.cases()),
}

CASES: tuple[Case, ...] = tuple(case for section in SECTIONS.values() for case in section)
