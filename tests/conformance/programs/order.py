"""The order of the questions: each case once, at random, then a second pass that finds programs with a state.

The second pass asks some cases again, some of them directly after an input that must be refused, and some
with one field changed, for programs that keep an answer under too few fields. The seed and the cases
determine the order.
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from ..signatures.cases import SignatureVector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..settings.cases import SettingsVector
    from ..targets.cases import TargetVector

REPEATED = 24  # cases that are asked again
AFTER_REFUSALS = 5  # cases that are asked directly after a refusal
TWINS = 2  # cases that are asked with one field changed, then with another
FIELDS = ("method", "endpoint", "timestamp", "access_key", "secret")


@dataclass(frozen=True)
class Question:
    """One question to a program.

    Attributes:
        id: its id on the wire: that of the vector, with a dot and a suffix in the second pass.
        vector: what is asked and expected. If a field was changed, not the vector of the file.
        changed: the field that differs from the vector of the file.
    """

    id: str
    vector: SignatureVector | TargetVector | SettingsVector
    changed: str = ""

    @property
    def case(self) -> str:
        """The id of the vector."""
        return self.vector.id

    @property
    def fields(self) -> Mapping[str, object]:
        """The question as sent, without the id."""
        return self.vector.question()


def questions(
    vectors: Sequence[SignatureVector | TargetVector | SettingsVector], seed: int
) -> list[Question]:
    """Return the questions about these cases in the order of the seed."""
    random = Random(seed)  # noqa: S311  # an order, not a secret
    first = [Question(vector.id, vector) for vector in vectors]
    random.shuffle(first)
    blocks = [[vector] for vector in random.sample(vectors, min(REPEATED, len(vectors)))]
    signed = [
        each
        for each in vectors
        if isinstance(each, SignatureVector) and each.expected and not each.is_contested
    ]
    accepted = [vector for vector in vectors if not vector.refuse]
    refused = [vector for vector in vectors if vector.refuse]
    if accepted:
        blocks += [
            [vector, random.choice(accepted)]
            for vector in random.sample(refused, min(AFTER_REFUSALS, len(refused)))
        ]
    blocks += [list(_with_twins(vector)) for vector in random.sample(signed, min(TWINS, len(signed)))]
    random.shuffle(blocks)
    return [*first, *_numbered(vector for block in blocks for vector in block)]


def _with_twins(vector: SignatureVector) -> Iterator[SignatureVector]:
    """Yield the vector before, between and after its twins."""
    for field in FIELDS:
        yield vector
        yield twin(vector, field)
    yield vector


def _numbered(
    vectors: Iterator[SignatureVector | TargetVector | SettingsVector],
) -> Iterator[Question]:
    asked: dict[str, int] = {}
    for vector in vectors:
        asked[vector.id] = asked.get(vector.id, 1) + 1
        changed = vector.changed if isinstance(vector, SignatureVector) else ""
        yield Question(f"{vector.id}.{asked[vector.id]}", vector, changed)


def twin(vector: SignatureVector, field: str) -> SignatureVector:
    """Return a vector that differs in one field, with its message and signature."""
    text: str = getattr(vector, field)
    match field:
        case "method":
            other = "GET" if text != "GET" else "POST"
        case "endpoint":
            other = text + ("&x=1" if "?" in text else "?x=1")
        case "timestamp":
            other = "1" if text == "0" else text[:-1] + ("8" if text[-1] == "9" else "9")
        case _:
            other = text + "x"
    changed = replace(vector, changed=field, **{field: other})  # type: ignore[arg-type]  # fields of text
    message = f"{changed.method}\n{changed.endpoint}\n{changed.timestamp}"
    return replace(changed, message=message, expected=signature(changed))


def signature(vector: SignatureVector) -> str:
    """Return the signature of an input, also of one that must be refused."""
    message = f"{vector.method}\n{vector.endpoint}\n{vector.timestamp}".encode(errors="surrogatepass")
    digest = hmac.digest(vector.secret.encode(errors="surrogatepass"), message, "sha256")
    return base64.b64encode(digest).decode()
