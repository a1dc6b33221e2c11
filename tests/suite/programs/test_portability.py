"""The runner works on a system without the names of Unix that Windows lacks."""

from __future__ import annotations

import json
import sys

from tests.support.programs import environment, run

# Windows has none of these. Its Popen also ignores start_new_session, and its selectors do not watch pipes.
WITHOUT_UNIX = """
import json, os, selectors, signal, sys, time

for name in ("killpg", "getpgid", "setsid", "set_blocking", "fork"):
    delattr(os, name)
for name in ("SIGHUP", "SIGKILL", "SIGALRM", "SIGCHLD", "SIGQUIT", "alarm", "set_wakeup_fd"):
    delattr(signal, name)
selectors.DefaultSelector = None

import tests.conformance.programs.environment
import tests.conformance.programs.examples
import tests.conformance.programs.implementations
from pathlib import Path
from tests.conformance.programs.conversation import Limits
from tests.conformance.programs.runner import run

QUESTIONS = {name: {"secret": "x" * 50_000} for name in ("one", "two", "three")}
SIGNERS = {
    "right": "for line in sys.stdin: answer(json.loads(line)['id'])",
    "hang": "first(); time.sleep(60)",
    "crash": "first(); sys.exit(3)",
    "endless-line": "while True: print('{' * 4096, end='')",
    "chatter": "print('Hello')",
}
START = '''
import json, sys, time
def answer(name): print(json.dumps({"id": name, "signature": name}), flush=True)
def first(): answer(json.loads(sys.stdin.readline())['id'])
'''
failures = {}
for name, script in SIGNERS.items():
    command = [sys.executable, "-S", "-E", "-c", START + script]
    transcript = run(command, QUESTIONS, folder=Path.cwd(), limits=Limits(between=0.3))
    found = [transcript.failure, *transcript.lost.values()]
    failures[name] = next((failure.kind for failure in found if failure), None)
failures["not-found"] = run(["no-such-signer-anywhere"], QUESTIONS, folder=Path.cwd()).failure.kind
print(json.dumps(failures))
"""


def test_the_runner_needs_no_names_of_unix() -> None:
    """Without process groups, signals and selectors, the runner starts and detects each kind of failure."""
    done = run(sys.executable, "-c", WITHOUT_UNIX, limit=120)
    assert done.returncode == 0, done.stderr
    failures = json.loads(done.stdout)
    assert failures.pop("right") is None
    assert failures == {name: name for name in ("hang", "crash", "endless-line", "chatter", "not-found")}


WITHOUT_PYTEST = """
import sys
from pathlib import Path

for name in ("pytest", "_pytest", "nox", "hypothesis"):
    sys.modules[name] = None  # an import fails

from tests.conformance.options import Options, listing, plan
from tests.conformance.report import causes, files
from tests.conformance.vectors.suite import load_suite

suite = load_suite()
made = plan(suite, Options(Path.cwd(), keyword="python/get-query python/target-plain"))
assert listing(suite, made).count("\\n") == 2
made.runs.start()
programs = [run.program for run in made.runs.runs.values()]
results = [result for program in programs for result in made.runs.results(program).result(60)]
files.write(results, "passed", None, suite.flags, made.seed)
print(causes.render(results, suite.flags), files.last_line(results, "passed"))
"""


def test_programs_run_and_are_reported_without_pytest() -> None:
    """What runs programs, judges them and reports needs no pytest and no nox."""
    clean = environment()
    clean.pop("GITHUB_STEP_SUMMARY", None)
    done = run(sys.executable, "-c", WITHOUT_PYTEST, env=clean, limit=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[] conformance passed: 2 of 2 passed\n"
