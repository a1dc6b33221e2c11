"""Generates `vectors/refusals.yaml` from `vectors/signatures.yaml` and the table of mutations.

    python -m tests.conformance.refusals.generate            writes the file
    python -m tests.conformance.refusals.generate --check    exits with 1 if the file would change

The same input gives the same bytes. The generator uses neither the clients nor the mock.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.conformance.refusals.mutations import MUTATIONS
from tests.conformance.refusals.mutations.request import Positive
from tests.conformance.vectors.loader import load
from tests.conformance.vectors.writer import quoted
from tests.support.paths import VECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.conformance.refusals.mutations.request import Mutation

CLOCK = "1700000000123"  # not a whole second: a server that rounds a time to seconds fails
WINDOW = "300000"

HEAD = f"""\
# Requests that a server must refuse or accept. README.md describes the codes, the mistakes and this format.
# Generated from signatures.yaml by `python -m tests.conformance.refusals.generate`. Do not edit by hand.
# Dedicated to the public domain: CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/
# yaml-language-server: $schema=refusals.schema.json
version: 1

# The server's clock and window, both in milliseconds.
clock: "{CLOCK}"
window: "{WINDOW}"
"""


def refusals() -> str:
    """Return the content of `refusals.yaml`."""
    positives = {
        entry["id"]: Positive(
            method=entry["method"],
            endpoint=entry["endpoint"],
            timestamp=entry["timestamp"],
            access_key=entry.get("access_key", "A"),
            secret=entry["secret"].encode("utf-8"),
        )
        for entry in load(VECTORS / "signatures.yaml")["signatures"]
        if "expected" in entry
    }
    keys: dict[str, bytes] = {}
    for mutation in MUTATIONS:
        positive = positives[mutation.mutates]
        if keys.setdefault(positive.access_key, positive.secret) != positive.secret:
            raise ValueError(
                f"{mutation.mutates}: access key {positive.access_key} has two different secrets"
            )
    lines = [HEAD, "# access key -> secret", "keys:"]
    lines += [f"  {quoted(name)}: {quoted(secret.decode('utf-8'))}" for name, secret in keys.items()]
    lines += ["", "refusals:"]
    for mutation in MUTATIONS:
        lines += _entry(mutation, positives[mutation.mutates])
    return "\n".join(lines) + "\n"


def _entry(mutation: Mutation, positive: Positive) -> Iterator[str]:
    request = mutation.change(positive)
    yield f"  - id: {mutation.id}"
    yield f"    about: {quoted(mutation.about)}"
    yield f"    mutates: {mutation.mutates}"
    yield f"    authority: {mutation.authority}"
    yield "    request:"
    yield f"      method: {quoted(request.method)}"
    yield f"      target: {quoted(request.target)}"
    yield "      headers:" if request.headers else "      headers: []"
    for name, value in request.headers:
        yield f"        - [{quoted(name)}, {quoted(value)}]"
    if request.body is not None:
        yield f"      body: {quoted(request.body)}"
    name = mutation.mistake or ""
    mistake = f", mistake: {quoted(name) if '+' in name else name}" if name else ""
    yield f"    expected: {{code: {mutation.code}{mistake}}}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the file, and return the exit code: 1 if `--check` finds a difference, else 0."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    check = parser.parse_args(arguments).check
    path = VECTORS / "refusals.yaml"
    text = refusals()
    if not check:
        path.write_text(text, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != text:
        sys.stderr.write(
            "vectors/refusals.yaml is out of date: run `python -m tests.conformance.refusals.generate`\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
