"""Text that must not be shown."""

import hmac
from collections.abc import Callable
from typing import NoReturn, Self

HIDDEN = "[secret]"


class Secret:
    """Holds text that is never shown: `str`, `repr`, f-strings and logging show "[secret]".

    JSON and pickle refuse it, and a copy is the secret itself. The text is inside a function, where a
    debugger or an error report that lists attributes does not find it.

    Args:
        text: the text to hide.
    """

    __slots__ = ("_reveal",)

    _reveal: Callable[[], str]

    def __init__(self, text: str = "") -> None:
        """Hide the text."""
        self._reveal = lambda: text

    def reveal(self) -> str:
        """Return the text. Call it where the text is used, and store no copy."""
        return self._reveal()

    def __bool__(self) -> bool:
        """Return whether the text is not empty."""
        return bool(self.reveal())

    def __eq__(self, other: object) -> bool:
        """Return whether both texts are the same; the time it takes does not depend on the texts."""
        if not isinstance(other, Secret):
            return NotImplemented
        this, that = (secret.reveal().encode(errors="surrogatepass") for secret in (self, other))
        return hmac.compare_digest(this, that)

    def __hash__(self) -> int:
        """Return the same number for every secret, so that it reveals nothing."""
        return hash(Secret)

    def __repr__(self) -> str:
        """Return "[secret]"."""
        return HIDDEN

    def __copy__(self) -> Self:
        """Return the secret itself."""
        return self

    def __deepcopy__(self, _: object) -> Self:
        """Return the secret itself."""
        return self

    def __reduce__(self) -> NoReturn:
        """Refuse pickle, which would write the text."""
        raise TypeError("a secret cannot be pickled")
