"""The settings of a client: base URL and keys, from the environment or from a `.env` file.

| setting    | names; the first one that is set is used                                                 |
| ---------- | ---------------------------------------------------------------------------------------- |
| base URL   | CBC_API_URL cbc_api_url CBC_BASE_URL BASE_URL, else https://cloudapi.cloud.couchbase.com |
| access key | CBC_ACCESS_KEY cbc_access_key ACCESS_KEY                                                 |
| secret key | CBC_SECRET_KEY cbc_secret_key SECRET_KEY                                                 |

A name set to the empty string counts as not set. A `.env` file in the working directory or above it adds
names. It never overrides a name of the environment, even one set to the empty string.
"""

import codecs
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from ipaddress import ip_address
from pathlib import Path

from capella.errors import SettingsError
from capella.secret import Secret

SERVICE = "https://cloudapi.cloud.couchbase.com"
BASE_URL_NAMES = ("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL")
ACCESS_KEY_NAMES = ("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY")
SECRET_KEY_NAMES = ("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY")

_BASE_URL = re.compile(r"(https?)://([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?/?", re.ASCII | re.IGNORECASE)
_ACCESS_KEY = re.compile("[!-9;=?-~]+")  # visible ASCII without `:`, `<` and `>`
# Unicode's White_Space. str.strip() without an argument also removes U+001C to U+001F.
_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_MAX_PORT = 65535
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True, init=False)
class Settings:
    """The settings of a client. Its `repr` does not show the secret key, and pickle refuses it.

    Args:
        base_url: `scheme://host[:port]` without a final slash.
        access_key: empty for a client that signs nothing.
        secret_key: plain text or a Secret; stored as a Secret.
    """

    base_url: str
    access_key: str
    secret_key: Secret

    def __init__(self, base_url: str, access_key: str = "", secret_key: str | Secret = "") -> None:
        """Hide the secret key."""
        object.__setattr__(self, "base_url", base_url)
        object.__setattr__(self, "access_key", access_key)
        hidden = secret_key if isinstance(secret_key, Secret) else Secret(secret_key)
        object.__setattr__(self, "secret_key", hidden)


def environment() -> dict[str, str]:
    """Return the process's environment, with the names that a `.env` file adds.

    Raises:
        SettingsError: the `.env` file cannot be read, or is not UTF-8 without a byte order mark.
    """
    from dotenv import find_dotenv  # noqa: PLC0415  # slow to import

    try:
        path = find_dotenv(usecwd=True)
    except FileNotFoundError:  # the working directory was deleted
        path = ""
    return with_dotenv(os.environ, _read(path) if path else "")


def with_dotenv(names: Mapping[str, str], text: str) -> dict[str, str]:
    """Return the names of an environment, and those that the text of a `.env` file adds."""
    from dotenv import dotenv_values  # noqa: PLC0415  # slow to import

    # Without interpolate=False a `${NAME}` inside a secret is replaced, even between single quotes.
    added = dotenv_values(stream=StringIO(text, newline=None), interpolate=False) if text else {}
    return {name: value for name, value in added.items() if value} | dict(names)


def load(names: Mapping[str, str], *, keys: bool = True) -> Settings:
    """Return the settings found under their names, or raise one error for everything that is wrong.

    Args:
        names: the environment.
        keys: whether the access key and the secret key are required; only `GET /v2/status` needs none.

    Raises:
        SettingsError: a key is missing, or a value cannot be used unchanged. Values are never
            repaired, because a secret may begin or end with any character.
    """
    missing: list[str] = []
    refused: dict[str, str] = {}

    url_name, url = _first(names, BASE_URL_NAMES)
    base_url, problem = _base_url(url) if url_name else (SERVICE, "")
    if problem:
        refused[url_name] = problem

    values = []
    for known_names, find_problem in (
        ((ACCESS_KEY_NAMES, _access_key_problem), (SECRET_KEY_NAMES, _problem)) if keys else ()
    ):
        name, value = _first(names, known_names)
        values.append(value)
        if not name:
            missing.append(known_names[0])
        elif problem := find_problem(value):
            refused[name] = problem

    if missing or refused:
        lines = [f"{name} {problem}" for name, problem in refused.items()]
        if missing:
            them = "them" if len(missing) > 1 else "it"
            lines.append(f"{' and '.join(missing)} not set: set {them} in the environment or in a .env file")
        raise SettingsError("; ".join(lines), missing=tuple(missing), invalid=tuple(refused))
    return Settings(base_url, *values)


