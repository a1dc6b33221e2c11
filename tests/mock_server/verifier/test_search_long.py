"""Long requests: what the search leaves out, and that the message says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mock_server.verifier import comparison, mistakes, search
from tests.mock_server.verifier.wrong_signatures import ACCESS, NOW, SECRET, b64, mac, message, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

CUT = "the request is long"
ATTEMPT = mistakes.Attempt(b"GET", b"/v2/clouds", str(NOW).encode(), ACCESS.encode(), SECRET.encode())
UNEXPLAINED = b64(mac("quite another text")).encode()


@pytest.mark.parametrize(
    ("signed", "name"),
    [
        (lambda sent: sent.replace("%", "%25"), "endpoint_double_encoded"),
        (lambda sent: sent.replace("%c3%a9", "%C3%A9"), "endpoint_percent_case"),
        (lambda sent: sent.replace("%20", " "), "endpoint_decoded"),
    ],
)
def test_long_targets_are_not_rewritten(signed: Callable[[str], str], name: str) -> None:
    """Up to 4,096 bytes a rewritten target is told apart; above, nobody waits for it and none is named."""
    escapes = "/v2/%20%c3%a9"
    for length, expected in ((4096, name), (4097, "signature_mismatch"), (65_000, "signature_mismatch")):
        sent = escapes + "x" * (length - len(escapes))
        assert refuse(b64(mac(message(signed(sent)))), sent).mistake == expected
        assert refuse(b64(mac(message(sent, method="PUT"))), sent).mistake == "method_differs"


def test_a_long_request_uses_the_budget_up() -> None:
    """Pairs that cost little are found in any target; where others were left out, the message says so."""
    for length, name in ((1024, "endpoint_without_query+message_encoding"), (4096, "signature_mismatch")):
        sent = "/v3/clusters?".ljust(length, "x")
        assert refuse(b64(mac(f"GET\n/v3/clusters\n{NOW // 1000}")), sent).mistake == (
            "endpoint_without_query+timestamp_signed_differs"
        )
        refused = refuse(b64(mac(f"GET\n/v3/clusters\n{NOW}".encode("utf-16-le"))), sent)
        assert refused.mistake == name
        assert ("the request is long" in refused.message) is (name == "signature_mismatch")


@pytest.mark.parametrize(
    ("method", "target", "is_long"),
    [
        (b"M" * 64, b"/v2/clouds", False),
        (b"M" * 65, b"/v2/clouds", True),
        (b"GET", b"/".ljust(512, b"x"), False),
        (b"GET", b"/".ljust(513, b"x"), True),
        (b"M" * 65, b"/".ljust(4097, b"x"), True),
    ],
)
def test_a_message_says_that_the_request_is_long(method: bytes, target: bytes, *, is_long: bool) -> None:
    """If nothing explains the signature, the message says whether something was left out."""
    found = search.explain(replace(ATTEMPT, method=method, target=target), UNEXPLAINED)
    assert found.name == "signature_mismatch"
    assert (CUT in found.message) is is_long


def test_another_reading_of_the_clock_is_found_in_a_long_request() -> None:
    """A long method does not prevent it, and two mistakes at once are not looked for."""
    method = "M" * 65
    attempt = replace(ATTEMPT, method=method.encode())
    later = b64(mac(f"{method}\n/v2/clouds\n{NOW + 7}")).encode()
    assert search.explain(attempt, later).name == "timestamp_signed_differs"
    both = b64(mac(f"{method}\n/v2/clouds?\n{NOW // 1000}")).encode()
    assert search.explain(attempt, both).name == "signature_mismatch"


def test_a_message_says_all_that_was_left_out() -> None:
    """The request is long, and other searches were running."""
    turns = comparison.Turns(patience=0.01)
    with turns.deep:
        found = search.explain(replace(ATTEMPT, target=b"/".ljust(600, b"x")), UNEXPLAINED, turns)
    assert "other searches were running" in found.message
    assert CUT in found.message
