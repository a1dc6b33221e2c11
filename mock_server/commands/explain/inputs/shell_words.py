r"""Splits a command line into words, as a POSIX shell or the Windows command prompt does.

``shlex`` does not say which characters were quoted. That matters here: ``'$one'`` is text, ``"$one"`` is the
value of a variable that only the caller's shell knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mock_server.commands.explain.inputs.found import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable

_VARIABLE: Final = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[^}]*\}?|[0-9@*#?!$-])")
_PERCENT: Final = re.compile(r"%[A-Za-z_][A-Za-z0-9_]*%")
_NAME: Final = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]{0,39})")
_PLAIN: Final = re.compile(r"[^\s'\"\\$`;|&<>()#%]+")
_ANSI_C: Final = re.compile(
    r"\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|(.))", re.DOTALL
)
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_CARET: Final = re.compile(r"\^(\r?\n|.)", re.DOTALL)


@dataclass(slots=True)
class Word:
    """A word of a command line.

    Attributes:
        text: the word without its quotes.
        unexpanded: what only the caller's shell can replace, such as ``$TIMESTAMP``; empty if nothing.
    """

    text: str = ""
    unexpanded: str = ""


@dataclass(slots=True)
class Command:
    """The first command of a command line.

    Attributes:
        words: its words.
        ended_by: the unquoted operator that ended it, or an empty string.
        rest: the text after the operator.
    """

    words: list[Word] = field(default_factory=list)
    ended_by: str = ""
    rest: str = ""


def split(text: str) -> Command:
    """Return the first command of a command line.

    Raises:
        UnreadableError: a quote is not closed.
    """
    windows = re.search(r"\^\r?\n|\^\"", text) is not None
    if windows:
        text = _CARET.sub(lambda match: "" if match[1] in ("\n", "\r\n") else match[1], text)
    return _Splitter(text, windows=windows).command()


class _Splitter:
    """Reads a command line from left to right."""

    def __init__(self, text: str, *, windows: bool) -> None:
        self._text = text
        self._at = 0
        self._windows = windows
        self._word: Word | None = None
        self._parts: list[str] = []
        self._command = Command()

    def command(self) -> Command:
        """Read up to the end of the first command."""
        readers: dict[str, Callable[[], None]] = {
            '"': self._double_quotes,
            "\\": self._backslash,
            **({"%": self._percent} if self._windows else {"'": self._single_quotes, "$": self._dollar}),
            **({} if self._windows else {"`": self._backtick}),
        }
        while self._at < len(self._text) and not self._command.ended_by:
            character = self._text[self._at]
            if plain := _PLAIN.match(self._text, self._at):
                self._add(plain[0])
                self._at = plain.end()
            elif character in readers:
                readers[character]()
            elif character in ";|&\n<>()":
                self._operator(character)
            elif character.isspace():
                self._end_word()
                self._at += 1
            elif character == "#" and self._word is None:
                self._skip_comment()
            else:
                self._add(character)
                self._at += 1
        self._end_word()
        self._command.rest = self._text[self._at :]
        return self._command

    def _add(self, text: str, unexpanded: str = "") -> None:
        self._word = self._word or Word()
        self._parts.append(text)
        self._word.unexpanded = self._word.unexpanded or unexpanded

    def _end_word(self) -> None:
        if self._word is not None:
            self._word.text = "".join(self._parts)
            self._command.words.append(self._word)
        self._word, self._parts = None, []

    def _skip_comment(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def _operator(self, character: str) -> None:
        if character in "<>":
            if self._word is not None and "".join(self._parts).isdigit():  # the 2 of 2>
                self._word, self._parts = None, []
            self._end_word()
            self._skip_redirection()
            return
        self._end_word()
        self._at += 1
        if character != "\n" or self._command.words:
            self._command.ended_by = character

    def _skip_redirection(self) -> None:
        """Skip an operator such as ``2>&1`` or ``>``, and the name of the file after it."""
        operator = re.compile(r"[<>]+(?:&[0-9-]+|&?)").match(self._text, self._at)
        assert operator is not None  # noqa: S101  # the caller has seen < or >
        self._at = operator.end()
        if not re.fullmatch(r".*&[0-9-]+", operator[0]):
            name = re.compile(r"[ \t]*(?:'[^']*'|\"[^\"]*\"|[^\s;|&<>])*").match(self._text, self._at)
            self._at = name.end() if name else self._at

    def _single_quotes(self) -> None:
        end = self._text.find("'", self._at + 1)
        if end < 0:
            raise UnreadableError("the curl command has a single quote that is not closed")
        self._add(self._text[self._at + 1 : end])
        self._at = end + 1

    def _double_quotes(self) -> None:
        self._at += 1
        self._add("")
        stop = re.compile(r'[^"\\%]+' if self._windows else r'[^"\\$`]+')
        while self._at < len(self._text):
            if plain := stop.match(self._text, self._at):
                self._add(plain[0])
                self._at = plain.end()
                continue
            character = self._text[self._at]
            if character == '"':
                self._at += 1
                return
            if character == "\\":
                self._backslash('"\\' if self._windows else '"\\$`\n')
            elif character == "%":
                self._percent()
            elif character == "$":
                self._dollar(quoted=True)
            else:
                self._backtick()
        raise UnreadableError("the curl command has a double quote that is not closed")

    def _backslash(self, escapable: str | None = None) -> None:
        """Read a backslash. In double quotes it escapes only a few characters."""
        following = self._text[self._at + 1 : self._at + 2]
        if following == "\r" and self._text[self._at + 2 : self._at + 3] == "\n":
            self._at += 3  # a continued line of a file with CRLF
        elif following == "\n" and not self._windows:
            self._at += 2
        elif following and (following in escapable if escapable is not None else not self._windows):
            self._add(following)
            self._at += 2
        else:
            self._add("\\")
            self._at += 1

    def _dollar(self, *, quoted: bool = False) -> None:
        text = self._text
        if text.startswith("$(", self._at):
            self._add("", "$(...)")
            self._at += 2
            self._skip_substitution()
        elif not quoted and text.startswith("$'", self._at):
            self._ansi_c()
        elif variable := _VARIABLE.match(text, self._at):
            name = _NAME.match(variable[0])
            self._add("", f"${name[1]}" if name else variable[0][:2])
            self._at = variable.end()
        else:
            self._add("$")
            self._at += 1

    def _skip_substitution(self) -> None:
        """Skip to the parenthesis that closes ``$(``. Quotes inside are not read: a name is all we need."""
        depth = 1
        while depth and self._at < len(self._text):
            depth += {"(": 1, ")": -1}.get(self._text[self._at], 0)
            self._at += 1

    def _ansi_c(self) -> None:
        string = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL).match(self._text, self._at)
        if string is None:
            raise UnreadableError("the curl command has a $'...' that is not closed")
        self._add(_ANSI_C.sub(_unescaped, string[1]))
        self._at = string.end()

    def _backtick(self) -> None:
        end = self._text.find("`", self._at + 1)
        self._add("", "`...`")
        self._at = len(self._text) if end < 0 else end + 1

    def _percent(self) -> None:
        variable = _PERCENT.match(self._text, self._at)
        # A percent-encoded character such as %2F%41 looks like a variable only if a letter follows the %.
        if variable is None or re.match(r"%[0-9A-Fa-f]{2}", variable[0]):
            self._add("%")
            self._at += 1
        else:
            self._add("", variable[0][:42])
            self._at = variable.end()


def _unescaped(escape: re.Match[str]) -> str:
    byte, short, long, octal, character = escape.groups()
    if short or long:
        code = int(short or long, 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"  # noqa: PLR2004  # Unicode's limits
    if byte or octal:
        value = int(byte, 16) if byte else int(octal, 8) & 0xFF
        return bytes((value,)).decode("utf-8", "surrogateescape")
    return _ESCAPES.get(character, character if character in "\\'\"?" else f"\\{character}")