def checked(settings: Settings) -> Settings:
    """Return settings that were created in code, if `load` accepts their values.

    Raises:
        SettingsError: a value is refused, or one of the two keys is missing.
    """
    secret_key = settings.secret_key.reveal()
    names = {
        BASE_URL_NAMES[0]: settings.base_url,
        ACCESS_KEY_NAMES[0]: settings.access_key,
        SECRET_KEY_NAMES[0]: secret_key,
    }
    return load(names, keys=bool(settings.access_key or secret_key))


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine. An IPv6 address may have brackets."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _read(path: str) -> str:
    """Return the text of a `.env` file.

    A byte order mark is refused, although Python could skip it: godotenv, which starts the Go examples, stops
    at the mark and prints the rest of the file, secrets included.
    """
    try:
        content = Path(path).read_bytes()
        if content.startswith(codecs.BOM_UTF8):
            raise SettingsError(
                f"{path} begins with a byte order mark (BOM), at which godotenv stops and prints the secrets"
                " in the file: save it as UTF-8 without BOM"
            )
        if content.startswith(_UTF_16) or b"\0" in content:
            raise SettingsError(f"{path} is UTF-16 or binary: save it as UTF-8 without BOM")
        return content.decode()
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8: save it as UTF-8 without BOM") from None
    except OSError as error:
        reason = error.strerror or "no reason given"
        raise SettingsError(f"{path} cannot be read: {reason}") from None


def _first(names: Mapping[str, str], known_names: tuple[str, ...]) -> tuple[str, str]:
    """Return the first known name that is set, and its value."""
    return next(((name, names[name]) for name in known_names if names.get(name)), ("", ""))


def _base_url(text: str) -> tuple[str, str]:
    """Return the base URL without its final slash, and its problem; one of the two is empty."""
    if problem := _problem(text):
        return "", problem
    match = _BASE_URL.fullmatch(text)
    if not match:
        return (
            "",
            "is not scheme://host[:port]: use http or https, without path, query, fragment or user name",
        )
    scheme, host, port = match.groups()
    if port and not 0 < int(port) <= _MAX_PORT:
        return "", f"has an invalid port: use 1 to {_MAX_PORT}"
    if host.startswith("["):
        try:
            ip_address(host[1:-1])
        except ValueError:
            return "", "has an invalid IPv6 address: correct the address between the brackets"
    if scheme.lower() == "http" and not is_loopback(host):
        return (
            "",
            "is plain http to another machine, so others could read the requests: use https",
        )
    return text.removesuffix("/"), ""


def _problem(value: str) -> str:
    """Return the problem of a value; an empty string for a valid one."""
    if "\n" in value or "\r" in value:
        return "contains a line break: remove it; it may be the end of a file, or two values pasted as one"
    if value != value.strip(_WHITE_SPACE):
        return "begins or ends with white space: remove it"
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return "is still in quotes: remove them; the program that set it kept them"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "is not valid UTF-8: copy it again"
    return ""


def _access_key_problem(value: str) -> str:
    if problem := _problem(value):
        return problem
    if not _ACCESS_KEY.fullmatch(value):
        return (
            "contains a character other than visible ASCII, or `:`, `<` or `>`: it may be a placeholder,"
            " or both keys pasted together; copy it again"
        )
    return ""
