"""The vector files: recomputed with other tools, complete, and described by their README.

The command line of OpenSSL signs the vectors that are written by hand, and the library of OpenSSL signs the
generated ones, because a process for each takes minutes. The clients and the mock are not used.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from tests.conformance.refusals import generate
from tests.conformance.refusals.mutations import MUTATIONS
from tests.conformance.signatures import generate as signatures_generate
from tests.conformance.signatures.walk import CASES, SECTIONS
from tests.conformance.signatures.walk.sizes import LARGE, SIZES
from tests.conformance.vectors.suite import load_suite
from tests.support.paths import VECTORS
from tests.support.programs import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conformance.refusals.cases import RefusalVector
    from tests.conformance.signatures.cases import SignatureVector
    from tests.conformance.targets.cases import TargetVector

SUITE = load_suite()
README = (VECTORS / "README.md").read_text(encoding="utf-8")
SIGNED = [vector for vector in SUITE.signatures if vector.expected]
REFUSED = [vector for vector in SUITE.signatures if vector.refuse]
ANSWERS = json.loads((VECTORS / "refusals.schema.json").read_text())["$defs"]["refusal"]["properties"][
    "expected"
]
CODES = ANSWERS["properties"]["code"]["enum"]
PAGE_CODES = re.findall(r"^\| `(\w+)` \|", README.split("## Codes")[1].split("## Mistakes")[0], re.MULTILINE)
PAGE_MISTAKES = re.findall(r"^\| `(\w+)` \|", README.split("## Mistakes")[1], re.MULTILINE)
MISTAKES = [*PAGE_CODES[:-2], *PAGE_MISTAKES]  # of the codes before a signature is looked at, the code
WELL_FORMED = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
OPENSSL = shutil.which("openssl")
GENERATED = {case.id for case in CASES}


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """Return the HMAC of any bytes, computed by a tool outside of this repository."""
    if OPENSSL:
        done = run(
            OPENSSL, "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", stdin=message
        )
        return bytes.fromhex(done.stdout.rpartition(" ")[2])
    return library_hmac_sha256(key, message)


def library_hmac_sha256(key: bytes, message: bytes) -> bytes:
    """Return the HMAC of any bytes, computed by the library of OpenSSL."""
    other = HMAC(key, SHA256())
    other.update(message)
    return other.finalize()


def faults(vector: SignatureVector) -> list[str]:
    """Return the names of the invalid fields, by the table in the README."""
    rules = {
        "method": r"[A-Z]+",
        "endpoint": r"/[!-\"$-~]*",
        "timestamp": r"0|[1-9][0-9]*",
        "secret": r"(?s:.+)",
        "access_key": r"[!-9;=?-~]+",
    }
    return [name for name, rule in rules.items() if not re.fullmatch(rule, getattr(vector, name))]


def named(vectors: list[Any]) -> list[Any]:
    """Return the vectors as parameters with their ids."""
    return [pytest.param(vector, id=vector.id) for vector in vectors]


@pytest.mark.parametrize("vector", named(SIGNED))
def test_signature_is_what_openssl_makes(vector: SignatureVector) -> None:
    """The message is the three parts joined by newlines, and the signature is its HMAC."""
    assert vector.message == f"{vector.method}\n{vector.endpoint}\n{vector.timestamp}"
    compute = library_hmac_sha256 if vector.id in GENERATED else hmac_sha256
    digest = compute(vector.secret.encode("utf-8"), vector.message.encode("utf-8"))
    assert vector.expected == base64.b64encode(digest).decode("ascii")


@pytest.mark.parametrize("vector", named(SIGNED))
def test_signed_inputs_are_valid(vector: SignatureVector) -> None:
    """A vector with an expected signature has no invalid field."""
    assert faults(vector) == []


@pytest.mark.parametrize("vector", named(REFUSED))
def test_refused_inputs_have_one_invalid_field(vector: SignatureVector) -> None:
    """A refused input has exactly one invalid field, which the id names."""
    (fault,) = faults(vector)
    part = {
        "access_key": "access-key",
        "endpoint": "endpoint|slash|fragment",
        "timestamp": "timestamp|digit",
    }
    assert re.search(part.get(fault, fault), vector.id)


def test_guide_example_stands_first() -> None:
    """The example of the vendor's guide is the first vector."""
    first = SUITE.signatures[0]
    assert first.id == "guide-example"
    assert first.expected == "/cN4TwNuKQhwyzXHy456DlM85iWWqASUBMaJoDTREzw="


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("output-plus", r"[^/]*\+[^/]*"),
        ("output-slash", r"[^+]*/[^+]*"),
        ("output-neither", r"[^+/]*"),
        ("output-both", r"(?=.*\+)(?=.*/).*"),
        ("output-double-plus", r".*\+\+.*"),
        ("output-leading-slash", r"/.*"),
        ("output-leading-plus", r"\+.*"),
    ],
)
def test_outputs_hold_what_their_ids_say(name: str, pattern: str) -> None:
    """The signature has the property that the id names."""
    (expected,) = (vector.expected or "" for vector in SIGNED if vector.id == name)
    assert re.fullmatch(pattern, expected)


