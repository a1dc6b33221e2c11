"""The JSON of a reply."""

from mock_server.api.replies import json_reply


def test_the_keys_of_every_object_are_in_alphabetical_order() -> None:
    """The order is that of Go: by bytes, so capitals come first, at every depth."""
    reply = json_reply(200, [{"b": {"z": 1, "a": [{"y": 2, "CIDR": 3, "é": 4}]}, "a": None}])
    assert reply.body == rb'[{"a":null,"b":{"a":[{"CIDR":3,"y":2,"\u00e9":4}],"z":1}}]'


def test_the_content_type_is_first() -> None:
    """Other headers follow."""
    reply = json_reply(201, {}, (("Location", "/v2/x"),))
    assert (reply.status, reply.headers) == (
        201,
        (("Content-Type", "application/json"), ("Location", "/v2/x")),
    )
