"""The script signs what Postman sends: every ASCII character, and others, in each part of a URL.

What Postman sends is measured: Newman sends the same requests without the script, and the journal has their
targets.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import pytest

from mock_server.http import ReceivedRequest
from tests.postman.newman import item, unsigned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from mock_server.server import MockServer
    from tests.postman.newman import Newman

ASCII = [chr(code) for code in range(0x80)]
OTHERS = [
    *(
        "\x80",
        "\x85",
        "\xa0",
        "é",
        "e\u0301",
        "ß",
        "\u017f",
        "İ",
        "Ω",
        "Ж",
        "א",
        "ع",
        "ह",
        "€",
        "語",
        "\u200b",
        "\u200d",
    ),
    *(
        "\u202e",
        "\u2028",
        "\u2029",
        "\u3000",
        "\ue000",
        "\ufdd0",
        "\ufeff",
        "\uffff",
        "😀",
        "👩\u200d💻",
        "\U0010ffff",
    ),
]
ENCODED = [
    "%2F",
    "%2f",
    "%20",
    "%25",
    "%00",
    "%C3%A9",
    "%c3%a9",
    "%",
    "%%",
    "%2",
    "%zz",
    "%2G",
    "%E9",
    "%25%32%46",
]
MIXED = [
    "100%",
    "a+b c",
    "[x]",
    "a#b",
    "?a=b&c",
    'O\'Neil "q"',
    "a;b",
    "a:b",
    ":",
    ":id",
    "..",
    "{",
    "}",
    "}}",
    "{x}",
]
TEXTS = [*ASCII, *OTHERS, *ENCODED, *MIXED]
JOURNAL = 500  # entries that the journal keeps
BATCH = 32  # texts in one run of Newman: each of its scripts gets all variables


def batches(texts: Sequence[str]) -> list[Sequence[str]]:
    """Return the texts in parts of the size of a run."""
    return [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]


def requests(texts: Iterable[str]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return, for each text, a request with the text in each part of its URL, and the variables in it.

    In the path and the query, the text is there literally, in a variable, and in a variable in a variable.
    """
    items: list[dict[str, Any]] = []
    variables: dict[str, str] = {}
    for number, text in enumerate(texts):
        variables |= {f"v{number}": text, f"n{number}": f"<{{{{v{number}}}}}>"}
        variable, nested = f"{{{{v{number}}}}}", f"{{{{n{number}}}}}"
        query = [
            {"key": f"a{text}b", "value": "1"},
            {"key": "literal", "value": f"a{text}b"},
            {"key": "variable", "value": f"a{variable}b"},
            {"key": "nested", "value": nested},
            {"key": f"k{variable}", "value": None},
            {"key": f"disabled{text}", "value": text, "disabled": True},
            {"key": text, "value": ""},
            {"key": "", "value": text},
            {"key": text, "value": text},
        ]
        path = ["v2", "clouds", f"a{text}b", f"a{variable}", nested]
        items.append(item({"host": ["{{baseUrl}}"], "path": path, "query": query}, name=str(number)))
    return items, variables


