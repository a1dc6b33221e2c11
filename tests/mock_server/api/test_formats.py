"""CIDR blocks and durations."""

import pytest

from mock_server.api.formats import canonical_block, seconds_of


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("10.1.0.0/16", "10.1.0.0/16"),
        ("10.1.2.3/16", "10.1.0.0/16"),
        ("10.1.2.3", "10.1.2.3/32"),
        ("::1", "::1/128"),
        ("2001:DB8::1/32", "2001:db8::/32"),
        ("10.1.0.0/255.255.0.0", None),
        ("10.1.0.0/33", None),
        ("fe80::1%eth0", None),
        ("10.1.0.0/ 16", None),
        ("10.1.0", None),
        ("", None),
        ("x", None),
    ],
)
def test_blocks(text: str, block: str | None) -> None:
    """Netmasks and zones are no part of a block, though Python accepts them."""
    assert canonical_block(text) == block


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h0m0s", 3600),
        ("1h2m3s", 3723),
        ("90m", 5400),
        ("5s", 5),
        ("999999h", 999999 * 3600),
        ("0h0m0s", 0),
        ("", 0),
        ("1000000h", 0),
        ("5", 0),
        ("1d", 0),
        ("-1h", 0),
        ("1s1h", 0),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    """Each of the three parts is optional, but not all of them; zero is no duration."""
    assert seconds_of(text) == seconds
