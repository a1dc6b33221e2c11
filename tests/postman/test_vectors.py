"""The signature vectors, signed by the script of the collection inside Newman."""

from __future__ import annotations

import json
import re
import sys

import yaml

from tests.support.paths import ROOT
from tests.support.programs import environment, run


def test_every_signature_vector() -> None:
    """The conformance suite runs the script as a signer: every vector passes, and none is left out."""
    vectors = yaml.safe_load((ROOT / "vectors/signatures.yaml").read_text(encoding="utf-8"))["signatures"]
    signer = f"postman=node {json.dumps(str(ROOT / 'tests/postman/signer.js'))}"
    suite = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/conformance")
    done = run(*suite, "--signer", signer, "-k", "postman", env=environment())
    assert done.returncode == 0, done.stdout
    passed = re.search(r"all vectors +(\d+)/(\d+)", done.stdout)
    assert passed is not None, done.stdout
    assert passed.groups() == (str(len(vectors)),) * 2
