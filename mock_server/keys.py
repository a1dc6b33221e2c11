"""The keys that the mock accepts: those at start, or those that a request to ``/_mock/keys`` installed."""

from __future__ import annotations

import re
import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mock_server.visible import Mask

if TYPE_CHECKING:
    from collections.abc import Mapping

_USAGE: Final = 'send {"keys": {"ACCESS_KEY": "SECRET_KEY", ...}}'
_ACCESS_KEY: Final = re.compile("[!-9;=?-~]+")


class KeysError(ValueError):
    """Raised for keys that cannot be installed. The message is one line, and contains no secret key."""


def is_access_key(text: str) -> bool:
    """Return whether a text is an access key: visible ASCII except `:`, `<` and `>`."""
    return _ACCESS_KEY.fullmatch(text) is not None


class Keys:
    """The keys of a server. Thread-safe."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """Install the keys at start: access key -> secret key."""
        self._first = MappingProxyType(dict(keys))
        self._lock = threading.Lock()
        self._current = self._first
        self._former: Mapping[str, str] = MappingProxyType({})
        self._mask = Mask(*keys.values())

    @property
    def current(self) -> Mapping[str, str]:
        """The keys as they are now: access key -> secret key. A later change gives another mapping."""
        return self._current

    @property
    def former(self) -> Mapping[str, str]:
        """The last secret key that each access key had before: access key -> secret key."""
        return self._former

    @property
    def mask(self) -> Mask:
        """Replaces each secret key that was ever installed, a revoked one too."""
        return self._mask

    def replace(self, value: object) -> None:
        """Replace all keys by those of a JSON value: ``{"keys": {ACCESS_KEY: SECRET_KEY, ...}}``.

        Raises:
            KeysError: the value has another form, or a key is invalid. The keys are unchanged.
        """
        keys = _checked(value)
        with self._lock:
            self._mask = self._mask.extended(*keys.values())
            self._install(MappingProxyType(keys))

    def reset(self) -> None:
        """Restore the keys at start."""
        with self._lock:
            self._install(self._first)

    def _install(self, keys: MappingProxyType[str, str]) -> None:
        replaced = {key: secret for key, secret in self._current.items() if keys.get(key) != secret}
        self._former = MappingProxyType({**self._former, **replaced})
        self._current = keys

    def as_json(self) -> dict[str, list[str]]:
        """Return the access keys alone."""
        return {"keys": list(self._current)}


def _checked(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or list(value) != ["keys"] or not isinstance(value["keys"], dict):
        raise KeysError(f'the body is not an object with the key "keys" alone: {_USAGE}')
    for number, (access_key, secret_key) in enumerate(value["keys"].items(), start=1):
        # A message that quotes the key could show a secret key in its place.
        if not is_access_key(access_key):
            raise KeysError(
                f"access key {number}: only visible ASCII except `:`, `<` and `>` is allowed: {_USAGE}"
            )
        if not isinstance(secret_key, str) or not secret_key:
            raise KeysError(f"the secret key of access key {number} is empty or no text: {_USAGE}")
    return dict(value["keys"])
