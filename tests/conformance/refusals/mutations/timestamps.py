"""Timestamps that are malformed, in another unit, or outside the window."""

from __future__ import annotations

from tests.conformance.refusals.mutations.request import refused, sends, signs_and_sends

MALFORMED = "timestamp_malformed"


# Tables: each entry has one or two lines.
# fmt: off
# The signature fits the number in these texts. A verifier that parses and formats the number accepts them.
CLEANED = (
    *refused("timestamp_malformed", "format",
        ("get-clouds", "cleaned-leading-zero", "a leading zero; signed without it",
         sends(timestamp="01700000000123")),
        ("get-clouds", "cleaned-plus", "a plus sign; signed without it",
         sends(timestamp="+1700000000123")),
        ("get-clouds", "cleaned-fraction", "a fraction; signed without it",
         sends(timestamp="1700000000123.0")),
        ("get-query", "cleaned-inner-space", "a space inside; signed without it",
         sends(timestamp="1700000 000123")),
        ("get-clouds", "cleaned-underscore", "an underscore inside; signed without it",
         sends(timestamp="1_700_000_000_123")),
        ("get-clouds", "cleaned-comma", "commas between thousands; signed without them",
         sends(timestamp="1,700,000,000,123")),
        ("get-clouds", "cleaned-exponent", "an exponent; signed as digits",
         sends(timestamp="1.700000000123e12")),
        ("get-clouds", "cleaned-hex", "hex with 0x; signed as decimal digits",
         sends(timestamp="0x18BCFE5687B")),
        ("get-clouds", "cleaned-quotes", "in quotes; signed without them",
         sends(timestamp='"1700000000123"')),
        ("get-clouds", "cleaned-unit", "the unit ms at the end; signed without it",
         sends(timestamp="1700000000123ms")),
        ("get-clouds", "cleaned-list", "the same number twice, with a comma",
         sends(timestamp="1700000000123, 1700000000123")),
        ("get-query", "cleaned-no-break-space", "the byte 0xA0 at the end",
         sends(timestamp="1700000000123\u00a0")),
    ),
)

# The signature fits these texts. A verifier that parses them leniently accepts them.
ODD = (
    *refused("timestamp_malformed", "format",
        ("get-clouds", "signed-leading-zero", "a leading zero, signed as sent",
         signs_and_sends(timestamp="01700000000123")),
        ("get-clouds", "signed-plus", "a plus sign, signed as sent",
         signs_and_sends(timestamp="+1700000000123")),
        ("post-project", "signed-fraction", "seconds with a fraction, signed as sent",
         signs_and_sends(timestamp="1700000000.123")),
        ("get-clouds", "signed-underscore", "an underscore inside, signed as sent",
         signs_and_sends(timestamp="1_700_000_000_123")),
        ("get-clouds", "signed-negative", "a minus sign", signs_and_sends(timestamp="-1700000000123")),
        ("get-clouds", "signed-superscript", "a superscript 2, which some libraries accept as a digit",
         signs_and_sends(timestamp="170000000012\u00b2")),
        ("get-clouds", "signed-iso-date", "a date in ISO 8601",
         signs_and_sends(timestamp="2023-11-14T22:13:20.123Z")),
        ("get-clouds", "signed-not-a-number", "NaN, from JavaScript",
         signs_and_sends(timestamp="NaN")),
        ("get-clouds", "timestamp-empty", "an empty header", signs_and_sends(timestamp="")),
    ),
    *refused("timestamp_malformed", "policy",
        ("get-clouds", "timestamp-20-digits", "20 digits, more than any unit has",
         signs_and_sends(timestamp="17000000000000000000")),
    ),
    *refused("timestamp_malformed", "format",
        ("get-clouds", "timestamp-double-zero", "00 instead of 0", signs_and_sends(timestamp="00")),
    ),
)

UNIT = (
    *refused("timestamp_unit", "contested",
        ("get-clouds", "seconds", "seconds, as the vendor's Go sample and Vault plugin send them",
         signs_and_sends(timestamp="1700000000")),
        ("get-query", "seconds-with-query", "seconds, as 8 of 34 public clients send them",
         signs_and_sends(timestamp="1700000000")),
        ("post-project", "seconds-post", "seconds, in a POST",
         signs_and_sends(timestamp="1700000000")),
    ),
    *refused("timestamp_unit", "policy",
        ("get-clouds", "seconds-sent-milliseconds-signed", "seconds in the header, milliseconds signed",
         sends(timestamp="1700000000")),
        ("get-clouds", "seconds-9-digits", "seconds before September 2001",
         signs_and_sends(timestamp="999999999")),
        ("get-clouds", "microseconds", "microseconds: 16 digits",
         signs_and_sends(timestamp="1700000000123000")),
        ("get-clouds", "nanoseconds", "nanoseconds: 19 digits",
         signs_and_sends(timestamp="1700000000123000000")),
    ),
)

WINDOW = (
    *refused("timestamp_stale", "policy",
        ("get-clouds", "stale-by-1-ms", "a millisecond past the window",
         signs_and_sends(timestamp="1699999700122")),
        ("get-query", "stale-by-an-hour", "an hour old, because of a time zone or a queue",
         signs_and_sends(timestamp="1699996400123")),
        ("get-clouds", "stale-by-2-to-the-32", "2^32 ms old: the difference is 0 in 32 bits",
         signs_and_sends(timestamp="1695705032827")),
        ("get-clouds", "stale-zero", "0, from a clock that was never set", signs_and_sends(timestamp="0")),
        ("get-clouds", "stale-8-digits", "8 digits, which is no unit: a stale timestamp",
         signs_and_sends(timestamp="17000000")),
        ("post-project", "stale-11-digits", "11 digits, which is no unit: a stale timestamp",
         signs_and_sends(timestamp="17000000000")),
        ("get-clouds", "stale-12-digits", "12 digits, which is no unit: a stale timestamp",
         signs_and_sends(timestamp="170000000000")),
    ),
    *refused("timestamp_future", "policy",
        ("get-clouds", "future-by-1-ms", "a millisecond past the window",
         signs_and_sends(timestamp="1700000300124")),
        ("get-query", "future-by-an-hour", "an hour ahead, because of a time zone or a wrong clock",
         signs_and_sends(timestamp="1700003600123")),
        ("get-clouds", "future-by-2-to-the-32", "2^32 ms ahead: the difference is 0 in 32 bits",
         signs_and_sends(timestamp="1704294967419")),
        ("get-clouds", "future-14-digits", "14 digits, which is no unit: the year 2286",
         signs_and_sends(timestamp="10000000000000")),
        ("get-clouds", "future-15-digits", "15 digits, which is no unit: a future timestamp",
         signs_and_sends(timestamp="170000000000000")),
        ("get-clouds", "future-17-digits", "17 digits, which is no unit: a future timestamp",
         signs_and_sends(timestamp="17000000000000000")),
        ("get-clouds", "future-18-digits", "18 digits, which is no unit: a future timestamp",
         signs_and_sends(timestamp="170000000000000000")),
    ),
)
# fmt: on

MUTATIONS = (*CLEANED, *ODD, *UNIT, *WINDOW)
