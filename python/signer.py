"""Sign what stands on stdin for a conformance suite: one JSON object a line in, one a line out, until EOF.

    <- {"id": "a", "method": "GET", "endpoint": "/v2/clouds", "timestamp": "1614622252260",
        "access_key": "A", "secret": "my secret key"}
    -> {"id": "a", "signature": "...", "authorization": "Bearer A:..."}

What must not be signed is answered {"id": ..., "refused": why}, and a request with a part missing
{"id": ..., "cannot": why}. A line without an id cannot be answered: it is named on stderr.
"""

import json
import sys

from capella.errors import InputInvalidError
from capella.signing import authorization, sign


def answer(line: bytes) -> str:
    """Sign the request on one line and return the line that answers it.

    Raises:
        ValueError: the line is not UTF-8, not JSON, or holds no object with an id.
    """
    request = json.loads(line.decode())
    if not isinstance(request, dict) or not isinstance(request.get("id"), str):
        raise ValueError("no JSON object with an id")  # noqa: TRY004  # as foreign as a line that is no JSON
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
    """Answer line by line; each answer is flushed, because the other side may be waiting for it."""
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            reply = answer(line)
        except (ValueError, RecursionError) as error:
            print(f"line {number}: {error}", file=sys.stderr)  # noqa: T201  # stderr is this protocol's log
        else:
            sys.stdout.write(reply + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
