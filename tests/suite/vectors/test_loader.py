"""The loader: each problem of a vector file is an error of one line, with file, id and key."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.conformance.vectors.loader import VectorError, load
from tests.conformance.vectors.suite import load_suite
from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the vector files."""
    return shutil.copytree(VECTORS, tmp_path / "vectors")


# The file, a text in it, the replacement of its first occurrence, and the error.
PROBLEMS = {
    "unquoted-timestamp": (
        "signatures.yaml",
        'timestamp: "1614622252260"',
        "timestamp: 1614622252260",
        "signatures.yaml: guide-example: timestamp: 1614622252260 has no quotes (line ",
    ),
    "unquoted-word-yaml-1.1-retypes": (
        "signatures.yaml",
        'secret: "my secret key"',
        "secret: yes",
        "signatures.yaml: guide-example: secret: yes has no quotes (line ",
    ),
    "unquoted-octal-of-yaml-1.2": (
        "signatures.yaml",
        'timestamp: "1614622252260"',
        "timestamp: 0o17",
        "signatures.yaml: guide-example: timestamp: 0o17 has no quotes (line ",
    ),
    "unquoted-deep-inside": (
        "targets.yaml",
        'query: [["perPage", "100"]]',
        'query: [["perPage", 100]]',
        "targets.yaml: segment-with-slash: query[1][2]: 100 has no quotes (line ",
    ),
    "unquoted-clock": (
        "refusals.yaml",
        'clock: "1700000000123"',
        "clock: 1700000000123",
        "refusals.yaml: clock: 1700000000123 has no quotes (line ",
    ),
    "quoted-version": (
        "signatures.yaml",
        "version: 1",
        'version: "1"',
        "signatures.yaml: version: 1 was expected",
    ),
    "unknown-key": (
        "signatures.yaml",
        "    flags: [Smoke]\n",
        '    flags: [Smoke]\n    comment: "x"\n',
        "signatures.yaml: guide-example: comment: unknown key",
    ),
    "unknown-key-of-the-file": (
        "targets.yaml",
        "version: 1",
        'version: 1\nflag: "x"',
        "targets.yaml: flag: unknown key",
    ),
    "unknown-key-of-a-request": (
        "refusals.yaml",
        '      method: "GET"',
        '      method: "GET"\n      path: "/"',
        "refusals.yaml: no-authorization: request: path: unknown key",
    ),
    "missing-key": (
        "signatures.yaml",
        '    endpoint: "/v2/clouds"\n',
        "",
        "signatures.yaml: guide-example: endpoint: the key is missing",
    ),
    "missing-id": (
        "settings.yaml",
        "  - id: settings-first-names\n    about",
        "  - about",
        "settings.yaml: settings[1]: id: the key is missing",
    ),
    "key-twice": (
        "signatures.yaml",
        '    timestamp: "1614622252260"\n',
        '    timestamp: "1614622252260"\n    timestamp: "1614622252261"\n',
        "signatures.yaml: guide-example: timestamp: the key is repeated (line ",
    ),
    "expected-and-refuse": (
        "signatures.yaml",
        '    message: "GET',
        '    refuse: "input_invalid"\n    message: "GET',
        "signatures.yaml: guide-example: expected: the key is not allowed together with the others",
    ),
    "mistake-of-an-accepted-request": (
        "refusals.yaml",
        "expected: {code: ok}",
        "expected: {code: ok, mistake: method_case}",
        "refusals.yaml: accepted-plain: expected: mistake: the key is not allowed together with the others",
    ),
    "unknown-code": (
        "refusals.yaml",
        "code: authorization_missing",
        "code: authorisation_missing",
        "refusals.yaml: no-authorization: expected: code: 'authorisation_missing' is not one of",
    ),
    "id-not-kebab-case": (
        "signatures.yaml",
        "id: guide-example",
        "id: guide_example",
        "signatures.yaml: guide_example: id: 'guide_example' does not match",
    ),
    "id-twice": (
        "signatures.yaml",
        "id: get-query",
        "id: guide-example",
        "signatures.yaml: guide-example: id: already used in signatures.yaml",
    ),
    "id-in-two-files": (
        "settings.yaml",
        "id: settings-first-names",
        "id: guide-example",
        "settings.yaml: guide-example: id: already used in signatures.yaml",
    ),
    "flag-undefined": (
        "signatures.yaml",
        "    flags: [Smoke]",
        "    flags: [Smoky]",
        "signatures.yaml: guide-example: flags: Smoky is not defined at the top",
    ),
    "flag-unused": (
        "signatures.yaml",
        "flags:\n",
        'flags:\n  Spare:\n    bug: "x"\n    effect: "y"\n',
        "signatures.yaml: flags: Spare: no vector has this flag",
    ),
    "mutates-nothing": (
        "refusals.yaml",
        "mutates: get-clouds",
        "mutates: get-cloud",
        "refusals.yaml: no-authorization: mutates: get-cloud is not a signed vector",
    ),
    "mutates-a-refusal": (
        "refusals.yaml",
        "mutates: get-clouds",
        "mutates: refuse-fragment",
        "refusals.yaml: no-authorization: mutates: refuse-fragment is not a signed vector",
    ),
    "group-without-an-accepted-request": (
        "refusals.yaml",
        "mutates: get-clouds",
        "mutates: output-both",
        "refusals.yaml: no-authorization: mutates: the group output-both has no accepted request",
    ),
    "not-yaml": (
        "settings.yaml",
        "settings:\n",
        "settings: [\n",
        "settings.yaml: cannot be read: while parsing",
    ),
    "key-is-a-list": (
        "targets.yaml",
        "version: 1",
        "version: 1\n? [a]\n: b",
        "targets.yaml: the whole file: a key is not a string (line ",
    ),
    "two-documents": (
        "targets.yaml",
        "version: 1",
        "version: 1\n---",
        "targets.yaml: cannot be read: expected a single document",
    ),
}


