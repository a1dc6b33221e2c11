"""What a refusal contains: the other mistakes, the texts without secrets, and the host's part in them."""

from __future__ import annotations

import pytest

from mock_server.http import ReceivedRequest
from mock_server.verifier import RecentTimestamps, Refused, verify
from mock_server.verifier.mistakes import MISTAKES
from mock_server.verifier.search import UNEXPLAINED
from tests.mock_server.verifier.wrong_signatures import ACCESS, HOST, NOW, QUERY, SECRET, b64, mac, message

PATH = QUERY.partition("?")[0]
WRONG = f"{ACCESS}:{b64(mac(message(PATH)))}"
UNKNOWN = f"{ACCESS}:{b64(mac('another text'))}"
TIMESTAMP = ("Couchbase-Timestamp", str(NOW))


def refuse(*headers: tuple[str, str], body: bytes = b"", recent: RecentTimestamps | None = None) -> Refused:
    """The refusal of a request with these headers."""
    request = ReceivedRequest("GET", QUERY, list(headers), body)
    result = verify(request, {ACCESS: SECRET}, lambda: NOW, recent=recent)
    assert isinstance(result, Refused)
    return result


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (
            (("Authorization", f"Bearer {WRONG}"), ("Authorization", "x"), TIMESTAMP),
            "authorization_duplicated",
        ),
        (
            (("Authorization", f"Bearer {WRONG}"), TIMESTAMP, ("Couchbase-Timestamp", "2")),
            "timestamp_duplicated",
        ),
        ((("Authorization", f"Bearer  {WRONG}"), TIMESTAMP), "authorization_malformed"),
        ((("Authorization", f"bearer  {WRONG}"), TIMESTAMP), "authorization_scheme"),
        ((("Authorization", f"Bearer: '{WRONG}'"), TIMESTAMP), "authorization_scheme"),
    ],
)
def test_the_signature_behind_a_wrong_header(headers: tuple[tuple[str, str], ...], code: str) -> None:
    """It is explained too. Of a header that comes twice, the first value counts."""
    refused = refuse(*headers)
    assert (refused.code, refused.also[-1]) == (code, "endpoint_without_query")
    assert refused.signed == message(PATH).encode()


def test_what_is_read_behind_a_good_scheme() -> None:
    """The credentials are taken as they are, and their own mistakes are found."""
    refused = refuse(("Authorization", f"Bearer {WRONG}'"), ("Couchbase-Timestamp", "1"))
    assert refused.also == ("signature_quoted",)
    assert refuse(("Authorization", "Bearer"), TIMESTAMP).also == ()


def test_an_access_key_behind_a_wrong_scheme() -> None:
    """No letter of it is lost."""
    headers = [("Authorization", f"bearer X{WRONG}"), TIMESTAMP]
    result = verify(ReceivedRequest("GET", QUERY, headers), {f"X{ACCESS}": SECRET}, lambda: NOW)
    assert isinstance(result, Refused)
    assert result.also == ("endpoint_without_query",)


def test_an_unknown_signature_behind_a_wrong_header() -> None:
    """Its message is short, because the header must be corrected first."""
    refused = refuse(("Authorization", f"bearer {UNKNOWN}"), TIMESTAMP)
    assert refused.also == ("signature_mismatch",)
    assert refused.message.endswith(
        " Also: the signature does not match this request, and no known mistake explains it."
    )
    refused = refuse(("Authorization", f"bearer {WRONG}"), TIMESTAMP)
    assert " Also: The query was left out" in refused.message


def test_the_expected_text() -> None:
    """It needs exactly one timestamp."""
    authorization = ("Authorization", f"Bearer {WRONG}")
    assert refuse(authorization, TIMESTAMP).expected == message().encode()
    request = ReceivedRequest("GET", "/v2/XXXX", [authorization, TIMESTAMP])
    refused = verify(request, {ACCESS: SECRET}, lambda: NOW)
    assert isinstance(refused, Refused)
    assert refused.expected == message("/v2/XXXX").encode()
    assert refuse(authorization).expected is None
    assert refuse(authorization, TIMESTAMP, TIMESTAMP).expected is None


def test_the_signed_text_has_no_secret() -> None:
    """It has a word for the secret key and for the body, and it is None if it was not found."""
    body = b'{"name": "x"}'
    for text, shown in (
        (f"{message()}\n{body.decode()}", f"{message()}\n<body, 13 bytes>"),
        (f"{message()}\n{SECRET}", f"{message()}\n<secret>"),
        (message(PATH), message(PATH)),
    ):
        refused = refuse(("Authorization", f"Bearer {ACCESS}:{b64(mac(text))}"), TIMESTAMP, body=body)
        assert refused.signed == shown.encode()
    assert refuse(("Authorization", f"Bearer {UNKNOWN}"), TIMESTAMP).signed is None


@pytest.mark.parametrize(
    ("headers", "url", "mistake"),
    [
        ([("Host", HOST)], f"http://{HOST}", "endpoint_full_url"),
        ([], "http://", "endpoint_full_url"),
        ([("Host", "a" * 261)], f"http://{'a' * 261}", "endpoint_full_url"),
        ([("Host", "a" * 262)], f"http://{'a' * 262}", "signature_mismatch"),
        ([("Host", "a" * 262)], "http://", "endpoint_full_url"),
    ],
    ids=["host", "no host", "longest host", "longer host", "longer host left out"],
)
def test_the_host_of_a_signed_url(headers: list[tuple[str, str]], url: str, mistake: str) -> None:
    """The host of the request is known, if it is not longer than a host can be."""
    signature = b64(mac(message(url + QUERY)))
    assert refuse(*headers, ("Authorization", f"Bearer {ACCESS}:{signature}"), TIMESTAMP).mistake == mistake


def test_a_timestamp_is_remembered_for_its_access_key() -> None:
    """A request that is refused for its signature is remembered too."""
    recent = RecentTimestamps()
    refuse(("Authorization", f"Bearer {UNKNOWN}"), TIMESTAMP, recent=recent)
    assert recent.of(ACCESS.encode()) == (str(NOW).encode(),)
    assert recent.of(b"") == ()


@pytest.mark.parametrize(
    ("signature", "mistake", "signed"),
    [
        (mac(message(), f"{SECRET}\n"), "secret_whitespace", message()),
        (mac(SECRET, message()), "key_message_swapped", message()),
        (
            mac(message(timestamp=str(NOW + 7))),
            "timestamp_signed_differs",
            message(timestamp=str(NOW + 7)),
        ),
        (mac(message(PATH), f"{SECRET}\n"), "endpoint_without_query+secret_whitespace", message(PATH)),
    ],
)
def test_the_signed_text_of_each_kind_of_mistake(signature: bytes, mistake: str, signed: str) -> None:
    """A mistake in the secret key or in the digest leaves the text as it should be."""
    refused = refuse(("Authorization", f"Bearer {ACCESS}:{b64(signature)}"), TIMESTAMP)
    assert (refused.mistake, refused.signed) == (mistake, signed.encode())
    messages = [next(each.message for each in MISTAKES if each.name == name) for name in mistake.split("+")]
    assert refused.message == " ".join((*(["Two mistakes at once."] if "+" in mistake else []), *messages))


def test_an_unexplained_signature_of_a_short_request() -> None:
    """The message is the general one."""
    refused = refuse(("Authorization", f"Bearer {UNKNOWN}"), TIMESTAMP)
    assert refused.message == UNEXPLAINED.message
