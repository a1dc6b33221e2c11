"""Candidates are compared with a digest until the budget is used up, with pauses."""

from __future__ import annotations

import hmac
import threading
from typing import TYPE_CHECKING

import pytest

from mock_server.verifier.comparison import Comparison, Turns
from mock_server.verifier.hmac_key import Key
from mock_server.verifier.mistakes import Attempt
from mock_server.verifier.variants import Texts

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPT = Attempt(b"GET", b"/v2/clouds", b"1700000000000", b"A", b"secret")
BUDGET = 40_000_000
CANDIDATE = 700
LENGTH = len(ATTEMPT.text)


def mac(text: bytes, secret: bytes = b"secret") -> bytes:
    """The HMAC of a text."""
    return hmac.digest(secret, text, "sha256")


def comparison(digest: bytes, turns: Turns | None = None) -> Comparison:
    """A comparison with a digest."""
    return Comparison(ATTEMPT, digest, turns or Turns())


def test_what_is_found() -> None:
    """A text is found with its prefix, by any key; a key or a digest by its place."""
    texts = Texts(b"x", [b"a", b"b", b"c"])
    assert comparison(mac(b"xb")).find(texts) == b"xb"
    assert comparison(mac(b"b")).find(texts) is None
    assert comparison(mac(b"xb", b"other")).find(texts) is None
    assert comparison(mac(b"xb", b"other")).find(texts, Key(b"other")) == b"xb"
    keys = [Key(b"a"), Key(b"b"), Key(b"c")]
    assert comparison(mac(ATTEMPT.text, b"b")).find_key(keys) == 1
    assert comparison(mac(b"xb", b"b")).find_key(keys) is None
    assert comparison(b"two").place(iter([b"one", b"two", b"two"]), 3) == 1
    assert comparison(b"two").place(iter([b"one"]), 1) is None


def test_every_block_of_texts_is_compared() -> None:
    """Texts are compared a thousand at a time."""
    numbers = [b"%d" % number for number in range(2500)]
    for number in (0, 999, 1000, 1999, 2000, 2499):
        assert comparison(mac(b"%d" % number)).find(Texts(b"", numbers)) == b"%d" % number


def test_the_budget_at_its_edge() -> None:
    """A budget that is just enough is used whole. Then nothing is afforded, and the search was cut."""
    used = comparison(b"")
    assert used.affords(1, BUDGET - CANDIDATE)
    assert used.affords(0, 100)
    assert not used.cut
    assert not used.affords(1, 0)
    assert used.cut
    used = comparison(b"")
    used.cut = True
    assert used.affords(1, 0)
    assert used.cut
    used = comparison(b"")
    assert not used.affords(2, BUDGET // 2 - CANDIDATE + 1)
    assert used.cut


@pytest.mark.parametrize(
    ("use", "cost"),
    [
        (lambda used: used.find(Texts(b"x", [b"a"] * 10)), 10 * (CANDIDATE + LENGTH - 1)),
        (lambda used: used.find(Texts(b"x" * 1000, [b"a"] * 10)), 10 * CANDIDATE),
        (lambda used: used.find_key([Key(b"a")] * 10), 10 * (CANDIDATE + LENGTH)),
        (lambda used: used.place([b"a"] * 10, 10), 10 * (CANDIDATE + 3 * LENGTH)),
    ],
    ids=["texts", "texts with a long prefix", "keys", "digests"],
)
def test_what_candidates_cost(use: Callable[[Comparison], object], cost: int) -> None:
    """Each candidate costs 700, and one for each byte that is hashed."""
    for rest, afforded in ((BUDGET - cost, True), (BUDGET - cost + 1, False)):
        used = comparison(b"")
        assert use(used) is None
        assert used.affords(1, rest - CANDIDATE) is afforded


def test_nothing_is_compared_beyond_the_budget() -> None:
    """What would be found is not."""
    found: list[object] = []
    uses: tuple[Callable[[Comparison], object], ...] = (
        lambda used: used.find(Texts(b"", [b"a"])),
        lambda used: used.find_key([Key(b"secret")]),
        lambda used: used.place(iter([mac(ATTEMPT.text)]), 1),
    )
    for use in uses:
        used = comparison(mac(ATTEMPT.text))
        used.affords(1, BUDGET - CANDIDATE)
        found.append(use(used))
        assert used.cut
    assert found == [None, None, None]


@pytest.mark.parametrize(("threads", "pauses"), [(1, 0), (2, 1)])
def test_pauses(threads: int, pauses: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause comes before the candidate after each thousand, of any kind, if there is another thread."""
    monkeypatch.setattr(threading, "active_count", lambda: threads)
    paused: list[float] = []
    used = comparison(b"", Turns(pause=paused.append))
    used.find(Texts(b"", [b"a"] * 500))
    used.find_key([Key(b"a")] * 400)
    used.place([b"a"] * 100, 100)
    assert not paused
    for times in (1, 2):
        used.find(Texts(b"", [b"a"]))
        assert paused == [0.001] * pauses * times
        used.find(Texts(b"", [b"a"] * 1000))
        assert paused == [0.001] * pauses * times
    used.find(Texts(b"", [b"a"] * 5000))
    assert paused == [0.001] * pauses * 5
