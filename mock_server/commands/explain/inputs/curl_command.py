"""Reads a ``curl`` command line, and makes the request that curl would send. No file is ever read."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import quote_plus

from mock_server.commands.explain.inputs import curl_options, shell_words
from mock_server.commands.explain.inputs.found import FoundRequest, UnreadableError, latin1, split_url
from mock_server.http import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mock_server.commands.explain.inputs.shell_words import Word

_LONGEST: Final = 2 << 20  # bytes: the usual limit of a command line
_START: Final = re.compile(
    r"(?m)^[ \t]*(?:[$%] +)?(?:[A-Za-z_][A-Za-z0-9_]*=\S* +|(?:sudo|time|command) +)*"
    r"(?:\S*[/\\])?curl(?:\.exe)?(?=\s|$)"
)
_HEADERS_READ: Final = ("authorization", "couchbase-timestamp", "host")
_CUT_AT_AMPERSAND: Final = (
    "An `&` outside quotes ended the curl command: the shell runs the text after it as another command."
    " Put the URL in quotes."
)


def recognises(data: bytes) -> bool:
    """Return whether a line of the input begins with ``curl``."""
    return _START.search(data[:_LONGEST].decode("utf-8", "surrogateescape")) is not None


def read(data: bytes) -> FoundRequest:
    """Return the request that the curl command sends.

    Raises:
        UnreadableError: the command is incomplete, contains what only the caller's shell or files know, sends
            several requests, or has an option that is not followed here.
    """
    if len(data) > _LONGEST:
        raise UnreadableError("the curl command is longer than any system's limit for a command line")
    text = data.decode("utf-8", "surrogateescape")
    start = _START.search(text)
    assert start is not None  # noqa: S101  # `recognises` has found it
    command = shell_words.split(text[start.end() :])
    if _START.search(command.rest):
        raise UnreadableError("the input has more than one curl command: give one")
    notes = (_CUT_AT_AMPERSAND,) if command.ended_by == "&" and command.rest[:1] not in ("&", "") else ()
    return _Options(command.words).request(notes)


@dataclass(slots=True)
class _Body:
    """What -d and its relatives have collected."""

    parts: list[tuple[str, bytes]] = field(default_factory=list)

    def add(self, option: str, value: bytes) -> None:
        self.parts.append((option, value))

    def text(self) -> bytes:
        """Return the parts joined as curl joins them: by ``&``, except before a --json."""
        text = b""
        for place, (option, value) in enumerate(self.parts):
            text += (b"&" if place and option != "json" else b"") + value
        return text


class _Options:
    """The options of one curl command."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = list(words)
        self._at = 0
        self._urls: list[bytes] = []
        self._headers: list[bytes] = []
        self._body = _Body()
        self._queries: list[bytes] = []
        self._values: dict[str, bytes] = {}
        self._flags: set[str] = set()
        while self._at < len(self._words):
            word = self._next()
            if word.text.startswith("--") and len(word.text) > len("--"):
                self._long(word)
            elif word.text.startswith("-") and len(word.text) > 1 and word.text != "--":
                self._short(word)
            elif word.text not in ("--", "-") or word.unexpanded:
                self._urls.append(_bytes(word, "the URL"))

    def _next(self) -> Word:
        self._at += 1
        return self._words[self._at - 1]

    def _value(self, option: str) -> Word:
        if self._at >= len(self._words):
            raise UnreadableError(f"{option} of the curl command has no value after it")
        return self._next()

    def _long(self, word: Word) -> None:
        _bytes(word, "an option")
        name = word.text.removeprefix("--")
        if name.startswith("expand-"):
            self._not_followed(word.text)
        self._take(name, _shown(word.text), None)

    def _short(self, word: Word) -> None:
        """Take the options of a cluster such as ``-sXPOST``: the first one with a value takes the rest."""
        for place, letter in enumerate(word.text[1:], 1):
            name = curl_options.SHORT.get(letter, "")
            rest = word.text[place + 1 :]
            attached = shell_words.Word(rest, word.unexpanded) if rest or word.unexpanded else None
            if self._take(name, _shown(f"-{letter}"), attached):
                return
        _bytes(word, "an option")

    def _take(self, name: str, shown: str, attached: Word | None) -> bool:
        """Take an option, and return whether it takes a value."""
        if name in curl_options.NOT_FOLLOWED:
            self._not_followed(shown)
        if name in curl_options.FOLLOWED | curl_options.HARMLESS:
            self._flags.add(name)
            return False
        if name.startswith("no-") and name.removeprefix("no-") in curl_options.HARMLESS:
            return False
        if name in curl_options.HARMLESS_WITH_VALUE:
            if attached is None:
                self._value(shown)
            return True
        if name not in curl_options.FOLLOWED_WITH_VALUE:
            raise UnreadableError(
                f"the curl command has the option {shown}, which is not known here: leave it out if it does"
                " not change the request, or give the output of `curl -v`"
            )
        self._follow(name, shown, self._value(shown) if attached is None else attached)
        return True

    def _follow(self, name: str, shown: str, word: Word) -> None:
        if name == "header":
            self._header(shown, word)
            return
        value = _bytes(word, shown)
        reads_files = (curl_options.DATA - {"data-raw"}) | {"url", "url-query"}
        named_file = name in ("data-urlencode", "url-query") and _names_a_file(value)
        if name in reads_files and (value.startswith(b"@") or named_file):
            raise UnreadableError(f"{shown} of the curl command names a file, which is not read: {_INSTEAD}")
        if name == "url":
            self._urls.append(value)
        elif name == "url-query":
            self._queries.append(value[1:] if value.startswith(b"+") else _url_encoded(value))
        elif name in curl_options.DATA:
            self._body.add(name, _url_encoded(value) if name == "data-urlencode" else value)
        else:
            self._values[name] = value

    def _header(self, shown: str, word: Word) -> None:
        if word.text.startswith("@"):
            raise UnreadableError(f"{shown} of the curl command names a file, which is not read: {_INSTEAD}")
        name = re.split("[:;]", word.text, maxsplit=1)[0].strip().lower()
        if word.unexpanded and (name in _HEADERS_READ or ":" not in word.text):
            _bytes(word, f"the header {name.title()}" if name in _HEADERS_READ else shown)
        self._headers.append(word.text.encode("utf-8", "surrogateescape"))

    def _not_followed(self, shown: str) -> NoReturn:
        raise UnreadableError(
            f"{shown} of the curl command changes the request in a way that is not followed here: {_INSTEAD}"
        )

    def request(self, notes: tuple[str, ...]) -> FoundRequest:
        """Return the request that these options make."""
        if len(self._urls) != 1:
            count = f"{len(self._urls)} URLs: give one" if self._urls else "no URL: add it"
            raise UnreadableError(f"the curl command has {count}")
        host, target, credentials = self._target()
        body = b"" if "get" in self._flags else self._body.text()
        posts = bool(self._body.parts) and "get" not in self._flags
        if posts and "head" in self._flags:
            raise UnreadableError("the curl command has -I and a body, which curl refuses: leave one out")
        default = b"HEAD" if "head" in self._flags else b"POST" if posts else b"GET"
        headers = self._sent_headers(host, credentials)
        method = latin1(self._values.get("request", default))
        return FoundRequest(ReceivedRequest(method, latin1(target), headers, body), notes=notes)

    def _target(self) -> tuple[bytes, bytes, bytes]:
        """Return the host, the request target and the user name and password of the URL."""
        url = self._urls[0]
        _check_url(url, glob="globoff" not in self._flags or "no-globoff" in self._flags)
        if not re.match(rb"(?i)[a-z][a-z0-9+.-]*://", url):
            url = b"http://" + url
        host, target = split_url(url)
        if not host:
            raise UnreadableError(
                "the URL of the curl command is neither http:// nor https://, or has no host"
            )
        authority = re.split(rb"[/?#]", url.partition(b"://")[2], maxsplit=1)[0]
        credentials = authority.rpartition(b"@")[0]
        if "path-as-is" not in self._flags:
            target = without_dot_segments(target)
        added = list(self._queries)
        if "get" in self._flags and self._body.parts:
            added.insert(0, self._body.text())
        for query in added:
            if b" " in query:
                raise UnreadableError("the query has a space, which curl refuses: percent-encode it")
            if re.search(rb"%[0-9]?[A-Fa-f]", query):
                raise UnreadableError(
                    f"versions of curl write %-escapes in an added query differently: {_INSTEAD}"
                )
            joined = b"" if target.endswith(b"?") else b"&" if b"?" in target else b"?"
            target += joined + query
        return host, self._values.get("request-target", target), credentials

    def _sent_headers(self, host: bytes, credentials: bytes) -> list[tuple[str, str]]:
        """Return the headers that matter: those given, and those that curl adds itself."""
        given = [_split_header(line) for line in self._headers]
        sent = [(name, value) for name, value in given if value is not None]
        names = {name.lower() for name, _ in given}
        if b"host" not in names:
            sent.append((b"Host", host))
        if b"authorization" not in names:
            user = self._values.get("user", credentials)
            if "oauth2-bearer" in self._values:
                sent.append((b"Authorization", b"Bearer " + self._values["oauth2-bearer"]))
            elif user:
                sent.append((b"Authorization", b"Basic " + base64.b64encode(user)))
        return [(latin1(name), latin1(value)) for name, value in sent]


