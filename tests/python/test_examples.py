"""The Python examples as programs: their size, their call, their usage, their errors and exit codes."""

from __future__ import annotations

import ast
import io
import os
import re
import signal
import sys
import tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TextIO

import pytest
import yaml

from capella.signing import now_ms
from mock_server.server import MockServer
from tests.support import programs
from tests.support.hostile_servers import Action, ScriptedServer, error_bytes, response_bytes, truncate
from tests.support.paths import ROOT
from tests.support.programs import minimal_environment, started
from tests.support.python_programs import KEYS, PYTHON, refused, run

WORKFLOWS = {"poll_cluster_status", "poll_bucket_health", "deploy_cluster"}
LONG = WORKFLOWS | {"create_cluster", "create_cluster_v3"}
EXAMPLES = sorted(path.stem for path in PYTHON.glob("*.py") if path.stem != "signer")
DESCRIPTION = yaml.safe_load((ROOT / "mock_server/api/openapi.yaml").read_text("utf-8"))
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
    if isinstance(operation, dict) and "operationId" in operation
}
LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def camel_case(name: str) -> str:
    """Return the operationId of an example."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


# The files


def test_one_example_an_operation() -> None:
    """Each operation has one example; the others are `get` and the workflows."""
    assert {camel_case(name) for name in EXAMPLES} == {*OPERATIONS, "get", *map(camel_case, WORKFLOWS)}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_short(name: str) -> None:
    """An example has at most 40 lines of code; a cluster or a workflow has at most 80, a deployment 100."""
    source = (PYTHON / f"{name}.py").read_text("utf-8")
    lines = {
        number
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in LAYOUT
        for number in range(token.start[0], token.end[0] + 1)
    }
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            lines -= set(range(node.lineno, (node.end_lineno or 0) + 1))
    limit = 100 if name == "deploy_cluster" else 80 if name in LONG else 40
    assert 0 < len(lines) <= limit


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - WORKFLOWS - {"get"}))
def test_call_is_visible(name: str) -> None:
    """The docstring and the only call of an example name its method and path."""
    method, path = OPERATIONS[camel_case(name)]
    source = (PYTHON / f"{name}.py").read_text("utf-8")
    assert (
        f"\n{method} {path}, operation {camel_case(name)}.\n"
        in (ast.get_docstring(ast.parse(source)) or "") + "\n"
    )
    calls = re.findall(r'capella\.(get|get_list|get_pages|post|put|delete)\(\s*"([^"]+)"', source)
    assert [(verb.partition("_")[0].upper(), place) for verb, place in calls] == [(method, path)]
    assert len(re.findall(r"capella\.\w+\(", source)) == 1


def test_help_needs_nothing() -> None:
    """-h and --help need no settings and no network, and list every argument."""
    with ThreadPoolExecutor(4) as pool:
        texts = dict(zip(EXAMPLES, pool.map(lambda name: run(name, "--help"), EXAMPLES), strict=True))
    for name, done in texts.items():
        assert (done.returncode, done.stderr) == (0, ""), name
        parameters = ast.parse((PYTHON / f"{name}.py").read_text("utf-8"))
        function = next(
            node for node in parameters.body if isinstance(node, ast.FunctionDef) and node.name == name
        )
        summary = (ast.get_docstring(function) or "").partition(".")[0].split()
        assert " ".join(summary) in " ".join(done.stdout.split())
        for argument in (*function.args.args, *function.args.kwonlyargs):
            option = {"as_json": "json"}.get(argument.arg, argument.arg).replace("_", "-")
            assert f"--{option}" in done.stdout or argument.arg.upper() in done.stdout
    assert run("get", "-h").stdout == texts["get"].stdout


PASSWORDS = [name for name in EXAMPLES if "database_password" in (PYTHON / f"{name}.py").read_text("utf-8")]


@pytest.mark.parametrize("name", PASSWORDS)
def test_password_is_no_argument(name: str) -> None:
    """The help names the variable, and there is no --password."""
    text = run(name, "--help").stdout
    assert "CBC_DATABASE_PASSWORD" in text
    assert "--password" not in text


# Wrong usage: exit code 2

CLOUD = "--cloud-id c --bucket b --cidr-block"
TOGETHER = "--cloud-id, --bucket and --cidr-block go together"
SERVERS = "--nodes 3 --compute m5.xlarge --services data --storage-size 50"


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("list_clouds --page 0", "--page"),
        ("list_clouds --page many", "--page"),
        ("list_clouds --colour", "--colour"),
        ("list_clouds extra", "extra"),
        ("get_cloud", "CLOUD_ID"),
        ("create_project", "--name"),
        ("poll_cluster_status --interval -1 a", "--interval"),
        ("poll_cluster_status --timeout nan a", "--timeout"),
        ("get v2/clouds", "v2/clouds"),
        ("get /v2/a%20b%zz", "%zz"),
        ("get_project ..", "'..'"),
        ("delete_project ", "''"),
        ("update_cluster_meta_v3 a", "--name or --description"),
        ("update_database_user a b", "nothing to change"),
        ("update_database_user --bucket travel --change-password a b", "--bucket needs --access"),
        ("update_cluster_servers_v3 a", "--nodes"),
        (f"update_cluster_servers_v3 {SERVERS} --storage-type GP3 a", "--iops is missing"),
        (f"deploy_cluster --name a {CLOUD} here", "--cidr-block 'here'"),
        (f"deploy_cluster --name a {CLOUD} 198.51.100.1", "--cidr-block"),
        (f"deploy_cluster --name a {CLOUD} 198.51.100.0/+24", "--cidr-block"),
        (f"deploy_cluster --name a {CLOUD} fe80::1%a/64", "--cidr-block"),
        (f"deploy_cluster --name a {CLOUD} 198.51.100.0/255.255.255.0", "--cidr-block"),
        (f"deploy_cluster --name a {CLOUD} 198.51.100.0/24 --memory-quota 99", "--memory-quota"),
        (f"deploy_cluster --name a {CLOUD} ", TOGETHER),
        ("deploy_cluster --name a --cloud-id ", TOGETHER),
        ("deploy_cluster --name a --cloud-id c", TOGETHER),
        ("deploy_cluster --name a --bucket b", TOGETHER),
        ("deploy_cluster --name a --cidr-block 198.51.100.0/24 --cloud-id c", TOGETHER),
        ("update_buckets --bucket travel a", "NAME=MB"),
        ("update_buckets --bucket =5 a", "NAME=MB"),
    ],
)
def test_wrong_usage(command: str, named: str) -> None:
    """One line on stderr names the mistake, and no request is sent."""
    name, *arguments = command.split(" ")
    with ScriptedServer(response_bytes()) as wire:
        assert named in refused(run(name, *arguments, CBC_API_URL=wire.url, **KEYS), 2)
        assert wire.seen == []


def test_settings_missing() -> None:
    """One line lists every missing setting."""
    line = refused(run("list_clouds"), 2)
    assert "CBC_ACCESS_KEY" in line
    assert "CBC_SECRET_KEY" in line


@pytest.mark.parametrize(
    "url", ["http://example.com", "ftp://127.0.0.1", "https://example.com/v2", "nonsense"]
)
def test_base_url_refused(url: str) -> None:
    """A refused base URL ends with exit code 2 and the name of the setting."""
    assert "CBC_API_URL" in refused(run("list_clouds", CBC_API_URL=url, **KEYS), 2)
    assert "CBC_API_URL" in refused(run("get_status", CBC_API_URL=url), 2)


def test_password_missing() -> None:
    """Without the variable and a terminal, the error names the variable."""
    with ScriptedServer(response_bytes()) as wire:
        done = run("create_database_user", "--username", "a", "7f3a", CBC_API_URL=wire.url, **KEYS)
        assert "CBC_DATABASE_PASSWORD" in refused(done, 2)
        assert wire.seen == []


# Errors of the network and the API: exit code 1


def test_no_server() -> None:
    """A refused connection is one line, after all attempts."""
    assert "Connection refused" in refused(run("list_clouds", CBC_API_URL="http://127.0.0.1:1", **KEYS), 1)


def test_wrong_keys() -> None:
    """A wrong key shows the API's 401. A wrong local clock also shows the difference and what to do."""
    secret = {**KEYS, "CBC_SECRET_KEY": "canary"}
    access = {**KEYS, "CBC_ACCESS_KEY": "unknown-access-key"}
    with MockServer() as server:
        wrong = refused(run("list_clouds", CBC_API_URL=server.url, **secret), 1)
        unknown = refused(run("list_clouds", CBC_API_URL=server.url, **access), 1)
    assert "401 Unauthorized" in wrong
    assert "401 Unauthorized" in unknown
    assert "canary" not in wrong
    with MockServer(clock=lambda: now_ms() + 3_600_000) as server:
        off = refused(run("list_clouds", CBC_API_URL=server.url, **KEYS), 1)
    assert re.search(r"set the local clock, which is (1:00:00|0:59:5\d) behind$", off)


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        (response_bytes(200, b"<html>", content_type="text/html"), "a proxy or a gateway"),
        (response_bytes(302, b"", "Location: http://127.0.0.1:1/"), "a redirect is not followed"),
        (
            error_bytes(422, "Name is taken", error_type="EntityNameExists"),
            "422 EntityNameExists: Name is taken",
        ),
        (response_bytes(200, b'{"data": 1}'), "the response has no list"),
        (truncate(response_bytes()), "closed before the response was complete"),
    ],
)
def test_unusable_response(reply: Action, named: str) -> None:
    """An unusable response is one line on stderr, and stdout is empty."""
    with ScriptedServer(reply) as wire:
        assert named in refused(run("list_clouds", CBC_API_URL=wire.url, **KEYS), 1)


