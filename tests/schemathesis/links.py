"""OpenAPI links from lists to the operations that take an id, so that stateful tests mostly use valid ids.

Only this test has them. openapi.yaml itself could have only a part of them, because OpenAPI has no expression
for an id in a `Location` header.
"""

from typing import Any

_V2 = "/v2/clusters/{id}"
_OF_EITHER_VERSION = ("/buckets", "/health", "/allowlist", "/certificate", "/users")
_ITEM = {
    "/v2/clouds": "$response.body#/data/0",
    "/v2/projects": "$response.body#/data/0",
    "/v2/clusters": "$response.body#/data/0",
    "/v3/clusters": "$response.body#/data/items/0",
}


def add_links(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with links from each list to the operations that take an id, name or block."""
    paths = document["paths"]

    def link(source: str, path: str, method: str, **what: dict[str, str]) -> None:
        links = paths[source]["get"]["responses"]["200"].setdefault("links", {})
        operation_id = paths[path][method]["operationId"]
        links[operation_id] = {"operationId": operation_id, **what}

    for path, item in paths.items():
        sources = [source for source in _ITEM if path.startswith(f"{source}/")]
        if path.removeprefix(_V2).startswith(_OF_EITHER_VERSION):
            sources.append("/v3/clusters")
        for source in sources:
            for method in {"get", "put", "post", "delete"} & set(item):
                link(source, path, method, parameters={"id": f"{_ITEM[source]}/id"})
    # Resources of a cluster: the cluster is that of the last request.
    same = {"id": "$request.path.id"}
    for method in ("put", "delete"):
        bucket = {**same, "bucketId": "$response.body#/0/id"}
        link(f"{_V2}/buckets", f"{_V2}/buckets/{{bucketId}}", method, parameters=bucket)
        user = {**same, "username": "$response.body#/0/username"}
        link(f"{_V2}/users", f"{_V2}/users/{{username}}", method, parameters=user)
    name, block = {"name": "$response.body#/0/name"}, {"cidrBlock": "$response.body#/0/cidrBlock"}
    link(f"{_V2}/buckets", f"{_V2}/buckets", "delete", parameters=same, requestBody=name)
    link(f"{_V2}/allowlist", f"{_V2}/allowlist", "delete", parameters=same, requestBody=block)
    for method in ("get", "post", "put"):
        link(f"{_V2}/status", f"{_V2}/allowlist", method, parameters=same)
    return document
