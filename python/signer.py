"""Sign requests for a conformance suite: one JSON object per line from stdin to stdout, until EOF.

    <- {"id": "a", "method": "GET", "endpoint": "/v2/clouds", "timestamp": "1614622252260",
        "access_key": "A", "secret": "my secret key"}
    -> {"id": "a", "signature": "...", "authorization": "Bearer A:..."}

A request that must not be signed gets {"id": ..., "refused": why}. A request without a required field gets
{"id": ..., "cannot": why}. A line without an id gets no reply; stderr gets its number and the error.
"""

import json
import sys

from capella.errors import InputInvalidError
from capella.signing import authorization, sign


def sign_line(line: bytes) -> str:
    """Return the line that replies to one request.

    Raises:
        ValueError: the line is not UTF-8, not JSON, or not an object with an id.
    """
    request = json.loads(line.decode())
    if not isinstance(request, dict) or not isinstance(request.get("id"), str):
        raise ValueError("no JSON object with an id")  # noqa: TRY004  # the same error as for a line without JSON
    reply = {"id": request["id"]}
    try:
        signature = sign(request["method"], request["endpoint"], request["timestamp"], request["secret"])
        reply["authorization"] = authorization(request.get("access_key", "A"), signature)
        reply["signature"] = signature
    except InputInvalidError as error:
        reply["refused"] = str(error)
    except KeyError as error:
        reply["cannot"] = f"the request has no {error}"
    except (TypeError, AttributeError):
        reply["cannot"] = "every part of the request must be text"
    return json.dumps(reply)


def main() -> int:
    """Reply to each line and flush each reply, because the suite may wait for it."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            reply = sign_line(line)
        except (ValueError, RecursionError) as error:
            print(f"line {number}: {error}", file=sys.stderr)  # noqa: T201  # stderr is this protocol's log
        else:
            sys.stdout.write(reply + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
