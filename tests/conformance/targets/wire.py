"""Sends the expected targets with `get` of both languages, and reads them off a socket."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from ..programs.examples import Invocation
from ..programs.order import signature
from ..report.rerun import RERUN
from ..report.results import Judgement, Result
from ..report.text import failure, labelled, plain
from ..signatures.cases import SignatureVector
from .judge import judge_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..programs.examples import CompletedProgram, ExamplePrograms, Language
    from .cases import TargetVector

SECRET = "my secret key"
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
)
TIMEOUT = 30.0  # seconds for one receive
LINES = 3  # of stderr, shown with a failure


class Wire:
    """A server that answers 200 to everything, and keeps the heads of the requests. A context manager."""

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.heads: list[bytes] = []

    def __enter__(self) -> Self:
        """Accept connections in a thread, one after the other."""
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close the listener."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):
                    connection.settimeout(TIMEOUT)
                    head = b""
                    while b"\r\n\r\n" not in head and (data := connection.recv(65_536)):
                        head += data
                    self.heads.append(head)
                    connection.sendall(RESPONSE)


def send_all(programs: ExamplePrograms, language: Language, vectors: Sequence[TargetVector]) -> list[Result]:
    """Send each expected target with `get`; the access key of a request is the id of the vector."""
    sent = [vector for vector in vectors if vector.expected is not None]
    with Wire() as wire:
        url = f"http://127.0.0.1:{wire.port}"
        invocations = [
            Invocation(
                [str(vector.expected)],
                {"CBC_API_URL": url, "CBC_ACCESS_KEY": vector.id, "CBC_SECRET_KEY": SECRET},
            )
            for vector in sent
        ]
        ended = programs.run(language, "get", invocations, forked=True)
        heads = {access_key(head): head for head in wire.heads}
    return [
        _result(language, vector, completed, heads.get(vector.id))
        for vector, completed in zip(sent, ended, strict=True)
    ]


def access_key(head: bytes) -> str:
    """Return the access key of a request, or an empty text."""
    return header(head, "authorization").removeprefix("Bearer ").partition(":")[0]


def header(head: bytes, name: str) -> str:
    """Return the value of a header, or an empty text."""
    lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    return next((value.strip() for key, _, value in lines if key.lower() == name), "")


def judge(vector: TargetVector, head: bytes | None) -> Judgement:
    """Decide about the request of a vector: its target is the expected one, and was signed."""
    if head is None:
        return Judgement("failed", "nothing sent", (labelled("expects", "a request"),))
    method, target, _ = head.partition(b"\r\n")[0].decode("latin-1").split(" ", 2)
    judgement = judge_target(vector, target)
    if judgement.outcome == "failed":
        return judgement
    timestamp = header(head, "couchbase-timestamp")
    signed = SignatureVector(vector.id, "", (), method, target, timestamp, SECRET, vector.id)
    right = f"Bearer {vector.id}:{signature(signed)}"
    if header(head, "authorization") != right:
        why = labelled("why", "the signature is not that of the request target as it was sent")
        return Judgement("failed", "another target signed", (why,))
    return judgement


def _result(
    language: Language, vector: TargetVector, completed: CompletedProgram, head: bytes | None
) -> Result:
    judgement = judge(vector, head)
    again = RERUN.case(f"{language}/{vector.id}")
    lines = (
        labelled("ran", completed.command),
        *judgement.lines,
        *(labelled("stderr", plain(line)) for line in completed.err.splitlines()[:LINES]),
        labelled("again", again),
    )
    failed = judgement.outcome == "failed"
    return Result(
        kind="wire",
        implementation=language,
        id=vector.id,
        groups=("on the wire",),
        outcome=judgement.outcome,
        input=completed.command,
        expected={"target": vector.expected},
        output=head.decode("latin-1").partition("\r\n")[0] if head else None,
        detail=failure(f"{language}  {vector.id}  {judgement.name}", lines) if failed else "",
        seconds=completed.seconds,
        about=vector.about,
        cause=judgement.name,
        again=again,
    )