def entries(newman: Newman, content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Run a collection, and yield the journal's entries. They must be as many as the requests."""
    newman.mock.journal.clear()
    newman.run(content)
    found = newman.mock.journal.entries()
    assert len(found) == len(content["item"]) < JOURNAL
    yield from found


@pytest.mark.parametrize("texts", batches(TEXTS), ids=lambda texts: ascii(texts[0]))
def test_the_script_signs_what_postman_sends(newman: Newman, texts: Sequence[str]) -> None:
    """Each target is the one that Postman sends without the script, and its signature is right."""
    items, variables = requests(texts)
    content = newman.with_requests(items, variables)
    sent = [each["target"] for each in entries(newman, unsigned(content))]
    signed = list(entries(newman, content))
    assert {each["code"] for each in signed} == {"ok"}
    assert [each["target"] for each in signed] == sent


URLS = [
    *(
        "{{baseUrl}}/v2/clouds?",
        "{{baseUrl}}/v2/clouds?page",
        "{{baseUrl}}/v2/clouds?page=",
        "{{baseUrl}}/v2/clouds?&",
    ),
    *(
        "{{baseUrl}}/v2/clouds?a&&b",
        "{{baseUrl}}/v2/clouds?=",
        "{{baseUrl}}/v2/clouds?=x",
        "{{baseUrl}}/v2/clouds?a=b=c",
    ),
    *(
        "{{baseUrl}}/v2/clouds#top",
        "{{baseUrl}}/v2/clouds?page=1#top",
        "{{baseUrl}}/v2/clouds?#",
        "{{baseUrl}}",
    ),
    *(
        "{{baseUrl}}/v2/clouds/",
        "{{baseUrl}}/v2//clouds",
        "{{baseUrl}}/v2/./clouds",
        "{{baseUrl}}/v2/../v2/clouds",
    ),
    *(
        "{{baseUrl}}/v2/clouds?{{query}}",
        "{{baseUrl}}/{{path}}",
        "{{baseUrl}}/v2/clouds?q={{query}}",
        "{{whole}}",
    ),
    *(
        "{{baseUrl}}/v2/clouds?a+b=c+d",
        "{{baseUrl}}/v2/clouds?a=/?:@!$'()*,;",
        "{{baseUrl}}/v2/clouds;a=b/c,d",
    ),
    *("{{baseUrl}}/v2/clouds?p={{number}}", "{{baseUrl}}/v2/\\clouds", "{{baseUrl}}/v2/clouds?p=\\x"),
]
VARIABLES = {
    "query": "page=1&perPage=2",
    "path": "v2/clouds?page=1#x",
    "whole": "{{baseUrl}}/v2/clouds?page=1",
}


def test_other_forms_of_a_url(newman: Newman) -> None:
    """Empty and missing values, fragments, and variables that are more than one part of the URL."""
    content = newman.with_requests(map(item, URLS), VARIABLES)
    content["variable"].append({"key": "number", "value": 7, "type": "number"})
    sent = [each["target"] for each in entries(newman, unsigned(content))]
    signed = list(entries(newman, content))
    assert {each["code"] for each in signed} == {"ok"}
    assert [each["target"] for each in signed] == sent


def test_a_variable_that_is_new_each_time_is_resolved_once(newman: Newman) -> None:
    """`{{$guid}}` is one text in the signature and in the target."""
    urls = (
        "{{baseUrl}}/v2/clouds/{{$guid}}?a={{$randomUUID}}",
        "{{baseUrl}}/v2/{{$randomFullName}}?{{$timestamp}}",
    )
    signed = list(entries(newman, newman.with_requests([item(url) for url in urls for _ in range(5)])))
    assert {each["code"] for each in signed} == {"ok"}
    assert len({each["target"] for each in signed[:5]}) == 5


def test_a_url_that_postman_must_not_encode(newman: Newman) -> None:
    """With Postman's URL encoding turned off, the request is sent as it was signed too."""
    request = item("{{baseUrl}}/v2/clouds?q=a b'é")
    content = newman.with_requests([{**request, "protocolProfileBehavior": {"disableUrlEncoding": True}}])
    (entry,) = entries(newman, content)
    assert (entry["code"], entry["target"]) == ("ok", "/v2/clouds?q=a%20b%27%C3%A9")


NAMES = [text for text in TEXTS if text not in {".", ".."}]


def name_of(text: str) -> str | None:
    """Return the name that a path variable stands for: percent-decoded; None if that is not UTF-8."""
    encoded = re.sub("%(?![0-9A-Fa-f]{2})", "%25", text)
    try:
        return unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return None


def add_user(mock: MockServer, cluster: str, name: str) -> None:
    """Add a database user to a cluster, unless it has one with this name."""
    body = json.dumps({"username": name, "password": "not a real password"}).encode()
    headers = [("Content-Type", "application/json")]
    mock.api.handle(ReceivedRequest("POST", f"/v2/clusters/{cluster}/users", headers, body), mock.url)


@pytest.mark.parametrize("texts", batches(NAMES), ids=lambda texts: ascii(texts[0]))
def test_a_path_variable_is_one_segment(newman: Newman, mock: MockServer, texts: Sequence[str]) -> None:
    """A database user with any name is the one that is changed or deleted, and no other.

    The name is in the path variable itself, and in a variable in a variable.
    """
    clusters = mock.api.handle(ReceivedRequest("GET", "/v2/clusters"), mock.url)
    cluster = json.loads(clusters.body)["data"][0]["id"]
    items: list[dict[str, Any]] = []
    variables: dict[str, str] = {}
    expected: list[int] = []
    for number, text in enumerate(texts):
        name = name_of(text)
        if name is not None:
            add_user(mock, cluster, name)
            add_user(mock, cluster, f"{number} {name}")
        variables |= {f"v{number}": text, f"n{number}": f"{number} {{{{v{number}}}}}"}
        items += [
            item(user_url(cluster, text), "PUT", body={}),
            item(user_url(cluster, f"{{{{n{number}}}}}"), "DELETE"),
        ]
        expected += [422, 422] if name is None else [204, 204]
    found = list(entries(newman, newman.with_requests(items, variables)))
    assert {each["code"] for each in found} == {"ok"}
    assert [each["status"] for each in found] == expected


def user_url(cluster: str, username: str) -> dict[str, Any]:
    """Return the URL of a database user, with path variables."""
    variables = [{"key": "id", "value": cluster}, {"key": "username", "value": username}]
    path = ["v2", "clusters", ":id", "users", ":username"]
    return {"host": ["{{baseUrl}}"], "path": path, "variable": variables}


def test_a_segment_that_a_path_variable_is_only_a_part_of(newman: Newman) -> None:
    """Postman's `:name.suffix` is the variable and the suffix. A colon inside a segment is a colon."""
    url = {
        "host": ["{{baseUrl}}"],
        "path": ["v2", ":a.json", "x:a", ":", ":b"],
        "variable": [{"key": "a", "value": "1 {{v}}"}, {"key": "b", "value": ":a"}],
    }
    content = newman.with_requests([item(url)], {"v": "é"})
    (sent,), (signed,) = entries(newman, unsigned(content)), entries(newman, content)
    assert (signed["code"], signed["target"]) == ("ok", "/v2/1%20%C3%A9.json/x:a/:/:a")
    assert sent["target"] == signed["target"]
