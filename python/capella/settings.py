"""Where the service is and with which keys: from the environment, or from a `.env` file.

| setting    | names, the first one set wins                                                            |
| ---------- | ---------------------------------------------------------------------------------------- |
| base URL   | CBC_API_URL cbc_api_url CBC_BASE_URL BASE_URL, else https://cloudapi.cloud.couchbase.com |
| access key | CBC_ACCESS_KEY cbc_access_key ACCESS_KEY                                                 |
| secret key | CBC_SECRET_KEY cbc_secret_key SECRET_KEY                                                 |

A name set to the empty string counts as not set. A `.env` file in the working directory or above it adds
names, and never overrides one that stands in the environment, not even an empty one.
"""

import getpass
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

from capella.errors import SettingsError

SERVICE = "https://cloudapi.cloud.couchbase.com"
BASE_URL_NAMES = ("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL")
ACCESS_KEY_NAMES = ("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY")
SECRET_KEY_NAMES = ("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY")
PASSWORD_NAME = "CBC_DATABASE_PASSWORD"  # noqa: S105  # the name of a setting, not a password

_BASE_URL = re.compile(r"(https?)://([\w.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?/?", re.ASCII | re.IGNORECASE)
_ACCESS_KEY = re.compile("[!-~]+")  # what a header can carry
_MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client needs to know: `base_url` is `scheme://host[:port]` without a final slash."""

    base_url: str
    access_key: str = ""
    secret_key: str = field(default="", repr=False)


def environment() -> dict[str, str]:
    """Return the process's environment, with what a `.env` file adds to it.

    Raises:
        SettingsError: there is a `.env` file and it cannot be read.
    """
    from dotenv import dotenv_values, find_dotenv  # noqa: PLC0415  # slow to import

    try:
        path = find_dotenv(usecwd=True)
        # Without interpolate=False a `${NAME}` inside a secret would be replaced, single quotes or not.
        added = dotenv_values(path, interpolate=False, encoding="utf-8-sig") if path else {}
    except FileNotFoundError:  # the working directory itself is gone
        added = {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {_reason(error)}") from None
    return {name: value for name, value in added.items() if value} | os.environ


def load(names: Mapping[str, str], *, keys: bool = True) -> Settings:
    """Read the settings, or say everything that is wrong with them at once.

    Args:
        names: the environment.
        keys: whether the access key and the secret key are needed; only `GET /v2/status` works without.

    Raises:
        SettingsError: a key that is missing, or a value that could not be used as it stands. Values are
            never repaired: a secret may well begin or end with what looks out of place.
    """
    missing: list[str] = []
    refused: dict[str, str] = {}

    url_name, url = _first(names, BASE_URL_NAMES)
    base_url, complaint = _base_url(url) if url_name else (SERVICE, "")
    if complaint:
        refused[url_name] = complaint

    values = []
    for known_as, judge in (
        ((ACCESS_KEY_NAMES, _judge_access_key), (SECRET_KEY_NAMES, _judge)) if keys else ()
    ):
        name, value = _first(names, known_as)
        values.append(value)
        if not name:
            missing.append(known_as[0])
        elif complaint := judge(value):
            refused[name] = complaint

    if missing or refused:
        lines = [f"{name} {complaint}" for name, complaint in refused.items()]
        if missing:
            lines.append(f"{' and '.join(missing)} not set, neither in the environment nor in a .env file")
        raise SettingsError("; ".join(lines), missing=tuple(missing), invalid=tuple(refused))
    return Settings(base_url, *values)


def checked(where: Settings) -> Settings:
    """Return settings that were put together by hand, if `load` would give them.

    Raises:
        SettingsError: one of them is refused.
    """
    names = (BASE_URL_NAMES[0], ACCESS_KEY_NAMES[0], SECRET_KEY_NAMES[0])
    values = (where.base_url, where.access_key, where.secret_key)
    return load(dict(zip(names, values, strict=True)), keys=bool(where.access_key or where.secret_key))


def is_loopback(host: str) -> bool:
    """Return whether a host (an IPv6 address in brackets or not) is this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def database_password() -> str:
    """Return the password a database user gets: CBC_DATABASE_PASSWORD, or what is typed at a prompt.

    Raises:
        SettingsError: it is not set and there is no terminal to ask at, or nothing was typed.
    """
    if password := environment().get(PASSWORD_NAME):
        return password
    try:
        password = getpass.getpass("password of the database user: ") if sys.stdin.isatty() else ""
    except EOFError:
        password = ""
    if not password:
        raise SettingsError(f"{PASSWORD_NAME} not set, and no password typed", missing=(PASSWORD_NAME,))
    return password


def _first(names: Mapping[str, str], known_as: tuple[str, ...]) -> tuple[str, str]:
    return next(((name, names[name]) for name in known_as if names.get(name)), ("", ""))


def _base_url(text: str) -> tuple[str, str]:
    """Return the base URL without its final slash, and what is wrong with it."""
    if complaint := _judge(text):
        return "", complaint
    match = _BASE_URL.fullmatch(text)
    if not match:
        return "", "is not scheme://host[:port]: no path, query, fragment or user name, and http or https"
    scheme, host, port = match.groups()
    if port and not 0 < int(port) <= _MAX_PORT:
        return "", f"has a port that is not 1 to {_MAX_PORT}"
    if host.startswith("["):
        try:
            ip_address(host[1:-1])
        except ValueError:
            return "", "has a host in brackets that is no IPv6 address"
    if scheme.lower() == "http" and not is_loopback(host):
        return "", "is plain http to another machine, where anybody on the way could read the key: use https"
    return text.removesuffix("/"), ""


def _judge(value: str) -> str:
    """Return what tells that a value is not the one that was meant, if anything does."""
    if "\n" in value or "\r" in value:
        return "holds a line break: a file was read with its last line's end, or two values pasted as one"
    if value != value.strip():
        return "begins or ends with white space"
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return "is still in quotes: whatever set it keeps them, so leave them out"
    if any("\ud800" <= character <= "\udfff" for character in value):
        return "is not UTF-8"
    return ""


def _judge_access_key(value: str) -> str:
    if complaint := _judge(value):
        return complaint
    if not _ACCESS_KEY.fullmatch(value) or set(value) & set(":<>"):
        return "holds a character no access key has: a placeholder, or a key with its secret after a colon"
    return ""


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "no reason given" if isinstance(error, OSError) else "it is not UTF-8"