def test_the_suite_loads(directory: Path) -> None:
    """The vector files load, from any folder."""
    assert load_suite(directory) == load_suite()


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS.keys())
def test_problem(directory: Path, problem: tuple[str, str, str, str]) -> None:
    """One problem in one file is an error of one line."""
    name, before, after, message = problem
    path = directory / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(VectorError) as caught:
        load_suite(directory)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_missing_file(directory: Path) -> None:
    """A missing file is an error like any other."""
    (directory / "targets.yaml").unlink()
    with pytest.raises(VectorError, match=r"^targets.yaml: cannot be read: "):
        load(directory / "targets.yaml")


def test_empty_file(directory: Path) -> None:
    """The keys of an empty file are missing."""
    (directory / "targets.yaml").write_text("# nothing\n", encoding="utf-8")
    with pytest.raises(VectorError, match=r"^targets.yaml: version, targets: the key is missing$"):
        load(directory / "targets.yaml")


def bomb(levels: int) -> str:
    """Return a document of a few hundred bytes that describes 10 to the power of `levels` values."""
    lines = ["a0: &a0 [" + ", ".join(["x"] * 10) + "]"]
    lines += [
        f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]" for level in range(1, levels)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bomb(12).encode(), "line 1: &a0 is an anchor: remove it"),
        (b"version: *a", "line 1: *a is an alias"),
        (b"version: &a 1", "line 1: &a is an anchor"),
        (b"version: 1\n<<: {targets: []}", "line 2: << is a merge key: write the keys"),
        (b"version: !!int '1'", "line 1: tag:yaml.org,2002:int is a tag: remove it"),
        (b"version: !x {}", "line 1: !x is a tag"),
        (b"targets: " + b"[" * 30 + b"]" * 30, "line 1: it is nested deeper than 20 levels"),
        (b"- " * 3000 + b"x", "line 1: it is nested deeper than 20 levels"),
        (b"version: .nan", "version: 1 was expected"),
        (b"version: 1\ntargets: [.nan]", "targets[1]: .nan has no quotes"),
        (b"version: 1\nversion: 1", "version: the key is repeated"),
        (b"version: 1\ntargets: \xff", "cannot be read: 'utf-8' codec can't decode byte 0xff"),
        (b"\xff\xfev\x00", "cannot be read: 'utf-8' codec"),
        (b"version: '\x1b[31m'", "cannot be read: "),
        (b'version: "\\uD800"', "cannot be read: "),
        (b"\0", "cannot be read: "),
        (b"%YAML 9.9\n---\nversion: 1", "cannot be read: "),
        (b"version: 1\n" + b"#" * (16 << 20), "it is larger than 16 MiB"),
    ],
)
def test_hostile_file(directory: Path, content: bytes, said: str) -> None:
    """A file that would hang, exhaust or mislead a loader is an error of one printable line."""
    (directory / "targets.yaml").write_bytes(content)
    with pytest.raises(VectorError) as caught:
        load(directory / "targets.yaml")
    assert str(caught.value).startswith(f"targets.yaml: {said}")
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("content", [b"targets: " + b"[" * 3000 + b"]" * 3000, b"{a: " * 500_000])
def test_deep_file(directory: Path, content: bytes) -> None:
    """The parser or the loader stops at some depth, with one line."""
    (directory / "targets.yaml").write_bytes(content)
    with pytest.raises(VectorError, match=r"^targets\.yaml: .*(nested deeper|nesting depth)") as caught:
        load(directory / "targets.yaml")
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("huge", [True, False])
def test_endless_file(directory: Path, *, huge: bool) -> None:
    """A file of 1 GB is not read as a whole, and a device is not read at all."""
    path = directory / "targets.yaml"
    path.unlink()
    if huge:
        with path.open("wb") as file:
            file.truncate(1 << 30)
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(VectorError) as caught:
        load(path)
    assert str(caught.value) in {
        "targets.yaml: it is larger than 16 MiB",
        "targets.yaml: cannot be read: it is not a regular file",
    }


def test_representations_contain_no_secrets() -> None:
    """Pytest prints the representation of a failing case: it has no secret of settings or server keys."""
    suite = load_suite()
    assert "my secret key" not in repr(suite.refusals)
    assert all("secret_key" not in repr(vector.expected) for vector in suite.settings)
