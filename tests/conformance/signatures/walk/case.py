"""One generated signature vector, and its cell in the table of the walk."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass

TIMESTAMP = "1700000000123"


@dataclass(frozen=True, slots=True)
class Case:
    """The fields of a signature vector. `damage` and `fields` are its row and its columns in the table.

    `refused` says that a signer must refuse the input.
    """

    id: str
    about: str
    flag: str
    damage: str
    fields: tuple[str, ...]
    method: str = "GET"
    endpoint: str = "/v2/clouds"
    timestamp: str = TIMESTAMP
    secret: str = "my secret key"
    access_key: str = "A"
    refused: bool = False

    @property
    def message(self) -> str:
        """The text to sign."""
        return f"{self.method}\n{self.endpoint}\n{self.timestamp}"

    @property
    def digest(self) -> bytes:
        """The HMAC of the message."""
        return hmac.digest(self.secret.encode("utf-8"), self.message.encode("utf-8"), "sha256")

    @property
    def expected(self) -> str:
        """The signature."""
        return base64.b64encode(self.digest).decode("ascii")
