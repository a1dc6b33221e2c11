"""Reads one line of a program's output: the answer to one question, or how it violates the protocol."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 120  # bytes of a line quoted in a message

Ask = Literal["sign", "target", "settings"]

# The fields of a complete answer to each question; the first is the one that a message names.
FIELDS: dict[str, tuple[str, ...]] = {
    "sign": ("signature",),
    "target": ("target",),
    "settings": ("base_url", "access_key", "secret_key"),
}
OPTIONAL = {"sign": ("authorization",)}

Kind = Literal[
    "not-found",  # the program does not exist
    "not-startable",  # the system refuses to start the program
    "crash",  # an exit code other than 0
    "signal",  # killed by a signal
    "hang",  # silent for longer than the limit
    "missing-answer",  # exit code 0, but a question has no answer
    "chatter",  # a line on stdout that is not a JSON object
    "not-json",  # a line that begins like a JSON object, but is not valid JSON
    "endless-line",  # a line longer than the limit
    "unknown-id",  # an answer to a question that was not asked
    "repeated-id",  # a second answer to one question
    "wrong-shape",  # an answer with a missing field, or a field of the wrong type
    "given-up",  # the program failed too often, so the question was not asked
]


@dataclass(frozen=True)
class ProgramFailure:
    """How a program violated the protocol.

    Attributes:
        kind: one word; `detail` explains it in one line.
        reason: what failures with one cause have in common, such as the exit code.
        stderr: lines of stderr that belong to it.
        whole: whether all answers are missing for this reason, so that no question is to blame.
    """

    kind: Kind
    detail: str
    reason: str = ""
    stderr: tuple[str, ...] = ()
    whole: bool = False

    @property
    def cause(self) -> str:
        """The kind, and the reason if there is one."""
        return f"{self.kind} ({self.reason})" if self.reason else self.kind

    def __str__(self) -> str:
        """Return the kind and the detail in one line."""
        return f"{self.kind}: {self.detail}"


@dataclass(frozen=True)
class Answer:
    """One answer, and the seconds of silence before it.

    Exactly one of `fields`, `refused`, `cannot` and `failure` is set. `raw` is the object as received.
    """

    raw: Mapping[str, object]
    seconds: float
    fields: Mapping[str, str] = field(default_factory=dict)  # those of a complete answer
    refused: str | None = None
    names: tuple[str, ...] | None = None  # with `refused`, for settings
    cannot: str | None = None
    failure: ProgramFailure | None = None

    @property
    def signature(self) -> str | None:
        """The signature."""
        return self.fields.get("signature")

    @property
    def authorization(self) -> str | None:
        """The value of the Authorization header."""
        return self.fields.get("authorization")

    @property
    def target(self) -> str | None:
        """The request target."""
        return self.fields.get("target")


def read_answer(message: Mapping[str, object], seconds: float, ask: str = "sign") -> Answer:
    """Return the answer of a message; one that violates the protocol becomes an answer with a failure.

    Fields that are null, and fields that the protocol does not know, are ignored.
    """
    given = {name: value for name, value in message.items() if value is not None}
    required = FIELDS[ask]
    kinds = [name for name in required if name in given][:1]
    kinds += [name for name in ("refused", "cannot") if name in given]
    if len(kinds) != 1:
        wanted = f"{required[0]}, refused, cannot"
        return _wrong(message, seconds, f"needs exactly one of {wanted}; has {' and '.join(kinds) or 'none'}")
    if kinds[0] in required:
        if missing := [name for name in required if name not in given]:
            return _wrong(message, seconds, f"has no {' and no '.join(missing)}")
        names = [name for name in (*required, *OPTIONAL.get(ask, ())) if name in given]
    else:
        names = kinds
    if other := [name for name in names if not isinstance(given[name], str)]:
        return _wrong(message, seconds, f"{', '.join(other)} is not a string")
    texts = {name: str(given[name]) for name in names}
    if kinds[0] == "cannot":
        return Answer(message, seconds, cannot=texts["cannot"])
    if kinds[0] == "refused":
        return _refusal(message, seconds, texts["refused"], given.get("names") if ask == "settings" else None)
    return Answer(message, seconds, fields=texts)


def _refusal(message: Mapping[str, object], seconds: float, why: str, names: object) -> Answer:
    if names is None:
        return Answer(message, seconds, refused=why)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return _wrong(message, seconds, "names is not a list of strings")
    return Answer(message, seconds, refused=why, names=tuple(names))


def _wrong(message: Mapping[str, object], seconds: float, problem: str) -> Answer:
    detail = f"{problem}: {quoted(json.dumps(message).encode())}"
    return Answer(message, seconds, failure=ProgramFailure("wrong-shape", detail))


def quoted(line: bytes) -> str:
    """Return the beginning of a program's line in quotes, with every character printable."""
    more = f" and {len(line) - SHOWN} more bytes" if len(line) > SHOWN else ""
    text = json.dumps(line[:SHOWN].decode(errors="backslashreplace")).replace("\x7f", r"\u007f")
    return text + more
