"""The buckets of a cluster in a cloud of the organization."""

import base64
from typing import Any
from urllib.parse import quote

from mock_server.api.errors import ApiError, invalid, not_found
from mock_server.api.lookups import cluster_in_vpc, settled_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.api.store import Bucket, Cluster, Lifecycle
from mock_server.http import Reply


def _id(name: str) -> str:
    """Return a bucket's id: its name in base64, as in the vendor's example."""
    return base64.b64encode(name.encode()).decode()


def _location(cluster: Cluster, name: str) -> tuple[tuple[str, str], ...]:
    """Return the Location header of a bucket. Of the characters of base64, only `/` must be encoded."""
    return (("Location", f"/v2/clusters/{cluster.properties['id']}/buckets/{quote(_id(name), safe='+=')}"),)


def _named(cluster: Cluster, name: str) -> Bucket:
    """Return the bucket with a name.

    Raises:
        ApiError: 404 if the cluster has no such bucket.
    """
    if name not in cluster.buckets:
        raise not_found("bucket with this name", "in the cluster")
    return cluster.buckets[name]


def _identified(call: Call, cluster: Cluster) -> Bucket:
    """Return the bucket whose id is in the path.

    Raises:
        ApiError: 404 if the cluster has no such bucket.
    """
    for name, bucket in cluster.buckets.items():
        if _id(name) == call.ids["bucketId"]:
            return bucket
    raise not_found("bucket", call.ids["bucketId"])


@operation("listBuckets")
def list_buckets(call: Call) -> Reply:
    """Return all buckets. It counts as a poll of each."""
    buckets = [
        {"id": _id(name), **bucket.properties, "status": bucket.lifecycle.poll()}
        for name, bucket in cluster_in_vpc(call).buckets.items()
    ]
    return json_reply(200, buckets)


@operation("createBucket")
def create_bucket(call: Call) -> Reply:
    """Create a bucket, which is `deploying` first and `healthy` later."""
    cluster = settled_cluster(call)
    body = call.body
    name = body["name"]
    if name in cluster.buckets:
        raise ApiError(422, "EntityNameExists", "The cluster has a bucket with this name: choose another.")
    properties: dict[str, Any] = {
        "name": name,
        "memoryQuota": body["memoryQuota"],
        "replicas": body.get("replicas", 1),
        "conflictResolution": body.get("conflictResolution", "seqno"),
    }
    bucket = cluster.buckets[name] = Bucket(properties, Lifecycle("draft"))
    bucket.lifecycle.enter("deploying", "healthy", call.store.transition)
    return json_reply(201, properties, _location(cluster, name))


@operation("updateBuckets")
def update_buckets(call: Call) -> Reply:
    """Change several buckets by name: all of them or, after an error, none.

    The vendor's response shows one bucket; that it is the first is the mock's own policy.
    """
    cluster = settled_cluster(call)
    if not call.body:
        raise invalid("In the body: the array is empty: name at least one bucket.")
    buckets = [_named(cluster, change["name"]) for change in call.body]
    for bucket, change in zip(buckets, call.body, strict=True):
        bucket.properties = {name: change.get(name, value) for name, value in bucket.properties.items()}
    return json_reply(201, buckets[0].properties)


@operation("deleteBucket")
def delete_bucket(call: Call) -> Reply:
    """Delete the bucket with the name in the body."""
    cluster = settled_cluster(call)
    name = call.body["name"]
    _named(cluster, name)
    del cluster.buckets[name]
    return Reply(202, headers=_location(cluster, name))


@operation("updateSingleBucket")
def update_single_bucket(call: Call) -> Reply:
    """Change the memory quota of the bucket whose id is in the path."""
    bucket = _identified(call, settled_cluster(call))
    bucket.properties = {**bucket.properties, "memoryQuota": call.body["memoryQuota"]}
    return Reply(202)


@operation("deleteSingleBucket")
def delete_single_bucket(call: Call) -> Reply:
    """Delete the bucket whose id is in the path."""
    cluster = settled_cluster(call)
    del cluster.buckets[_identified(call, cluster).properties["name"]]
    return Reply(202)
