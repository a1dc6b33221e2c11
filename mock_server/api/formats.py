"""Text formats of the API that its description does not define: CIDR blocks and durations."""

import ipaddress
import re

_CIDR = re.compile(r"[0-9A-Fa-f:.]+(/[0-9]+)?")
# Hours, minutes and seconds as in the vendor's example, `1h0m0s`; each of the three is optional.
_DURATION = re.compile(r"(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")


def canonical_block(text: str) -> str | None:
    """Return a CIDR block in canonical form, or None if the text is not one.

    Host bits are cleared; an address alone is a block of one.
    """
    if not _CIDR.fullmatch(text):  # ip_network also accepts netmasks and IPv6 zones
        return None
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return None


def seconds_of(duration: str) -> int:
    """Return the seconds of a duration such as `1h0m0s`, or 0 if the text is not one."""
    match = _DURATION.fullmatch(duration)
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds
