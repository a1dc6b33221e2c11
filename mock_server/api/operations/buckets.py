"""The buckets of a cluster of either version."""

import base64
from typing import Any
from urllib.parse import quote

from mock_server.api.answers import Answer, ApiError, invalid, not_found
from mock_server.api.lookups import any_cluster, settled_cluster
from mock_server.api.registry import Call, operation
from mock_server.api.store import Bucket, Cluster, Life


def _id(name: str) -> str:
    """Return a bucket's id: its name in base64, as in the vendor's example."""
    return base64.b64encode(name.encode()).decode()


def _location(cluster: Cluster, name: str) -> tuple[tuple[str, str], ...]:
    """Return the header that leads to a bucket; of base64, only `/` has to be encoded in a segment."""
    return (("Location", f"/v2/clusters/{cluster.facts['id']}/buckets/{quote(_id(name), safe='+=')}"),)


def _named(cluster: Cluster, name: str) -> Bucket:
    """Return the bucket of this name.

    Raises:
        ApiError: 404.
    """
    if name not in cluster.buckets:
        raise not_found("bucket of this name", "in the cluster")
    return cluster.buckets[name]


def _identified(call: Call, cluster: Cluster) -> Bucket:
    """Return the bucket whose id stands in the path.

    Raises:
        ApiError: 404.
    """
    for name, bucket in cluster.buckets.items():
        if _id(name) == call.ids["bucketId"]:
            return bucket
    raise not_found("bucket", call.ids["bucketId"])


@operation("listBuckets")
def list_buckets(call: Call) -> Answer:
    """List them all. It is a poll of each."""
    buckets = any_cluster(call).buckets.values()
    return Answer(200, [{"id": _id(b.facts["name"]), **b.facts, "status": b.life.look()} for b in buckets])


@operation("createBucket")
def create_bucket(call: Call) -> Answer:
    """Make a bucket, which is `deploying` and then `healthy`."""
    cluster = settled_cluster(call)
    body = call.body
    name = body["name"]
    if name in cluster.buckets:
        raise ApiError(422, "EntityNameExists", "The cluster has a bucket of this name; choose another.")
    facts: dict[str, Any] = {
        "name": name,
        "memoryQuota": body["memoryQuota"],
        "replicas": body.get("replicas", 1),
        "conflictResolution": body.get("conflictResolution", "seqno"),
    }
    bucket = cluster.buckets[name] = Bucket(facts, Life("draft"))
    bucket.life.begin("deploying", "healthy", call.store.transition)
    return Answer(201, facts, _location(cluster, name))


@operation("updateBuckets")
def update_buckets(call: Call) -> Answer:
    """Change several buckets by name, all or none. The vendor answers one: the first is ours."""
    cluster = settled_cluster(call)
    if not call.body:
        raise invalid("In the body: the array is empty; name at least one bucket.")
    buckets = [_named(cluster, change["name"]) for change in call.body]
    for bucket, change in zip(buckets, call.body, strict=True):
        bucket.facts = {name: change.get(name, value) for name, value in bucket.facts.items()}
    return Answer(201, buckets[0].facts)


@operation("deleteBucket")
def delete_bucket(call: Call) -> Answer:
    """Delete the bucket named in the body."""
    cluster = settled_cluster(call)
    name = call.body["name"]
    _named(cluster, name)
    del cluster.buckets[name]
    return Answer(202, headers=_location(cluster, name))


@operation("updateSingleBucket")
def update_single_bucket(call: Call) -> Answer:
    """Change the memory quota of the bucket whose id stands in the path."""
    bucket = _identified(call, settled_cluster(call))
    bucket.facts = {**bucket.facts, "memoryQuota": call.body["memoryQuota"]}
    return Answer(202)


@operation("deleteSingleBucket")
def delete_single_bucket(call: Call) -> Answer:
    """Delete the bucket whose id stands in the path."""
    cluster = settled_cluster(call)
    del cluster.buckets[_identified(call, cluster).facts["name"]]
    return Answer(202)
