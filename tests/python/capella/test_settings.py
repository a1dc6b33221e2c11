"""Settings in Python: every vector through a real `.env` file."""

from __future__ import annotations

import codecs
import os
import re
from typing import TYPE_CHECKING

import pytest

from capella import settings
from capella.errors import SettingsError
from capella.settings import Settings
from tests.conformance.programs.answers import Answer
from tests.conformance.settings.judge import judge
from tests.conformance.vectors.suite import load_suite

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.settings.cases import SettingsVector

VECTORS = load_suite().settings


def ids(vector: SettingsVector) -> str:
    """Return the vector's id, as the name of its test."""
    return vector.id


def found() -> dict[str, str]:
    """Return the environment without pytest's own variable."""
    return {name: value for name, value in settings.environment().items() if name != "PYTEST_CURRENT_TEST"}


def load(vector: SettingsVector) -> Answer:
    """Load the settings; the text of an error has the vector's names and no value."""
    try:
        loaded = settings.load(settings.environment())
    except SettingsError as error:
        text, names = str(error), error.missing or error.invalid
        code = "settings_missing" if error.missing else "settings_invalid"
    else:
        fields = {
            "base_url": loaded.base_url,
            "access_key": loaded.access_key,
            "secret_key": loaded.secret_key.reveal(),
        }
        return Answer({}, 0.0, fields)
    assert code == vector.refuse
    assert text.isprintable()
    assert set(vector.names) <= set(text.replace(";", " ").split())
    assert not {"hidden", "anna", "your"} & set(re.findall(r"\w+", text))
    return Answer({}, 0.0, refused=text, names=names)


