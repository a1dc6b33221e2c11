"""The catalogue of mistakes: explained.yaml has what each mistake explains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.verifier.mistakes import ASPECTS, Attempt
from mock_server.verifier.mistakes.digest import HMAC, Digest
from mock_server.verifier.mistakes.layouts import RIGHT, Frame

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("explained.yaml").read_text(encoding="utf-8")
)


def as_bytes(value: str | bytes) -> bytes:
    """A text of the file in UTF-8; bytes as they are."""
    return value.encode() if isinstance(value, str) else value


def attempt(request: dict[str, Any], *, thorough: bool) -> Attempt:
    """An attempt to sign with these fields, and with default values of the others."""
    fields: dict[str, Any] = {
        "method": "GET",
        "target": "/v2/clouds",
        "timestamp": "1700000000123",
        "access_key": "acc-key",
        "secret": "secret",
        "body": "",
        "host": "api.example.com:8080",
    } | request
    recent = tuple(map(as_bytes, fields.pop("recent", ())))
    values = {name: as_bytes(value) for name, value in fields.items()}
    return Attempt(**values, recent=recent, thorough=thorough)


def explained(aspect_name: str, sent: Attempt) -> dict[bytes, str]:
    """Every wrong value of an aspect, with its mistake. A frame is filled in, and a digest is made."""
    (aspect,) = (aspect for aspect in ASPECTS if aspect.name == aspect_name)
    rights: dict[str, Any] = {
        "endpoint": sent.target,
        "method": sent.method,
        "timestamp": sent.timestamp,
        "frame": RIGHT,
        "secret": sent.secret,
        "digest": HMAC,
    }
    names: dict[bytes, str] = {}
    for value, mistake in aspect.variants(sent, rights[aspect_name]).items():
        if isinstance(value, Frame):
            wrong = value.text(sent.method, sent.target, sent.timestamp)
        elif isinstance(value, Digest):
            wrong = value.make(sent.secret, sent.text)
        else:
            wrong = value
        names.setdefault(wrong, mistake.name)
    return names


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['aspect']} {case['request']}"[:60])
def test_a_mistake_explains(case: dict[str, Any]) -> None:
    """Each text is explained by its mistake, and rare ones only where one mistake is looked for."""
    common = explained(case["aspect"], attempt(case["request"], thorough=False))
    every = explained(case["aspect"], attempt(case["request"], thorough=True))
    for found, kind in ((common, "common"), (every, "rare")):
        for mistake, texts in case.get(kind, {}).items():
            assert {as_bytes(text): found.get(as_bytes(text)) for text in texts} == {
                as_bytes(text): mistake for text in texts
            }
    for found, kind in ((common, "only_rare"), (every, "unexplained")):
        assert [text for text in case.get(kind, ()) if as_bytes(text) in found] == []
