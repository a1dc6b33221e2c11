"""A malformed signature is classified by its shape."""

from __future__ import annotations

import base64
import random

import pytest

from mock_server.verifier import shapes
from tests.mock_server.verifier.wrong_signatures import RAW, SECRET, b64, mac, message, refuse

URL_SAFE = next(raw for n in range(99) if {"+", "/"} & set(b64(raw := mac(str(n)))))


@pytest.mark.parametrize(
    ("signature", "mistake"),
    [
        (f"b'{b64(RAW)}'", "signature_bytes_repr"),
        (f'b"{b64(RAW)}"', "signature_bytes_repr"),
        ("[object Promise]", "signature_js_object"),
        ("[object ArrayBuffer]", "signature_js_object"),
        (b64(RAW).replace("=", "%3D"), "signature_percent_encoded"),
        (RAW.hex(), "signature_hex"),
        (RAW.hex().upper(), "signature_hex"),
        (base64.urlsafe_b64encode(URL_SAFE).decode(), "signature_base64url"),
        (base64.urlsafe_b64encode(URL_SAFE).decode().rstrip("="), "signature_base64url"),
        (b64(RAW) + "=", "signature_overpadded"),
        (b64(RAW).rstrip("="), "signature_unpadded"),
        ("A" * 42 + "B=", "signature_non_canonical"),
        (b64(RAW.hex().encode()), "signature_base64_of_hex"),
        (b64(b64(RAW).encode()), "signature_double_base64"),
        (b64(mac(message(), SECRET, "sha1")), "hash_sha1"),
        (b64(mac(message(), SECRET, "sha512")), "hash_sha512"),
        (b64(mac(message(), SECRET, "sha384")), "signature_length"),
        (b64(RAW[:31]), "signature_length"),
        ("AAAA", "signature_length"),
        (b64(RAW)[:40] + " " + b64(RAW)[40:], "signature_wrapped"),
        (f'"{b64(RAW)}"', "signature_quoted"),
        *(
            (text, "signature_placeholder")
            for text in (
                "undefined",
                "null",
                "None",
                "nil",
                "NaN",
                "true",
                "{{sig}}",
                "$SIGNATURE",
                "<signature>",
                "${s}",
            )
        ),
        *(
            (text, "signature_repr")
            for text in (
                "[B@1b6d3586",
                "System.Byte[]",
                "<Buffer 6a 3b 1c>",
                "[106 59 17 2 3 4 5 6 7]",
                'Ok("abc=")',
                "#<OpenSSL::HMAC:0x000>",
                "<coroutine object sign at 0x7f>",
                "function () { [native code] }",
                "async () => {}",
                "Some([1, 2])",
                "&{1 2}",
                "Uint8Array(32) [1, 2]",
                "32 bytes",
            )
        ),
        *(
            (text, "signature_escaped")
            for text in (
                b64(RAW).replace("=", "\\u003d"),
                b64(RAW).replace("=", "&#61;"),
                b64(RAW)[:43] + "=3D",
            )
        ),
        *(
            (text, "signature_openssl_prefix")
            for text in (
                f"(stdin)= {RAW.hex()}",
                f"SHA2-256(stdin)= {RAW.hex()}",
                f"HMAC-SHA2-256(-)= {RAW.hex()}",
            )
        ),
        *(
            (text, "signature_hex")
            for text in (
                f"0x{RAW.hex()}",
                RAW.hex(":"),
                RAW.hex(" ").upper(),
                f"{RAW.hex()} -",
                f"{RAW.hex()}  -",
            )
        ),
        ("eyJhbGciOiJIUzI1NiJ9.e30.abc", "signature_jwt"),
        (b64(mac(message(), SECRET, "md5")), "hash_md5"),
        (base64.b32encode(RAW).decode(), "signature_base32"),
        *(
            (text, "signature_repr")
            for text in (
                "0x6a, 0x3b, 0x1c, 0x2d, 0x4e, 0x5f, 0x60, 0x71",
                "[]byte{0x6a, 0x3b}",
                "%!s(*hmac.hmac=&{})",
                "table: 0x55a1f2c3d4e0",
                "-".join(map(str, RAW)),
                str(int.from_bytes(RAW)),
                "j\xe5r\xca}\x95\xdb\xbf",
                "CtOutput { bytes: [2, 17] }",
            )
        ),
        *((b64(RAW) + end, "signature_quoted") for end in (",", ";", ".", "}", "\xe2\x80\x8b")),
        *((start + b64(RAW), "signature_quoted") for start in ("\xef\xbb\xbf", ",")),
        (f":{b64(RAW)}:", "signature_quoted"),
        *((label + b64(RAW), "signature_openssl_prefix") for label in ("sha256-", "b64:", "data:x;base64,")),
        *((RAW.hex()[:length], "signature_hex") for length in (63, 61)),
        ("".join(f"{byte | 0xFFFFFF00:x}" for byte in RAW), "signature_hex"),
        (b64(RAW)[:12] + " " + b64(RAW)[13:], "signature_wrapped"),
        (b64(RAW)[:12] + "," + b64(RAW)[13:], "signature_base64url"),
        *((b64(RAW)[:43] + pad, "signature_unpadded") for pad in ("~", "*", ".", "\xef\xbc\x9d")),
        *((text, "signature_length") for text in (b64(RAW)[1:], b64(RAW)[:42] + "=", b64(RAW) * 2)),
        (base64.b85encode(RAW).decode(), "signature_base32"),
        (base64.b32encode(RAW).decode().lower(), "signature_base32"),
        ("====", "signature_encoding"),
        (b64(RAW) + "\x85", "signature_encoding"),
    ],
)
def test_shape_of_a_signature(signature: str, mistake: str) -> None:
    """A text that is no signature is named by what it looks like."""
    refused = refuse(signature)
    assert (refused.code, refused.mistake) == ("signature_encoding", mistake)


