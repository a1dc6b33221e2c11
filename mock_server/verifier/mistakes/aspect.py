"""The terms of the catalogue: an attempt to sign, an aspect of it, a mistake in that aspect."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Value = TypeVar("Value")

LONG: Final = 4096
"""Bytes of a target above which its rewritten forms are not tried: an explanation must stay cheap."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request whose signature does not match, and what else could have been signed in its place.

    All text is bytes as received; ``secret`` is the right secret key, in UTF-8.
    """

    method: bytes
    target: bytes
    timestamp: bytes
    access_key: bytes
    secret: bytes = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    host: bytes = b""
    recent: tuple[bytes, ...] = ()
    """The timestamps of earlier requests with the same access key, newest first."""
    thorough: bool = True
    """Whether rare variants are wanted too; where two mistakes are looked for, the common ones must do."""

    @property
    def text(self) -> bytes:
        """The text that the rule signs."""
        return b"\n".join((self.method, self.target, self.timestamp))

    @property
    def path(self) -> bytes:
        """The target up to its query."""
        return self.target.partition(b"?")[0]

    @property
    def query(self) -> bytes:
        """The query with its question mark, or nothing."""
        return self.target[len(self.path) :]

    def hastily(self) -> Attempt:
        """Return the same attempt without its rare variants."""
        return replace(self, thorough=False)

    def sending(self, target: bytes) -> Attempt:
        """Return the same attempt with another target."""
        return replace(self, target=target)


class Mistake(NamedTuple):
    """A way to sign wrongly: its name, and a message that says what was signed and how to correct it."""

    name: str
    message: str


class Aspect(Generic[Value]):
    """One part of signing that can be wrong by itself, and the mistakes in it, in order of precedence.

    A mistake is registered by decorating the function that yields its variants: the values that the wrong
    signer uses in place of the right one. Yielding the right value is harmless.
    """

    def __init__(self, name: str) -> None:
        """Create an aspect without mistakes."""
        self.name: Final = name
        self.makers: Final[dict[Mistake, Callable[[Attempt], Iterator[Value]]]] = {}
        self._fixed: Final[set[Mistake]] = set()
        self._made: Final[dict[bool, dict[Value, Mistake]]] = {}

    def mistake(
        self, name: str, message: str, *, fixed: bool = False
    ) -> Callable[[Callable[[Attempt], Iterator[Value]]], Callable[[Attempt], Iterator[Value]]]:
        """Register the decorated function as the variants of a mistake.

        Args:
            name: the name of the mistake.
            message: what was signed, and how to correct it.
            fixed: the variants depend on ``attempt.thorough`` alone, so they are made once.
        """

        def register(maker: Callable[[Attempt], Iterator[Value]]) -> Callable[[Attempt], Iterator[Value]]:
            mistake = Mistake(name, message)
            self.makers[mistake] = maker
            if fixed:
                self._fixed.add(mistake)
            return maker

        return register

    def named(self, name: str) -> Mistake:
        """Return the mistake with this name."""
        return next(mistake for mistake in self.makers if mistake.name == name)

    def variants(self, attempt: Attempt, right: Value) -> dict[Value, Mistake]:
        """Return each wrong value once, with the first mistake that gives it."""
        found = self._fixed_variants(attempt).copy()
        later = self._fixed.copy()  # the mistakes with fixed variants that have a lower precedence
        for mistake, maker in self.makers.items():
            if mistake in self._fixed:
                later.discard(mistake)
                continue
            for value in maker(attempt):
                if found.setdefault(value, mistake) in later:
                    found[value] = mistake
        found.pop(right, None)
        return found

    def _fixed_variants(self, attempt: Attempt) -> dict[Value, Mistake]:
        if attempt.thorough not in self._made:
            found: dict[Value, Mistake] = {}
            for mistake, maker in self.makers.items():
                if mistake in self._fixed:
                    for value in maker(attempt):
                        found.setdefault(value, mistake)
            self._made[attempt.thorough] = found
        return self._made[attempt.thorough]
