"""Answer a conformance suite: one JSON object per line from stdin to stdout, until EOF.

    <- {"id": "a", "method": "GET", "endpoint": "/v2/clouds", "timestamp": "1614622252260",
        "access_key": "A", "secret": "my secret key"}
    -> {"id": "a", "signature": "...", "authorization": "Bearer A:..."}
    <- {"id": "b", "ask": "target", "base_url": "http://127.0.0.1:8091", "path": ["v2", "a b"],
        "query": [["page", "1"]]}
    -> {"id": "b", "target": "/v2/a%20b?page=1"}
    <- {"id": "c", "ask": "settings", "environment": {"CBC_ACCESS_KEY": "A"}, "dotenv": "CBC_SECRET_KEY='s'"}
    -> {"id": "c", "base_url": "https://...", "access_key": "A", "secret_key": "s"}

A request that must not be signed, sent or used gets {"id": ..., "refused": why}, for settings with "names". A
request without a required field, or with an unknown `ask`, gets {"id": ..., "cannot": why}. A line without an
id gets no reply; stderr gets its number and the error.
"""

import json
import sys
from typing import Any

from capella.errors import InputInvalidError, SettingsError
from capella.settings import load, with_dotenv
from capella.signing import authorization, sign
from capella.target import wire_target


def answer_line(line: bytes) -> str:
    """Return the line that replies to one request.

    Raises:
        ValueError: the line is not UTF-8, not JSON, or not an object with an id.
    """
    request = json.loads(line.decode())
    if not isinstance(request, dict) or not isinstance(request.get("id"), str):
        raise ValueError("no JSON object with an id")  # noqa: TRY004  # the same error as for a line without JSON
    reply: dict[str, object] = {"id": request["id"]}
    try:
        ask = request.get("ask")
        if ask in (None, "sign"):
            reply.update(signature(request))
        elif ask == "target":
            reply.update(target(request))
        elif ask == "settings":
            reply.update(loaded(request))
        else:
            reply["cannot"] = "the request asks for something other than sign, target or settings"
    except InputInvalidError as error:
        reply["refused"] = str(error)
    except SettingsError as error:
        reply["refused"] = str(error)
        reply["names"] = [*error.missing, *error.invalid]
    except KeyError as error:
        reply["cannot"] = f"the request has no {error}"
    except (TypeError, AttributeError, ValueError):
        reply["cannot"] = "a part of the request has the wrong type"
    return json.dumps(reply)


def signature(request: dict[str, Any]) -> dict[str, str]:
    """Return the signature of a request, and its Authorization header."""
    signed = sign(request["method"], request["endpoint"], request["timestamp"], request["secret"])
    return {"authorization": authorization(request.get("access_key", "A"), signed), "signature": signed}


def target(request: dict[str, Any]) -> dict[str, str]:
    """Return the request target of a call; an invalid base URL is refused, as by the client."""
    if not isinstance(request["path"], list) or not isinstance(request["query"], list):
        raise TypeError("path and query are lists")
    load({"CBC_API_URL": request["base_url"]}, keys=False)
    return {"target": wire_target(request["path"], request["query"])}


def loaded(request: dict[str, Any]) -> dict[str, str]:
    """Return the settings of an environment and the text of a `.env` file."""
    if not isinstance(request["environment"], dict):
        raise TypeError("environment is an object")
    found = load(with_dotenv(request["environment"], request.get("dotenv") or ""))
    return {
        "base_url": found.base_url,
        "access_key": found.access_key,
        "secret_key": found.secret_key.reveal(),
    }


def main() -> int:
    """Reply to each line and flush each reply, because the suite may wait for it."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            reply = answer_line(line)
        except (ValueError, RecursionError) as error:
            print(f"line {number}: {error}", file=sys.stderr)  # noqa: T201  # stderr is this protocol's log
        else:
            sys.stdout.write(reply + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