def test_response_without_the_field() -> None:
    """A success without the field to print is an error."""
    with ScriptedServer(response_bytes(200, b"")) as wire:
        assert "the response has no object" in refused(
            run("get_cloud", "7f3a", CBC_API_URL=wire.url, **KEYS), 1
        )
        assert "the response has no status" in refused(run("get_status", CBC_API_URL=wire.url), 1)


def test_wait_reaches_its_timeout() -> None:
    """After --timeout the exit code is 1, and the last line names the last state."""
    with ScriptedServer(response_bytes(200, b'{"status": "deploying"}')) as wire:
        done = run("poll_cluster_status", "--timeout", "0", "7f3a", CBC_API_URL=wire.url, **KEYS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].endswith(
        "still deploying after 0 s: increase --timeout to wait longer"
    )


def test_wait_for_a_failed_cluster() -> None:
    """A failed state ends the wait at once."""
    with ScriptedServer(response_bytes(200, b'{"status": "deploymentFailed"}')) as wire:
        done = run("poll_cluster_status", "--v3", "7f3a", CBC_API_URL=wire.url, **KEYS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].endswith("cluster 7f3a: deploymentFailed")


# Interrupts, closed pipes and full disks


def deployment(last: Action) -> tuple[Action, ...]:
    """Return responses that create a project and a cluster, and then `last`."""
    project = response_bytes(201, b'{"id": "project-1"}')
    cluster = response_bytes(202, b"", "Location: /v3/clusters/cluster-1")
    return project, cluster, last


