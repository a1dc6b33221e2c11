"""Texts that look like something else: markup, templates, numbers, words, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conformance.signatures.walk.case import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

# Every visible ASCII character that is no letter and no digit.
PUNCTUATION = {
    "!": ("exclamation-mark", "a shell's history"),
    '"': ("double-quote", "a string"),
    "#": ("hash", "a comment"),
    "$": ("dollar-sign", "a variable"),
    "%": ("percent-sign", "a format, an escape"),
    "&": ("ampersand", "an entity, a parameter"),
    "'": ("single-quote", "a string"),
    "(": ("open-parenthesis", "a group"),
    ")": ("close-parenthesis", "a group"),
    "*": ("asterisk", "a file pattern, an alias"),
    "+": ("plus", "a space in a form"),
    ",": ("comma", "a list"),
    "-": ("dash", "an option"),
    ".": ("dot", "any character of a pattern"),
    "/": ("slash", "a path"),
    ":": ("colon", "a mapping"),
    ";": ("semicolon", "a comment in INI, the end of a command"),
    "<": ("less-than", "a tag"),
    "=": ("equals-sign", "a setting"),
    ">": ("greater-than", "a tag"),
    "?": ("question-mark", "a query, a file pattern"),
    "@": ("at-sign", "the name of a file in curl"),
    "[": ("open-bracket", "a list"),
    "\\": ("backslash", "an escape"),
    "]": ("close-bracket", "a list"),
    "^": ("caret", "an escape of cmd.exe"),
    "_": ("underscore", "any character in SQL"),
    "`": ("backtick", "a command of a shell"),
    "{": ("open-brace", "a template"),
    "|": ("pipe", "a pipe"),
    "}": ("close-brace", "a template"),
    "~": ("tilde", "a home folder"),
}

# Name -> the secret, and what treats it specially.
SEQUENCES = {
    "shell-variable": ("my$HOME.key", "a variable of a shell"),
    "shell-braces": ("my${HOME}key", "a variable of a shell in braces"),
    "shell-command": ("my$(id)key", "a command of a shell"),
    "shell-backticks": ("my`id`key", "a command of a shell in backticks"),
    "shell-history": ("my!!key!id", "a shell's history"),
    "two-dollar-signs": ("my$$key", "two dollar signs, one in Docker Compose"),
    "windows-variable": ("my%PATH%key", "a variable of cmd.exe"),
    "printf-format": ("my%s%d%n%%key", "a format of printf"),
    "python-format": ("my{0}{key}{}", "a format of Python and Rust"),
    "two-braces": ("my{{key}}", "a template, and the braces of a format"),
    "template-tag": ("my<%= key %>${{ key }}", "tags of ERB and of GitHub Actions"),
    "percent-escape": ("my%20%41%2Fkey", "escapes of a URL"),
    "plus-signs": ("my+secret+key", "spaces in a form"),
    "html-entity": ("my&amp;&lt;&#65;key", "entities of HTML"),
    "html-tag": ("my<b>secret</b>key", "a tag of HTML"),
    "newline-escape": ("my\\nsecret\\tkey", "escapes of a string, not decoded"),
    "unicode-escape": ("my\\u0041\\x41\\101key", "escapes of characters, not decoded"),
    "two-backslashes": ("my\\\\key", "two backslashes"),
    "two-single-quotes": ("my''key", "two single quotes, one in SQL and YAML"),
    "sql-comment": ("my'--key;/*x*/", "a comment in SQL"),
    "space-and-hash": ("my #key", "a comment in YAML and .env files"),
    "colon-and-space": ("my: key", "a mapping in YAML"),
    "ini-comment": ("my ;key", "a comment in INI"),
    "equals-signs": ("my=secret=key", "two = in NAME=VALUE"),
    "commas": ("my,secret,key", "a list"),
    "two-double-quotes": ('my""key', "two double quotes, one in CSV"),
    "replacement-pattern": ("my$&key$$`$'$1\\1", "the patterns of a replacement in JavaScript and Python"),
    "backslash-c": ("my\\ckey", "the escape at which echo stops"),
    "continued-line": ("my\\\nkey", "a backslash before a line end, which continues a line"),
    "heredoc-end": ("my\nEOF\nkey", "the end of a heredoc"),
    "cdata-end": ("my]]>key", "the end of a CDATA section in XML"),
    "comments": ("my/*secret*/ //key <!--x-->", "comments of programs and of HTML"),
    "two-percent-signs": ("my%%key", "two percent signs alone, one in a format"),
    "escaped-quotes": ('my\\"secret\\"key', "double quotes behind backslashes"),
    "ansi-colour": ("my\x1b[31mkey\x1b[0m", "escape sequences of a terminal"),
    "windows-line-end": ("my\r\nsecret\r\nkey", "CR LF inside"),
    "two-newlines": ("my\n\nkey\n\n", "empty lines inside and at the end"),
}

# Quotes and brackets around the whole secret.
AROUND = {
    "single-quotes": ("'my secret key'", "in single quotes"),
    "double-quotes": ('"my secret key"', "in double quotes"),
    "backticks": ("`my secret key`", "in backticks"),
    "angle-brackets": ("<my secret key>", "in angle brackets"),
    "braces": ("{my secret key}", "in braces"),
    "brackets": ("[my secret key]", "in brackets"),
    "parentheses": ("(my secret key)", "in parentheses"),
    "percent-signs": ("%my_secret_key%", "in percent signs"),
    "typographic-quotes": ("\u201cmy secret key\u201d", "in typographic quotes"),
}

# Name -> the text, what it looks like, and whether it can be an access key.
LOOKS = {
    "zero": ("0", "0, which is false in many languages", True),
    "two-zeros": ("00", "00, which is 0 as a number", True),
    "leading-zeros": ("000123", "a number with leading zeros", True),
    "negative": ("-1", "a negative number", True),
    "fraction": ("1.50", "a number with a fraction", True),
    "exponent": ("1e3", "a number with an exponent", True),
    "hex-number": ("0x1F", "a hexadecimal number", True),
    "octal-number": ("0o17", "an octal number", True),
    "binary-number": ("0b101", "a binary number", True),
    "grouped-number": ("1_000", "a number with an underscore", True),
    "twenty-digits": ("12345678901234567890", "20 digits, more than 64 bits hold", True),
    "sexagesimal": ("12:30:45", "a time, and a number in YAML 1.1", False),
    "date": ("2023-11-14", "a date", True),
    "yes": ("yes", "yes, which is true in YAML 1.1", True),
    "off": ("Off", "Off, which is false in YAML 1.1", True),
    "true": ("true", "true", True),
    "title-case-false": ("False", "False, as Python writes it", True),
    "null": ("null", "null", True),
    "none": ("None", "None, as Python writes it", True),
    "nil": ("nil", "nil", True),
    "undefined": ("undefined", "undefined, as JavaScript writes it", True),
    "nan": ("NaN", "NaN", True),
    "infinity": ("Infinity", "Infinity", True),
    "yaml-null": ("~", "~, which is null in YAML", True),
    "hex-lower-case": ("deadbeefcafe0123", "hex digits in lower case", True),
    "hex-upper-case": ("DEADBEEFCAFE0123", "hex digits in upper case", True),
    "hex-of-odd-length": ("abcdef123", "an odd number of hex digits", True),
    "base64-padded": ("bXkgc2VjcmV0IGtleQ==", "base64 with padding", True),
    "base64-unpadded": ("bXkgc2VjcmV0IGtleQ", "base64 without padding", True),
    "base64url": ("-_-_-_-_", "base64url", True),
    "base32": ("NV4SA43FMNZGK5BANNSXS===", "base32", True),
    "uuid": ("1a3c4544-772e-449e-9996-1203e7020b96", "a UUID", True),
    "uuid-upper-case": ("1A3C4544-772E-449E-9996-1203E7020B96", "a UUID in upper case", True),
    "uuid-in-braces": ("{1a3c4544-772e-449e-9996-1203e7020b96}", "a UUID in braces", True),
    "uuid-without-dashes": ("1a3c4544772e449e99961203e7020b96", "a UUID without dashes: 32 hex digits", True),
    "sha1-in-hex": ("0123456789abcdef0123456789abcdef01234567", "a SHA-1 in hex: 40 digits", True),
    "sha256-in-hex": ("0123456789abcdef" * 4, "a SHA-256 in hex: 64 digits", True),
    "sha256-in-upper-case": ("0123456789ABCDEF" * 4, "a SHA-256 in hex, in upper case", True),
    "digest-in-base64": ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "base64 of 32 bytes", True),
    "sha512-in-base64": (
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==",
        "base64 of 64 bytes",
        True,
    ),
    "base64-of-line-ends": ("TWlu\nTWlu\nTQ==\n", "base64 in lines", False),
    "prefix-base64": ("base64:bXkgc2VjcmV0", "base64 behind its name, as in Laravel", False),
    "prefix-hex": ("hex:6d79", "hex digits behind their name", False),
    "prefix-file": ("file:///run/secrets/key", "the URL of a file with the secret", False),
    "prefix-env": ("env:HOME", "the name of a variable with the secret", False),
    "prefix-cipher": ("{cipher}0123456789abcdef", "an encrypted setting of Spring", True),
    "encrypted": ("ENC(bXkgc2VjcmV0)", "an encrypted setting of Jasypt", True),
    "prefix-export": ("export key", "the word export, as in a file of a shell", False),
    "prefix-bearer": ("Bearer key", "the scheme of a header before the text", False),
    "prefix-name": ("CBC_SECRET_KEY=key", "the name of the setting before the text", True),
    "reference": ("!secret key", "a tag of YAML", False),
    "user-and-password": ("user:password", "a name and a password", False),
    "asterisk": ("*", "an asterisk, a pattern for all files", True),
    "option-of-echo": ("-n", "an option of echo", True),
    "another-option-of-echo": ("-e", "another option of echo", True),
    "jwt": ("eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl", "a JSON Web Token", True),
    "json-object": ('{"a":1}', "a JSON object", False),
    "json-list": ("[]", "an empty JSON list", True),
    "json-string": ('"key"', "a JSON string", True),
    "url": ("https://user:pw@host/path?q=1#f", "a URL", False),
    "file-name": ("../../etc/passwd", "the path of a file", True),
    "file-of-curl": ("@secret.txt", "the name of a file, for curl", True),
    "option": ("--help", "an option", True),
    "email": ("me@example.com", "an e-mail address", True),
    "pem": ("-----BEGIN KEY-----\nTWlu\n-----END KEY-----\n", "a key in PEM", False),
    "prototype": ("__proto__", "__proto__, a property of JavaScript objects", True),
    "constructor": ("constructor", "constructor, a property of JavaScript objects", True),
    "capital-letter": ("Key", "a capital letter at the start", True),
}

METHODS = {
    "one-letter": ("A", "a method of one letter"),
    "options": ("OPTIONS", "OPTIONS"),
    "trace": ("TRACE", "TRACE"),
    "connect": ("CONNECT", "CONNECT"),
    "propfind": ("PROPFIND", "PROPFIND, of WebDAV"),
    "get-and-more": ("GETS", "a method that starts with GET"),
    "null": ("NULL", "NULL"),
    "no": ("NO", "NO, which is false in YAML 1.1"),
    "nan": ("NAN", "NAN"),
    "seventeen-letters": ("VERSIONCONTROLLED", "17 letters"),
}

TIMESTAMPS = {
    "one-digit": ("7", "one digit"),
    "seconds": ("1700000000", "seconds: a signer signs what it gets"),
    "microseconds": ("1700000000123456", "microseconds"),
    "nanoseconds": ("1700000000123456789", "nanoseconds"),
    "int32-maximum": ("2147483647", "2^31 - 1"),
    "uint32-maximum": ("4294967295", "2^32 - 1"),
    "uint32-overflow": ("4294967296", "2^32"),
    "double-maximum": ("9007199254740991", "2^53 - 1"),
    "int64-maximum": ("9223372036854775807", "2^63 - 1"),
    "int64-overflow": ("9223372036854775808", "2^63"),
    "uint64-maximum": ("18446744073709551615", "2^64 - 1"),
    "trailing-zeros": ("1700000000000", "a whole second"),
    "tenths": ("1700000000120", "a zero at the end"),
    "equal-digits": ("9999999999999", "equal digits"),
}

ACCESS_KEYS = {
    "single-quotes": ("'my-key'", "in single quotes"),
    "double-quotes": ('"my-key"', "in double quotes"),
    "backticks": ("`my-key`", "in backticks"),
    "braces": ("{{my-key}}", "in two braces"),
    "brackets": ("[my-key]", "in brackets"),
    "percent-signs": ("%my-key%%", "in percent signs"),
    "percent-escape": ("my%2Dkey%41", "with escapes of a URL"),
    "html-entity": ("my&amp;key&#65;", "with entities of HTML"),
    "shell-variable": ("my$HOME${key}", "with variables of a shell"),
    "backslashes": ("my\\nkey\\\\", "with backslashes"),
    "comma": (",my,key,", "with commas"),
    "semicolon": (";my;key;", "with semicolons"),
    "equals-sign": ("=my=key=", "with equals signs"),
    "plus": ("+my+key+", "with plus signs"),
    "hash": ("#my#key#", "with hashes"),
    "slash": ("/my//key/", "with slashes"),
    "dot": (".my..key.", "with dots"),
    "two-percent-signs": ("my%%key", "with two percent signs"),
    "two-braces": ("my{{key}}", "with two braces, one in a format"),
    "replacement-pattern": ("my$&key$$`$'$1\\1", "with patterns of a replacement"),
}


def secrets() -> Iterator[Case]:
    """Yield a secret for each character of punctuation, and for each text that something treats specially."""
    for character, (name, about) in PUNCTUATION.items():
        yield Case(
            id=f"secret-holds-{name}",
            about=f"{about}: the character at three places",
            flag="SecretCharacters",
            damage=f"punctuation: {name.replace('-', ' ')}",
            fields=("secret",),
            secret=f"{character}my{character}key{character}",
        )
    for table, word in ((SEQUENCES, "holds"), (AROUND, "surrounded-by")):
        for name, (text, about) in table.items():
            yield Case(
                id=f"secret-{word}-{name}",
                about=about,
                flag="SecretCharacters",
                damage=f"{'sequence' if word == 'holds' else 'around'}: {name.replace('-', ' ')}",
                fields=("secret",),
                secret=text,
            )
    for name, (text, about, _) in LOOKS.items():
        yield Case(
            f"secret-like-{name}",
            about,
            "SecretEncoding",
            f"looks like: {name.replace('-', ' ')}",
            ("secret",),
            secret=text,
        )


def others() -> Iterator[Case]:
    """Yield methods, timestamps and access keys that look like something else, or are on an edge."""
    for name, (text, about) in METHODS.items():
        yield Case(
            f"method-{name}", about, "Method", f"method: {name.replace('-', ' ')}", ("method",), method=text
        )
    for name, (text, about) in TIMESTAMPS.items():
        yield Case(
            f"timestamp-{name}",
            about,
            "Timestamp",
            f"number: {name.replace('-', ' ')}",
            ("timestamp",),
            timestamp=text,
        )
    for name, (text, about) in ACCESS_KEYS.items():
        yield Case(
            f"access-key-with-{name}",
            f"an access key {about}",
            "AccessKey",
            f"access key: {name.replace('-', ' ')}",
            ("access_key",),
            access_key=text,
        )
    yield Case(
        id="access-key-like-the-secret",
        about="an access key that is equal to the secret",
        flag="AccessKey",
        damage="access key: equal to the secret",
        fields=("access_key",),
        access_key="same-key",
        secret="same-key",
    )
    for name, (text, about, is_access_key) in LOOKS.items():
        if is_access_key:
            yield Case(
                f"access-key-like-{name}",
                f"an access key like {about}" if len(about) < 50 else about,
                "AccessKey",
                f"looks like: {name.replace('-', ' ')}",
                ("access_key",),
                access_key=text,
            )