def test_one_digest_breaks_shells_and_c_strings() -> None:
    """One HMAC contains a NUL byte and ends with a newline byte."""
    (digest,) = (
        base64.b64decode(vector.expected or "") for vector in SIGNED if vector.id == "output-nul-digest"
    )
    assert b"\0" in digest
    assert digest.endswith(b"\n")


def test_sizes_are_what_the_ids_say() -> None:
    """A length in an id is the length in bytes, and the lengths around the blocks of HMAC are all there."""
    sizes: dict[str, set[int]] = {"secret": set(), "message": set()}
    for vector in SIGNED:
        if found := re.fullmatch(r"(secret|message|fields)-(?:.*-)?(\d+)-bytes?", vector.id):
            names = [found[1]] if found[1] in sizes else ["endpoint", "access_key", "method", "timestamp"]
            for name in names[: 2 if int(found[2]) > max(SIZES) else 4]:
                assert len(getattr(vector, name).encode("utf-8")) == int(found[2])
                sizes.setdefault(name, set()).add(int(found[2]))
    assert all(sizes[name] >= set(SIZES) for name in ("secret", "message", "endpoint", "access_key"))
    assert sizes["method"] == sizes["timestamp"] == set(SIZES)
    assert all(max(sizes[name]) == max(LARGE) for name in ("secret", "message", "endpoint", "access_key"))


@pytest.mark.parametrize("vector", named(list(SUITE.targets)))
def test_target_is_encoded_byte_by_byte(vector: TargetVector) -> None:
    """Only unreserved bytes (RFC 3986) are not encoded; only empty and dot segments are refused."""
    unreserved = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

    def encoded(text: str) -> str:
        return "".join(chr(byte) if byte in unreserved else f"%{byte:02X}" for byte in text.encode("utf-8"))

    if {"", ".", ".."} & set(vector.path):
        assert vector.refuse == "input_invalid"
    else:
        query = "&".join(f"{encoded(key)}={encoded(value)}" for key, value in vector.query)
        assert vector.expected == "".join("/" + encoded(part) for part in vector.path) + (
            query and "?" + query
        )


def test_signatures_are_what_the_generator_makes() -> None:
    """`--check` finds no difference in the generated half."""
    assert signatures_generate.main(["--check"]) == 0


