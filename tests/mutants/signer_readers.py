"""Signers that read the secret as a settings file, a template, a shell or another language reads it."""

from __future__ import annotations

import html
import re
import unicodedata
from contextlib import suppress
from urllib.parse import unquote, unquote_plus

from tests.mutants.signers import add_secrets

JAVASCRIPT_SPACE = " \t\n\v\f\r\xa0\ufeff\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
NET_SPACE = "".join(map(chr, range(0x21))) + "\x7f\x85\xa0"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\xad"
PADDED = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")


def _number(text: str) -> str:
    with suppress(ValueError):
        return str(int(text))
    return text


def _as_float(text: str) -> str:
    with suppress(ValueError, OverflowError):
        return str(int(float(text)))
    return text


def _unquoted(text: str) -> str:
    pair = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if pair else text


add_secrets(
    {
        "trims_like_javascript": (
            "Trim what JavaScript's trim() removes: U+FEFF too, but not U+0085.",
            lambda text: text.strip(JAVASCRIPT_SPACE),
        ),
        "trims_like_java": (
            "Trim every character up to U+0020, as Java's trim() does.",
            lambda text: text.strip(NET_SPACE[:0x21]),
        ),
        "trims_like_php": (
            "Trim what PHP's trim() removes: a NUL too.",
            lambda text: text.strip(" \t\n\r\0\v"),
        ),
        "trims_like_go": (
            "Trim Unicode's White_Space, as strings.TrimSpace does.",
            lambda text: text.strip(JAVASCRIPT_SPACE.replace("\ufeff", "") + "\x85"),
        ),
        "trims_one_line_end": (
            "Remove one line end, as Perl's chomp and Ruby's chomp do.",
            lambda text: re.sub(r"\r?\n\Z", "", text),
        ),
        "drops_carriage_returns": (
            "Replace CR LF by LF, as a file opened in text mode does.",
            lambda text: text.replace("\r\n", "\n"),
        ),
        "drops_the_byte_order_mark": (
            "Drop U+FEFF at the start, as `utf-8-sig` does.",
            lambda text: text.removeprefix("\ufeff"),
        ),
        "drops_invisible_characters": (
            "Drop zero-width characters, as a form that cleans its input does.",
            lambda text: text.translate(dict.fromkeys(map(ord, INVISIBLE))),
        ),
        "drops_control_characters": (
            "Drop control characters, as a text field of a console does.",
            lambda text: "".join(each for each in text if unicodedata.category(each) != "Cc"),
        ),
        "joins_spaces": (
            "Write one space for several, as HTML and an unquoted `echo $secret` do.",
            lambda text: re.sub(r"[ \t]+", " ", text),
        ),
        "expands_tabs": ("Replace tabs by spaces, as an editor does.", lambda text: text.expandtabs()),
        "ends_at_control_z": (
            "End the secret at U+001A, the end of a file on Windows.",
            lambda text: text.partition("\x1a")[0],
        ),
        "takes_a_next_line_for_a_line_end": (
            "Use only the first line by splitlines().",
            lambda text: (text.splitlines() or [""])[0],
        ),
        "removes_a_pair_of_quotes": (
            "Remove a pair of quotes around the secret, as a .env reader does.",
            _unquoted,
        ),
        "removes_backticks": (
            "Remove backticks around the secret, as a copied Markdown cell needs it.",
            lambda text: text.strip("`"),
        ),
        "ends_at_a_semicolon": (
            "End the secret at `;`, which starts a comment in an INI file.",
            lambda text: text.partition(";")[0],
        ),
        "ends_at_a_space_and_a_hash": (
            "End the secret at a space and `#`, a comment in YAML.",
            lambda text: re.sub(r"\s#.*", "", text, flags=re.DOTALL),
        ),
        "splits_at_an_equals_sign": (
            "Keep the text before the second `=` of NAME=VALUE.",
            lambda text: text.partition("=")[0] or text,
        ),
        "splits_at_a_comma": (
            "Keep the text before a comma, as a list setting does.",
            lambda text: text.partition(",")[0] or text,
        ),
        "decodes_percent": ("Percent-decode the secret, as the password of a URL.", unquote),
        "decodes_a_form": ("Decode the secret as a form field: a `+` becomes a space.", unquote_plus),
        "decodes_html": ("Decode HTML entities.", html.unescape),
        "encodes_html": ("Escape the secret for HTML, as a template does.", html.escape),
        "decodes_escapes": (
            r"Decode \n, \t and \u0041, as a properties file and double quotes do.",
            lambda text: re.sub(r"\\([nt])", lambda found: {"n": "\n", "t": "\t"}[found[1]], text),
        ),
        "decodes_unicode_escapes": (
            r"Decode \u0041, as JSON and Java do.",
            lambda text: re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text),
        ),
        "halves_backslashes": ("Write one backslash for two.", lambda text: text.replace("\\\\", "\\")),
        "halves_quotes": (
            "Write one single quote for two, as SQL and YAML do.",
            lambda text: text.replace("''", "'"),
        ),
        "halves_percent_signs": (
            "Write one percent sign for two, as ConfigParser and printf do.",
            lambda text: text.replace("%%", "%"),
        ),
        "halves_dollar_signs": (
            "Write one dollar sign for two, as Docker Compose does.",
            lambda text: text.replace("$$", "$"),
        ),
        "halves_braces": (
            "Write one brace for two, as str.format() does.",
            lambda text: text.replace("{{", "{").replace("}}", "}"),
        ),
        "fills_a_template": ("Replace {{name}} by nothing.", lambda text: re.sub(r"\{\{.*?\}\}", "", text)),
        "fills_braces": ("Replace {name} and {0} by nothing.", lambda text: re.sub(r"\{\w+\}", "", text)),
        "runs_commands": (
            "Replace $(command) and `command` by nothing, as a shell does.",
            lambda text: re.sub(r"\$\(.*?\)|`.*?`", "", text),
        ),
        "expands_windows_variables": (
            "Replace %NAME% by nothing, as cmd.exe does.",
            lambda text: re.sub(r"%\w+%", "", text),
        ),
        "expands_history": (
            "Replace !name by nothing, as an interactive shell does.",
            lambda text: re.sub(r"!\w+", "", text),
        ),
        "expands_a_tilde": (
            "Replace `~` at the start by a home folder.",
            lambda text: re.sub(r"\A~", "/root", text),
        ),
        "reads_a_file_for_at": (
            "Drop an `@` at the start, where curl reads a file.",
            lambda text: text.removeprefix("@"),
        ),
        "drops_tags": (
            "Drop `<...>`, as a filter against HTML does.",
            lambda text: re.sub(r"<[^>]*>", "", text),
        ),
        "writes_booleans_of_yaml": (
            "Write `yes` and `on` as `true`, as YAML 1.1 does.",
            lambda text: {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.lower(), text),
        ),
        "writes_words_in_one_case": (
            "Write True, NULL and so on in lower case, as JSON does.",
            lambda text: text.lower() if text.lower() in {"true", "false", "null"} else text,
        ),
        "drops_leading_zeros": ("Read a secret of digits as a number.", _number),
        "reads_a_float": ("Read a secret of digits as a floating-point number.", _as_float),
        "reads_hex_numbers": (
            "Read 0x1F as 31.",
            lambda text: str(int(text, 16)) if re.fullmatch("0[xX][0-9a-fA-F]+", text) else text,
        ),
        "writes_hex_in_lower_case": (
            "Write a secret of hex digits in lower case.",
            lambda text: text.lower() if re.fullmatch("[0-9a-fA-F-]+", text) else text,
        ),
        "cuts_padding": (
            "Remove the `=` at the end of base64.",
            lambda text: text.rstrip("=") if PADDED.fullmatch(text) else text,
        ),
        "drops_dashes_of_a_uuid": (
            "Write a UUID without dashes.",
            lambda text: text.replace("-", "") if re.fullmatch("[0-9a-fA-F-]{36}", text) else text,
        ),
        "drops_braces_of_a_uuid": (
            "Drop the braces around a UUID, as Windows writes it.",
            lambda text: text.strip("{}"),
        ),
        "splits_a_token": (
            "Keep the text after the last dot, as of a token with a prefix.",
            lambda text: text.rpartition(".")[2] or text,
        ),
        "normalises_compatibility": (
            "Normalise the secret to NFKC: full-width letters become ASCII.",
            lambda text: unicodedata.normalize("NFKC", text),
        ),
        "drops_combining_characters": (
            "Drop accents.",
            lambda text: "".join(each for each in text if not unicodedata.combining(each)),
        ),
        "replaces_noncharacters": (
            "Replace noncharacters by U+FFFD, as Perl's Encode does.",
            lambda text: re.sub("[\ufdd0-\ufdef\ufffe\uffff\U0001fffe\U0001ffff\U0010ffff]", "\ufffd", text),
        ),
        "replaces_private_characters": (
            "Replace characters for private use by `?`.",
            lambda text: re.sub("[\ue000-\uf8ff]", "?", text),
        ),
        "knows_no_astral_characters": (
            "Replace characters over U+FFFF by `?`, as MySQL's utf8 does.",
            lambda text: re.sub("[^\0-\uffff]", "?", text),
        ),
        "lowers_the_first_letter": (
            "Write the first letter in lower case: camel case for a setting's name.",
            lambda text: text[:1].lower() + text[1:],
        ),
    }
)