_INSTEAD: Final = "give the output of `curl -v` instead"


def _bytes(word: Word, where: str) -> bytes:
    """Return the bytes of a word, which must be complete."""
    if word.unexpanded:
        raise UnreadableError(
            f"{_shown(word.unexpanded)} in {where} of the curl command is known only to your shell:"
            f" write its value there, or {_INSTEAD}"
        )
    return word.text.encode("utf-8", "surrogateescape")


def _shown(text: str) -> str:
    """Return the name of an option or variable, in ASCII and not too long."""
    return ascii(text[:40])[1:-1]


def _split_header(line: bytes) -> tuple[bytes, bytes | None]:
    """Return name and value of -H; the value is None for ``Name:``, which removes a header."""
    name, colon, value = line.partition(b":")
    if colon:
        return name, value if value.strip() else None
    if line.endswith(b";"):
        return line[:-1], b""
    return line, None


def _check_url(url: bytes, *, glob: bool) -> None:
    """Refuse a URL that curl refuses, expands, or sends differently in each version."""
    if re.search(rb"[\x00-\x20\x7f]", url):
        raise UnreadableError(
            "the URL of the curl command has a space or a control character, which curl refuses"
        )
    if re.search(rb"[\x80-\xff]", url):
        raise UnreadableError(
            f"the URL has a character that is not ASCII, which versions of curl send differently: {_INSTEAD}"
        )
    if glob and re.search(rb"[{}\[\]]", re.sub(rb"//(?:[^/?#@]*@)?\[[0-9A-Fa-f:.]+\]", b"//", url)):
        raise UnreadableError(
            "the URL has { } or [ ], which curl expands to several URLs: replace them, or add -g"
        )


def without_dot_segments(target: bytes) -> bytes:
    """Return a request target whose path has no ``.`` and ``..`` segments (RFC 3986, section 5.2.4)."""
    path, mark, query = target.partition(b"?")
    kept: list[bytes] = []
    segments = path.split(b"/")[1:]
    for place, segment in enumerate(segments):
        if segment == b"..":
            del kept[-1:]
        elif segment != b".":
            kept.append(segment)
        if segment in (b".", b"..") and place == len(segments) - 1:
            kept.append(b"")
    return b"/" + b"/".join(kept) + mark + query


def _names_a_file(value: bytes) -> bool:
    """Return whether a value of --data-urlencode is ``name@file``: an ``@`` before any ``=``."""
    return b"@" in value.partition(b"=")[0]


def _url_encoded(value: bytes) -> bytes:
    """Return ``name=content`` with the content percent-encoded, as --data-urlencode does."""
    name, equals, content = value.partition(b"=")
    if not equals:
        name, content = b"", value
    return name + (equals if name else b"") + quote_plus(content, safe="").encode()