def test_every_digest_is_well_formed() -> None:
    """What base64 makes of any 32 bytes is never called badly written."""
    draw = random.Random(1)  # noqa: S311  # samples, not secrets
    for _ in range(2000):
        assert shapes.WELL_FORMED.fullmatch(base64.b64encode(draw.randbytes(32)))


# The digest has + and / in its base64, so that the URL-safe alphabet differs.
TEXT = b64(URL_SAFE)
DIGITS = URL_SAFE.hex()


@pytest.mark.parametrize(
    "signature",
    [
        TEXT,
        TEXT[:-1],
        f"{TEXT}==",
        f" {TEXT[:20]}\r\n\t{TEXT[20:]}",
        TEXT.replace("+", "-").replace("/", "_"),
        *(TEXT.replace("=", equals) for equals in ("%3D", "%3d", "&#61;", "&equals;", "\\u003d", "\\u003D")),
        *(TEXT.replace("=", equals) for equals in ("\\x3d", "\\x3D", "\\=")),
        TEXT.replace("/", "\\/"),
        *(start + TEXT + end for start, end in (("'", "'"), ('"', '"'), ("b'", "'"), ('b"', '"'))),
        *(start + TEXT + end for start, end in (('Ok("', '")'), ("Binary(b'", "')"), ("some(", ")"))),
        DIGITS,
        DIGITS.upper(),
        URL_SAFE.hex(":"),
        f"digest: {URL_SAFE.hex(':')}",
        URL_SAFE.hex("-").upper(),
        *(start + DIGITS for start in ("0x", "sha256=", "(stdin)= ", "sha256:0x", "HMAC-SHA256(-)= ")),
        *(DIGITS + end for end in ("=", "==", "h", " *-", " -")),
        b64(TEXT.encode()),
        b64(f"{TEXT}\n".encode()),
        b64(TEXT[:-1].encode()),
        b64(DIGITS.encode()),
        b64(f"{DIGITS}\n".encode()),
        b64(DIGITS.upper().encode()),
    ],
)
def test_the_digest_is_recovered(signature: str) -> None:
    """It is read from other encodings, and from what surrounds it."""
    assert shapes.recover(signature.encode()) == URL_SAFE


@pytest.mark.parametrize(
    "signature",
    [
        *(TEXT[:length] for length in (0, 1, 4, 40, 41, 42)),
        *(DIGITS[:length] for length in (62, 63)),
        f"{DIGITS}0",
        f"{DIGITS}00",
        f"{TEXT[:20]}!{TEXT[21:]}",
        "undefined",
        "\xff" * 43,
        f"&#x20ac;{TEXT[1:]}",
        b64(URL_SAFE[:31]),
        b64(URL_SAFE * 2),
        b64(b"x" * 46),
        b64(b64(URL_SAFE[:30]).encode()),
        b64(DIGITS[:63].encode()),
        b64(f"{DIGITS}\r\n".encode()),
    ],
)
def test_no_digest_can_be_read(signature: str) -> None:
    """Texts of another length or with other characters stand for no digest."""
    assert shapes.recover(signature.encode("latin-1")) is None


def test_the_ends_of_a_long_signature_are_classified() -> None:
    """Up to 1,024 bytes all of a signature is examined, and of a longer one 512 bytes at each end."""
    for length, shape in ((1022, "signature_percent_encoded"), (1023, "signature_encoding")):
        assert shapes.classify(b"-" * 510 + b"%3D" + b"-" * (length - 511)).name == shape
    assert shapes.classify(b"(" + b"!" * 9000 + b")").name == "signature_repr"
    assert shapes.recover(b"\\" * 980 + b64(RAW).encode()) == RAW
    assert shapes.recover(b"\\" * 981 + b64(RAW).encode()) is None
