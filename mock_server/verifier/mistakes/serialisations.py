"""The three parts as JSON, XML, forms, lists and request lines write them."""

from __future__ import annotations

import itertools

from mock_server.verifier.mistakes.layouts import ENDPOINT, METHOD, TIMESTAMP, Frame, encoded_as, frame
from mock_server.verifier.mistakes.transforms import ENCODINGS


def encoded(*, thorough: bool) -> tuple[Frame, ...]:
    """Return frames whose text is encoded as a whole, or written down as a structure."""
    if not thorough:
        return tuple(encoded_as(name) for name in ("base64", "utf-16-le"))
    frames = [encoded_as(name) for name in ENCODINGS]
    frames += [encoded_as(name, b"\n") for name in ("lower", "upper", "base64", "percent", "hex", "json")]
    for name, end in itertools.product((b"endpoint", b"path", b"url", b"uri"), (b"", b'"')):
        for comma, colon in ((b",", b":"), (b", ", b": ")):
            frames.append(
                frame(
                    b'{"method"' + colon + b'"', METHOD,
                    b'"' + comma + b'"' + name + b'"' + colon + b'"', ENDPOINT,
                    b'"' + comma + b'"timestamp"' + colon + end, TIMESTAMP, end + b"}",
                )
            )  # fmt: skip
    for name in (b"endpoint", b"path", b"url", b"uri"):
        for joint, colon in (
            (b"&", b"="),
            (b"\n", b":"),
            (b"\n", b": "),
            (b"\n", b"="),
            (b", ", b": "),
            (b",", b"="),
        ):
            frames.append(
                frame(
                    b"method" + colon,
                    METHOD,
                    joint + name + colon,
                    ENDPOINT,
                    joint + b"timestamp" + colon,
                    TIMESTAMP,
                )
            )
    # Request lines, as they travel.
    for version in (b" HTTP/1.1", b""):
        for joint in (b"\n", b"\r\n"):
            frames.append(frame(METHOD, b" ", ENDPOINT, version + joint, TIMESTAMP))
            for header in (b"Couchbase-Timestamp: ", b"couchbase-timestamp: ", b"Couchbase-Timestamp:"):
                frames.append(frame(METHOD, b" ", ENDPOINT, version + joint + header, TIMESTAMP))
                frames.append(frame(METHOD, b" ", ENDPOINT, version + joint + header, TIMESTAMP, joint))
                frames.append(frame(METHOD, b"\n", ENDPOINT, b"\n" + header, TIMESTAMP))
    frames += [
        frame(METHOD, b"\n\n\n", TIMESTAMP, b"\n", ENDPOINT),
        frame(METHOD, b"\n\n\n", ENDPOINT, b"\n", TIMESTAMP),
    ]
    frames += [frame(b"<r><m>", METHOD, b"</m><e>", ENDPOINT, b"</e><t>", TIMESTAMP, b"</t></r>")]
    frames += [
        frame(
            b"<request><method>",
            METHOD,
            b"</method><endpoint>",
            ENDPOINT,
            b"</endpoint><timestamp>",
            TIMESTAMP,
            b"</timestamp></request>",
        )
    ]
    for start, joint, last, end in (
        *((b"['", b"', '", b"', '", b"']"), (b"('", b"', '", b"', '", b"')"), (b"['", b"', '", b"', ", b"]")),
        *((b"('", b"', '", b"', ", b")"), (b'["', b'","', b'","', b'"]'), (b'["', b'", "', b'", "', b'"]')),
        *(
            (b'["', b'","', b'",', b"]"),
            (b"[", b" ", b" ", b"]"),
            (b"[", b", ", b", ", b"]"),
            (b"(", b", ", b", ", b")"),
        ),
        *((b"{", b" ", b" ", b"}"), (b"{", b", ", b", ", b"}")),
    ):
        frames.append(frame(start, METHOD, joint, ENDPOINT, last, TIMESTAMP, end))
    return tuple(frames)