@pytest.mark.parametrize("vector", VECTORS, ids=ids)
def test_vector(vector: SettingsVector, only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment and file give the vector's settings, or an error with its names and no value."""
    for name, value in vector.environment.items():
        monkeypatch.setenv(name, value)
    if vector.dotenv is not None:
        (only / ".env").write_bytes(vector.dotenv.encode())
    judgement = judge(vector, load(vector))
    assert judgement.outcome == "passed", judgement.lines


def test_everything_wrong_is_said_at_once() -> None:
    """One message reports the missing key and all refused values."""
    with pytest.raises(SettingsError) as refused:
        settings.load({"CBC_API_URL": "http://example.com", "cbc_secret_key": " s"})
    assert refused.value.missing == ("CBC_ACCESS_KEY",)
    assert refused.value.invalid == ("CBC_API_URL", "cbc_secret_key")
    for name in ("CBC_API_URL", "CBC_ACCESS_KEY", "cbc_secret_key"):
        assert name in str(refused.value)


def test_without_keys() -> None:
    """Without keys, the keys of the environment are ignored."""
    assert settings.load({"ACCESS_KEY": "a", "SECRET_KEY": "b"}, keys=False) == Settings(settings.SERVICE)


@pytest.mark.parametrize("value", ["a\udcff", "caf\u00e9", "a\x01b", "a\x7f"])
def test_access_key_that_no_header_can_contain(value: str) -> None:
    """An access key other than visible ASCII is refused."""
    with pytest.raises(SettingsError, match="CBC_ACCESS_KEY"):
        settings.load({"CBC_ACCESS_KEY": value, "CBC_SECRET_KEY": "s"})


def test_secret_key_that_is_not_utf8(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret key that is not UTF-8 is refused, because it cannot be signed."""
    assert not list(only.iterdir())
    monkeypatch.setitem(os.environb, b"CBC_SECRET_KEY", b"a\xff")
    monkeypatch.setenv("CBC_ACCESS_KEY", "a")
    with pytest.raises(SettingsError, match="CBC_SECRET_KEY is not valid UTF-8"):
        settings.load(settings.environment())


def test_scheme_in_capitals() -> None:
    """The rule for plain http ignores the scheme's case."""
    with pytest.raises(SettingsError, match="CBC_API_URL is plain http"):
        settings.load({"CBC_API_URL": "HTTP://example.com", "CBC_ACCESS_KEY": "a", "CBC_SECRET_KEY": "s"})


@pytest.mark.parametrize("value", ["canary\n", " canary", "'canary'", "canary\udcff"])
def test_refused_secret_is_not_quoted(value: str) -> None:
    """The error of a refused secret does not contain the secret."""
    with pytest.raises(SettingsError) as refused:
        settings.load({"CBC_ACCESS_KEY": "a", "CBC_SECRET_KEY": value})
    assert "canary" not in f"{refused.value!r} {refused.value}"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("[::1]", True),
        ("::1", True),
        ("localhost.", False),
        ("127.0.0.1.nip.io", False),
        ("X127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104  # it is not bound
        ("10.0.0.1", False),
        ("[::2]", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:  # noqa: FBT001  # a column of the table
    """Loopback is `localhost` and loopback addresses, and no similar name."""
    assert settings.is_loopback(host) is loopback


def test_secret_is_not_shown() -> None:
    """The `repr` of the settings does not contain the secret key."""
    assert "canary" not in f"{Settings('http://127.0.0.1', 'a', 'canary')!r} {Settings('', '', 'canary')}"


def test_dotenv_above(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest `.env` file at or above the working directory is used."""
    (only / ".env").write_text("CBC_ACCESS_KEY='far'\n", "utf-8")
    inner = only / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert found() == {"CBC_ACCESS_KEY": "far"}
    (only / "a" / ".env").write_text("CBC_SECRET_KEY='near'\n", "utf-8")
    assert found() == {"CBC_SECRET_KEY": "near"}


def refused_file(content: bytes, folder: Path) -> str:
    """Write a `.env` file that is refused, and return the error, which shows nothing of the file."""
    (folder / ".env").write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        settings.environment()
    assert refused.value.exit_code == 2
    assert "canary" not in f"{refused.value} {refused.value!r}"
    assert str(refused.value).isprintable()
    assert (refused.value.__cause__, refused.value.__suppress_context__ or refused.value.__context__) in (
        (None, None),
        (None, True),
    )
    return str(refused.value)


LINE = "CBC_SECRET_KEY='canary'\n"


def test_dotenv_with_a_byte_order_mark(only: Path) -> None:
    """A BOM is refused, because godotenv stops at it and prints the file."""
    assert refused_file(codecs.BOM_UTF8 + LINE.encode(), only) == (
        f"{only}/.env begins with a byte order mark (BOM), at which godotenv stops and prints the secrets"
        " in the file: save it as UTF-8 without BOM"
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_dotenv_in_utf_16(encoding: str, only: Path) -> None:
    """UTF-16 is named as such, with a BOM or without."""
    line = refused_file(LINE.encode(encoding), only)
    assert line == f"{only}/.env is UTF-16 or binary: save it as UTF-8 without BOM"


def test_dotenv_in_big_endian_utf_16_with_a_mark(only: Path) -> None:
    """Both byte orders have a BOM, which alone is enough: the text may contain no NUL."""
    for mark, encoding in ((codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        assert "UTF-16" in refused_file(mark + "\u6f22".encode(encoding), only)


def test_dotenv_that_is_not_utf8(only: Path) -> None:
    """The file is named, its content is not."""
    line = refused_file(b"CBC_SECRET_KEY='canary\xff'\n", only)
    assert line == f"{only}/.env is not UTF-8: save it as UTF-8 without BOM"


def test_dotenv_that_cannot_be_read(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file and the system's reason are named."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    (only / ".env").touch()
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(SettingsError, match=r"/\.env cannot be read: Permission denied$"):
        settings.environment()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_dotenv(end: str, only: Path) -> None:
    """Each line end of a text file ends a line; none is part of a value."""
    (only / ".env").write_bytes(f"CBC_ACCESS_KEY='a'{end}CBC_SECRET_KEY=s{end}".encode())
    assert found() == {"CBC_ACCESS_KEY": "a", "CBC_SECRET_KEY": "s"}


def test_line_ends_inside_a_value(only: Path) -> None:
    """A value in quotes may have several lines; each of their ends is read as a newline."""
    (only / ".env").write_bytes(b"A='x\r\ny\rz'\n")
    assert found() == {"A": "x\ny\nz"}


def test_without_a_working_directory(only: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a deleted working directory there is no `.env` file, and the environment is used."""
    gone = only / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setenv("CBC_ACCESS_KEY", "a")
    assert found() == {"CBC_ACCESS_KEY": "a"}


def problem(url: str = "http://127.0.0.1", access: str = "a", secret: str = "s") -> str:  # noqa: S107  # no secret
    """Return the error of these settings, empty if they load."""
    try:
        settings.load({"CBC_API_URL": url, "CBC_ACCESS_KEY": access, "CBC_SECRET_KEY": secret})
    except SettingsError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize(("port", "valid"), [("0", False), ("1", True), ("65535", True), ("65536", False)])
def test_ports(port: str, valid: bool) -> None:  # noqa: FBT001  # a column
    """A port is 1 to 65535."""
    assert problem(f"http://127.0.0.1:{port}") == (
        "" if valid else "CBC_API_URL has an invalid port: use 1 to 65535"
    )


@pytest.mark.parametrize("url", ["https://[::g]", "https://[1]", "http://[1.2.3]"])
def test_invalid_ipv6_address(url: str) -> None:
    """An invalid address in brackets is not sent to the resolver."""
    assert problem(url).startswith("CBC_API_URL ")


@pytest.mark.parametrize("url", ["https://[2001:db8::]", "https://[::1]:1", "http://[::1]"])
def test_ipv6_address(url: str) -> None:
    """The whole address between the brackets is validated."""
    assert problem(url) == ""


@pytest.mark.parametrize(
    "url",
    ["https://a/b", "https://a?b", "https://a#b", "https://u@a", "ftp://a", "a", "https://", "https://a:1:2"],
)
def test_url_that_is_more_or_less(url: str) -> None:
    """A base URL has a scheme, a host and optionally a port. Any other part is refused."""
    assert problem(url) == (
        "CBC_API_URL is not scheme://host[:port]: use http or https, without path, query, fragment or user"
        " name"
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            "a\nb",
            "contains a line break: remove it; it may be the end of a file, or two values pasted as one",
        ),
        ("a\rb", "contains a line break"),
        (" a", "begins or ends with white space: remove it"),
        ("a\u2003", "begins or ends with white space"),
        ("'a'", "is still in quotes"),
        ('"a"', "is still in quotes"),
        ("''", "is still in quotes"),
        ("a\ud800", "is not valid UTF-8"),
        ("\udfffb", "is not valid UTF-8"),
    ],
)
def test_value_that_is_refused(value: str, words: str) -> None:
    """Each value is checked in the same way, and the error names the setting and the problem."""
    assert problem(access=value).startswith(f"CBC_ACCESS_KEY {words}")
    assert problem(secret=value).startswith(f"CBC_SECRET_KEY {words}")
    assert problem(value).startswith(f"CBC_API_URL {words}")


@pytest.mark.parametrize("value", ["'", '"', "'a", "a'", "\"a'", "XaX", "\ud7ff", "\ue000", "a b", "#%$"])
def test_secret_that_is_not_repaired(value: str) -> None:
    """A secret with one quote, or with characters next to the surrogate range, is used unchanged."""
    assert settings.load({"ACCESS_KEY": "a", "SECRET_KEY": value}).secret_key.reveal() == value


@pytest.mark.parametrize("value", ["!", "~", "a;b", "a=b", "X"])
def test_edges_of_an_access_key(value: str) -> None:
    """An access key may have any visible ASCII except the colon and angle brackets."""
    assert problem(access=value) == ""


@pytest.mark.parametrize("value", ["a b", "\x7f", "\u00e9", "a:b", "a<b", "a>b"])
def test_just_beyond_an_access_key(value: str) -> None:
    """Any other character is refused."""
    assert problem(access=value).startswith("CBC_ACCESS_KEY contains a character other than visible ASCII")


def test_what_is_missing() -> None:
    """One missing name and two have their own sentences."""
    with pytest.raises(SettingsError) as one:
        settings.load({"ACCESS_KEY": "a"})
    assert str(one.value) == "CBC_SECRET_KEY not set: set it in the environment or in a .env file"
    with pytest.raises(SettingsError) as two:
        settings.load({})
    assert str(two.value) == (
        "CBC_ACCESS_KEY and CBC_SECRET_KEY not set: set them in the environment or in a .env file"
    )


def test_final_slash() -> None:
    """A final slash of the base URL is removed; two are refused."""
    assert settings.load({"BASE_URL": "https://a/"}, keys=False).base_url == "https://a"
    with pytest.raises(SettingsError):
        settings.load({"BASE_URL": "https://a//"}, keys=False)
    assert settings.load({}, keys=False).base_url == "https://cloudapi.cloud.couchbase.com"


def test_checked() -> None:
    """Settings created in code come back as `load` gives them, or are refused as it does."""
    assert settings.checked(Settings("https://a/", "A", "s")) == Settings("https://a", "A", "s")
    assert settings.checked(Settings("https://a")) == Settings("https://a")
    for half in (Settings("https://a", "A"), Settings("https://a", "", "s")):
        with pytest.raises(SettingsError):
            settings.checked(half)
    with pytest.raises(SettingsError) as refused:
        settings.checked(Settings("a", " A", " s"))
    assert refused.value.invalid == ("CBC_API_URL", "CBC_ACCESS_KEY", "CBC_SECRET_KEY")


def test_white_space_is_the_property_of_unicode() -> None:
    """Each of the 25 characters with `White_Space` is refused at either end; no other character is."""
    listed = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)}
    listed |= {0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
    assert len(listed) == 25
    for code in [*range(1, 0x3100), 0xFEFF]:
        for secret in (f"{chr(code)}a", f"a{chr(code)}"):
            names = {"CBC_ACCESS_KEY": "access", "CBC_SECRET_KEY": secret}
            if code in listed:
                with pytest.raises(SettingsError):
                    settings.load(names)
            else:
                assert settings.load(names).secret_key.reveal() == secret
