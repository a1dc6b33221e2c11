"""Signers that fill the text into a template, or take a part of the secret for an instruction."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from tests.mutants.signers import add, add_endpoints, add_secrets

if TYPE_CHECKING:
    from tests.mutants.signers import Ask

HEX_LENGTHS = (40, 64)


def _filled_in_turn(ask: Ask) -> bytes:
    filled = "{method}\n{endpoint}\n{timestamp}"
    for name in ("method", "endpoint", "timestamp"):
        filled = filled.replace(f"{{{name}}}", getattr(ask, name))
    return filled.encode()


def _dollars(text: str) -> str:
    """Return the text that JavaScript's replace() puts in, if the pattern was one character."""
    return re.sub(r"\$([$&`'])", lambda found: {"$": "$", "&": "?"}.get(found[1], ""), text)


def _hex_digest(ask: Ask) -> bytes:
    if len(ask.secret) in HEX_LENGTHS and re.fullmatch("[0-9a-fA-F]+", ask.secret):
        return bytes.fromhex(ask.secret)
    return ask.secret.encode()


def _uuid(ask: Ask) -> bytes:
    return bytes.fromhex(ask.secret) if re.fullmatch("[0-9a-f]{32}", ask.secret) else ask.secret.encode()


def _base64_digest(ask: Ask) -> bytes:
    try:
        decoded = base64.b64decode(ask.secret, validate=True)
    except (binascii.Error, ValueError):
        return ask.secret.encode()
    return decoded if len(decoded) in {32, 64} else ask.secret.encode()


add(
    "text",
    "fills_placeholders_in_turn",
    "Replace {method}, {endpoint}, {timestamp} in turn.",
    _filled_in_turn,
)
add("key", "decodes_hex_of_a_digest", "Decode a secret of 40 or 64 hex digits.", _hex_digest)
add("key", "decodes_hex_of_a_uuid", "Decode a secret of 32 hex digits.", _uuid)
add("key", "decodes_base64_of_a_digest", "Decode a secret that is base64 of 32 or 64 bytes.", _base64_digest)
add(
    "header",
    "replaces_dollars_in_access_keys",
    "Put the access key in by replace() of JavaScript.",
    lambda ask, signature: f"Bearer {_dollars(ask.access_key)}:{signature}",
)
add_endpoints({"replaces_dollars": ("Put the endpoint in by replace() of JavaScript.", _dollars)})
add_secrets(
    {
        "replaces_dollars_in_secrets": ("Put the secret in by replace() of JavaScript.", _dollars),
        "takes_options_of_echo": (
            "Print the secret by echo, which takes -n and -e for options.",
            lambda text: "" if text in {"-n", "-e", "-E"} else text,
        ),
        "ends_at_backslash_c": (
            r"End the secret at \c, as echo does.",
            lambda text: text.partition("\\c")[0],
        ),
        "decodes_the_prefix_base64": (
            "Drop `base64:` and decode the rest, as Laravel does.",
            lambda text: text.removeprefix("base64:"),
        ),
        "decodes_the_prefix_hex": ("Drop `hex:`.", lambda text: text.removeprefix("hex:")),
        "reads_the_prefix_file": (
            "Read a file for `file:`.",
            lambda text: "" if text.startswith("file:") else text,
        ),
        "reads_the_prefix_env": (
            "Read a variable for `env:`.",
            lambda text: "" if text.startswith("env:") else text,
        ),
        "decrypts_parentheses": (
            "Decrypt ENC(...), as Jasypt does.",
            lambda text: re.sub(r"\AENC\((.*)\)\Z", r"\1", text),
        ),
        "decrypts_the_prefix_cipher": (
            "Decrypt {cipher}..., as Spring does.",
            lambda text: text.removeprefix("{cipher}"),
        ),
        "drops_doubled_quotes": (
            "Write one double quote for two, as CSV does.",
            lambda text: text.replace('""', '"'),
        ),
        "joins_continued_lines": (
            "Drop a backslash at the end of a line, as a properties file does.",
            lambda text: text.replace("\\\n", ""),
        ),
        "ends_a_heredoc": ("End the secret at a line EOF.", lambda text: text.partition("\nEOF")[0]),
        "ends_cdata": ("End the secret at ]]>.", lambda text: text.partition("]]>")[0]),
        "expands_a_pattern": (
            "Replace a secret `*` by the names of files.",
            lambda text: "a b" if text == "*" else text,
        ),
        "splits_user_and_password": (
            "Keep the text after the last colon, as of user:password.",
            lambda text: text.rpartition(":")[2] or text,
        ),
        "cuts_seven_bits": (
            "Keep seven bits of each character.",
            lambda text: "".join(chr(ord(each) & 0x7F) for each in text),
        ),
    }
)