def test_the_check_of_signatures_sees_a_change(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` fails if the file differs, and says which command to run."""
    monkeypatch.setattr(signatures_generate, "SECTIONS", {"One": SECTIONS[next(iter(SECTIONS))]})
    assert signatures_generate.main(["--check"]) == 1
    assert "python -m tests.conformance.signatures.generate" in capsys.readouterr().err


def test_refusals_are_what_the_generator_makes() -> None:
    """`--check` finds no difference."""
    assert generate.main(["--check"]) == 0


def test_the_check_sees_a_change(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` fails if the file differs, and says which command to run."""
    monkeypatch.setattr(generate, "MUTATIONS", MUTATIONS[:-1])
    assert generate.main(["--check"]) == 1
    assert "python -m tests.conformance.refusals.generate" in capsys.readouterr().err


def endpoint_of(vector: RefusalVector) -> str:
    """Return the target without scheme and authority, if it is in absolute form."""
    return re.sub(r"^[A-Za-z]+://[^/]*", "", vector.request.target)


def header(vector: RefusalVector, name: str) -> str:
    """Return the value of a header; the request must have it exactly once."""
    (value,) = (value for key, value in vector.request.headers if key.lower() == name)
    return value.strip(" \t")


@pytest.mark.parametrize("vector", named([v for v in SUITE.refusals.vectors if v.expected.code == "ok"]))
def test_accepted_requests_are_signed_rightly(vector: RefusalVector) -> None:
    """An accepted request has the signature that OpenSSL makes, and a timestamp inside the window."""
    access_key, _, signature = header(vector, "authorization").removeprefix("Bearer ").partition(":")
    timestamp = header(vector, "couchbase-timestamp")
    message = f"{vector.request.method}\n{endpoint_of(vector)}\n{timestamp}"
    digest = library_hmac_sha256(SUITE.refusals.keys[access_key].encode("utf-8"), message.encode("latin-1"))
    assert signature == base64.b64encode(digest).decode("ascii")
    assert abs(int(timestamp) - int(SUITE.refusals.clock)) <= int(SUITE.refusals.window)


@pytest.mark.parametrize(
    "vector", named([v for v in SUITE.refusals.vectors if v.expected.code.startswith("signature_")])
)
def test_refused_signatures_are_wrong(vector: RefusalVector) -> None:
    """A mismatch is a well-formed wrong signature; an encoding error is not well-formed."""
    access_key, _, signature = header(vector, "authorization").removeprefix("Bearer ").partition(":")
    message = f"{vector.request.method}\n{endpoint_of(vector)}\n{header(vector, 'couchbase-timestamp')}"
    digest = library_hmac_sha256(SUITE.refusals.keys[access_key].encode("utf-8"), message.encode("latin-1"))
    assert signature != base64.b64encode(digest).decode("ascii")
    assert bool(WELL_FORMED.fullmatch(signature)) == (vector.expected.code == "signature_mismatch")


def test_every_code_and_mistake_is_counted() -> None:
    """Each code and each mistake has a refusal that counts, and mistakes belong to their code."""
    counted = [vector.expected for vector in SUITE.refusals.vectors if vector.authority != "contested"]
    assert {expected.code for expected in counted} == set(CODES)
    mistakes = {name for expected in counted if expected.mistake for name in expected.mistake.split("+")}
    assert mistakes == set(MISTAKES)
    for expected in counted:
        explained = expected.code in {"signature_encoding", "signature_mismatch", "ok", "unsigned"}
        assert explained or expected.mistake == expected.code


def test_the_clock_is_no_whole_second() -> None:
    """A server that rounds a time to seconds, or a signer that drops the milliseconds, fails."""
    assert int(SUITE.refusals.clock) % 1000
    assert all(int(vector.timestamp) % 1000 for vector in SIGNED if vector.id in {"get-query", "get-clouds"})


def test_the_window_is_tried_at_both_edges() -> None:
    """A timestamp at the edge of the window is accepted, one a millisecond outside is refused."""
    clock, window = int(SUITE.refusals.clock), int(SUITE.refusals.window)
    codes = {
        int(header(vector, "couchbase-timestamp")) - clock: vector.expected.code
        for vector in SUITE.refusals.vectors
        if vector.id.endswith(("-by-1-ms", "-oldest", "-newest"))
    }
    assert codes == {
        -window - 1: "timestamp_stale",
        -window: "ok",
        window: "ok",
        window + 1: "timestamp_future",
    }


def test_readme_names_everything() -> None:
    """The README has each code, mistake, flag and file, and the codes in the right order."""
    for name in (
        *CODES,
        *MISTAKES,
        *SUITE.flags,
        *(path.name for path in VECTORS.iterdir()),
        "input_invalid",
    ):
        assert f"`{name}`" in README or name == "README.md"
    assert [*PAGE_CODES, "ok", "unsigned"] == CODES
    assert len(MISTAKES) == len(set(MISTAKES))


def test_readme_example_is_the_vector() -> None:
    """The README's example has the line that the runner sends for the first vector, and the right reply."""
    lines = [json.loads(line[3:]) for line in README.splitlines() if line.startswith(("-> ", "<- "))]
    asked, answered = lines[:2]
    first = SUITE.signatures[0]
    assert asked == {
        name: getattr(first, name)
        for name in ("id", "method", "endpoint", "timestamp", "access_key", "secret")
    }
    assert answered["signature"] == first.expected
    assert answered["authorization"] == f"Bearer A:{first.expected}"
    message = (first.message or "").encode()
    assert message.hex() in README
    assert hmac_sha256(first.secret.encode(), message).hex() in README
    assert {line["id"] for line in lines} <= {vector.id for vector in SUITE.vectors}


@pytest.mark.parametrize("path", [pytest.param(p, id=p.name) for p in sorted(VECTORS.glob("*.yaml"))])
def test_files_are_ascii_and_free(path: Path) -> None:
    """Non-ASCII text is escaped, so no editor can normalise it. Each file names its licence, CC0."""
    text = path.read_text(encoding="ascii")
    assert "CC0 1.0" in text.split("version:")[0]
    assert not re.search(r"about: .*\b(should|test that)\b", text)
