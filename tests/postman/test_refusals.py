"""What the script refuses to sign. It throws one line, and Newman sends nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.postman.newman import item
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from mock_server.server import MockServer
    from tests.postman.newman import Newman

CLOUDS = item("{{baseUrl}}/v2/clouds")
VARIABLE_OF = {
    **dict.fromkeys(("CBC_API_URL", "cbc_api_url", "CBC_BASE_URL", "BASE_URL"), "baseUrl"),
    **dict.fromkeys(("CBC_ACCESS_KEY", "cbc_access_key", "ACCESS_KEY"), "accessKey"),
    **dict.fromkeys(("CBC_SECRET_KEY", "cbc_secret_key", "SECRET_KEY"), "secretKey"),
}


def vectors() -> list[dict[str, Any]]:
    """Return the vectors whose settings clients refuse, and that need no `.env` file."""
    found = yaml.safe_load((ROOT / "vectors/settings.yaml").read_text(encoding="utf-8"))["settings"]
    return [each for each in found if "refuse" in each and "dotenv" not in each]


def variables_of(vector: dict[str, Any], url: str) -> dict[str, str]:
    """Return the settings of a vector as variables of the collection."""
    given: dict[str, str] = {"baseUrl": url, "accessKey": "", "secretKey": ""}
    used = set()
    for name, value in ((n, vector["environment"][n]) for n in VARIABLE_OF if n in vector["environment"]):
        if value and VARIABLE_OF[name] not in used:  # the first name that is set is used
            used.add(VARIABLE_OF[name])
            given[VARIABLE_OF[name]] = value
    return given


def test_settings_that_clients_refuse(newman: Newman, mock: MockServer) -> None:
    """The script refuses every invalid setting of vectors/settings.yaml, and names each of them."""
    cases = vectors()
    assert len(cases) > 40
    messages = newman.refusals(
        newman.with_requests([CLOUDS]), [variables_of(case, mock.url) for case in cases]
    )
    for case, message in zip(cases, messages, strict=True):
        named = set(re.findall("baseUrl|accessKey|secretKey", message))
        assert named == {VARIABLE_OF[name] for name in case["names"]}, (case["id"], message)
        for value in case["environment"].values():
            assert len(value) < 8 or value not in message


PLAIN_HTTP = [
    *(
        "http://capella.example",
        "HTTP://capella.example",
        "http://localhost.example:8091",
        "http://0.0.0.0:8091",
    ),
    *(
        "http://127.0.0.1.example",
        "http://[::2]:8091",
        "http://[::]:8091",
        "http://10.0.0.1",
        "http://127.0.0.256",
    ),
    *("http://localhost.", "http://1270.0.0.1", "http://2130706433", "http://0x7f.1", "http://localhost_"),
]
NO_ORIGIN = [
    *(
        "capella.example",
        "//capella.example",
        "127.0.0.1:8091",
        "ftp://127.0.0.1",
        "ws://127.0.0.1",
        "file:///x",
    ),
    *(
        "http://127.0.0.1@capella.example",
        "http://127.0.0.1:80@capella.example",
        "http://127.0.0.1\\@capella.example",
    ),
    *("http://127.0.0.1%2ecapella.example", "http://①②⑦.0.0.1", "http://127。0。0。1", "http:/127.0.0.1"),
    *("http:127.0.0.1", " http://127.0.0.1", "http://", "http://127.0.0.1:", "http://127.0.0.1 .example"),
]


@pytest.mark.parametrize("url", ["{{baseUrl}}/v2/clouds", "{{whole}}", "{{url}}/v2/clouds"])
def test_no_key_goes_over_plain_http(newman: Newman, url: str) -> None:
    """Keys are sent to https, and over plain http only to this machine, however the URL is put together."""
    cases = [*PLAIN_HTTP, *NO_ORIGIN]
    content = newman.with_requests([item(url)])
    messages = newman.refusals(
        content, [{"baseUrl": case, "url": case, "whole": f"{case}/v2/clouds"} for case in cases]
    )
    subject = "baseUrl" if "baseUrl" in url else "the URL"
    for case, message in zip(cases, messages, strict=True):
        reason = "plain http to another machine" if case in PLAIN_HTTP else "not scheme://host[:port]"
        assert message.startswith(f"{subject} is {reason}"), (case, message)


def test_this_machine_may_get_keys_over_plain_http(newman: Newman, mock: MockServer) -> None:
    """Spellings of the loopback address, with and without a final slash, and a base URL in a variable."""
    hosts = ("http://127.0.0.1", "http://localhost", "HTTP://LOCALHOST")
    urls = [f"{host}:{mock.port}{end}" for host in hosts for end in ("", "/")]
    content = newman.with_requests([CLOUDS], {"other": mock.url})
    done = newman.iterate(content, [{"baseUrl": url} for url in (*urls, "{{other}}")])
    assert (done.errors, done.statuses()) == ([], [200] * 7)


def test_the_status_needs_no_keys(newman: Newman, mock: MockServer) -> None:
    """`GET /v2/status` is sent without keys, and has no signature."""
    request = item("{{baseUrl}}/v2/status")
    done = newman.run(newman.with_requests([request]), accessKey="", secretKey="")
    assert done.statuses() == [200]
    (entry,) = mock.journal.entries()
    assert not {"authorization", "couchbase-timestamp"} & {name.lower() for name, _ in entry["headers"]}


URLS = {
    "{{baseUrl}}/v2/clouds/{{nothing}}": "{{nothing}} in the URL has no value: send the request that",
    "{{baseUrl}}/v2/clouds?page={{nothing}}": "{{nothing}} in the URL has no value: send the request that",
    "{{nothing}}/v2/clouds": "{{nothing}} in the URL has no value: send the request that",
    "{{baseUrl}}/v2/clouds/{{circle}}": "{{circle}} in the URL has no value: send the request that",
    "{{baseUrl}}/v2/clouds/\ud800": "the URL is not valid Unicode: type it again",
}
VALUES = {
    "": ":id in the URL has no value: send the request that creates or lists it, or set the variable",
    "{{nothing}}": ":id in the URL has no value ({{nothing}}): send the request that creates or lists it",
    "{{empty}}": ":id in the URL has no value ({{empty}}): send the request that creates or lists it",
    **dict.fromkeys(
        (".", "..", "%2e", "%2E.", ".%2e"), ":id in the URL is a dot segment, which changes the path"
    ),
}


def test_urls_without_a_value(newman: Newman) -> None:
    """A variable without a value, a variable of itself, and a text that is not Unicode are refused."""
    messages = newman.refusals(newman.with_requests(map(item, URLS), {"circle": "{{circle}}"}), [{}])
    for (url, expected), message in zip(URLS.items(), messages, strict=True):
        assert message.startswith(expected), (url, message)


def test_path_variables_without_a_value(newman: Newman) -> None:
    """Postman would send `:id`. A dot segment would be another resource."""
    url = {"host": ["{{baseUrl}}"], "path": ["v2", "clouds", ":id"]}
    items = [item({**url, "variable": [{"key": "id", "value": value}]}) for value in VALUES]
    messages = newman.refusals(newman.with_requests(items, {"empty": ""}), [{}])
    for (value, expected), message in zip(VALUES.items(), messages, strict=True):
        assert message.startswith(expected), (value, message)


def test_a_method_that_cannot_be_signed(newman: Newman, mock: MockServer) -> None:
    """A method is letters. One in small letters is sent in capitals, as it is signed."""
    (message,) = newman.refusals(newman.with_requests([item("{{baseUrl}}/v2/clouds", "GE T")]), [{}])
    assert message.startswith("the method is not upper-case letters")
    assert newman.run(newman.with_requests([item("{{baseUrl}}/v2/clouds", "get")])).statuses() == [200]
    assert [each["code"] for each in mock.journal.entries()] == ["ok"]


def test_headers_of_the_user_give_way(newman: Newman, mock: MockServer) -> None:
    """An Authorization or Couchbase-Timestamp that the request has already is replaced, in any spelling."""
    request = item("{{baseUrl}}/v2/clouds")
    request["request"]["header"] = [
        {"key": "authorization", "value": "Bearer x"},
        {"key": "AUTHORIZATION", "value": "Bearer y", "disabled": True},
        {"key": "couchbase-timestamp", "value": "1"},
    ]
    assert newman.run(newman.with_requests([request])).statuses() == [200]
    (entry,) = mock.journal.entries()
    assert [name.lower() for name, _ in entry["headers"]].count("authorization") == 1