def test_interrupted_workflow() -> None:
    """Ctrl-C ends with exit code 130, after a line with the created resources."""
    with ScriptedServer(*deployment(response_bytes(200, b'{"status": "deploying"}'))) as wire:
        settings = {"CBC_API_URL": wire.url, "CBC_DATABASE_PASSWORD": "Passw0rd!", **KEYS}
        command = (sys.executable, PYTHON / "deploy_cluster.py", "--name", "a")
        with started(*command, env=minimal_environment(**settings), cwd="/") as process:
            assert process.stderr.readline() == "project a: creating\n"
            assert process.stderr.readline() == "created project a (id project-1)\n"
            assert process.stderr.readline() == "cluster a: creating\n"
            assert process.stderr.readline() == "created cluster a (id cluster-1)\n"
            assert process.stderr.readline() == "cluster cluster-1: deploying\n"
            process.send_signal(signal.SIGINT)
            done = process.end()
    assert (done.returncode, done.stdout) == (130, "")
    left, interrupted = done.stderr.splitlines()
    assert left == "left behind: project a (id project-1), cluster a (id cluster-1)"
    assert interrupted == "deploy_cluster.py: interrupted"


def test_failed_workflow() -> None:
    """A failure is printed after the resources that were created before it."""
    with ScriptedServer(*deployment(error_bytes(403, "not for you"))) as wire:
        settings = {"CBC_API_URL": wire.url, "CBC_DATABASE_PASSWORD": "Passw0rd!", **KEYS}
        done = run("deploy_cluster", "--name", "a", **settings)
    assert (done.returncode, done.stdout) == (1, "")
    *_, left, failure = done.stderr.splitlines()
    assert left == "left behind: project a (id project-1), cluster a (id cluster-1)"
    assert "403" in failure


def status_to(stdout: TextIO) -> tuple[int, str]:
    """Run `get_status` with this stdout, and return its exit code and stderr."""
    with ScriptedServer(response_bytes(200, b'{"status": "OK"}')) as wire:
        settings = minimal_environment(CBC_API_URL=wire.url)
        done = programs.run(sys.executable, PYTHON / "get_status.py", env=settings, cwd="/", stdout=stdout)
    return done.returncode, done.stderr


def test_closed_pipe() -> None:
    """A closed pipe ends the program with exit code 1 and no message, as for other programs."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as stdout:
        assert status_to(stdout) == (1, "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
def test_disk_is_full() -> None:
    """A result that cannot be written is an error in one line."""
    with Path("/dev/full").open("w", encoding="utf-8") as stdout:
        assert status_to(stdout) == (
            1,
            "get_status.py: the result cannot be written: no space left on device\n",
        )
