"""The state at start: at least three pages for every paged list; every resource is ready.

The names are not in alphabetical order, so that sorting has a visible effect.
"""

import itertools
from collections.abc import Callable
from typing import Any

from mock_server.api.store import SERVER_VERSION, Bucket, Cluster, Lifecycle, Store

_FIRST_CREATED = 1_612_000_000_000  # ms since 1970 UTC; each later resource is created an hour later
_HOUR = 3_600_000
_MILLISECONDS = 137  # in addition, so that the times of v3 have nine digits after the second
_AWS = ("us-east-1", "eu-west-1", "us-west-2", "ap-south-1", "eu-central-1", "ca-central-1", "eu-north-1")
_AZURE = ("westeurope", "eastus", "uksouth", "centralus", "japaneast")
_PLACES = (
    *(
        "Lisbon",
        "Osaka",
        "Bergen",
        "Nairobi",
        "Quito",
        "Turin",
        "Hobart",
        "Dublin",
        "Accra",
        "Zagreb",
        "Lima",
    ),
    *("Calgary", "Pune", "Malmo", "Tartu", "Recife", "Busan", "Graz", "Oaxaca", "Fez", "Yerevan", "Cork"),
    *("Utrecht", "Denver", "Kyoto", "Iasi"),
)
_PEOPLE = (
    *("Rosa Lind", "Ahmed Saleh", "Mei Tanaka", "Jonas Weber", "Zoe Martin", "Ivan Petrov", "Lea Moreau"),
    *("Tom Okafor", "Ana Souza", "Karl Nilsson", "Priya Nair", "Omar Haddad", "Nina Rossi", "Paul Byrne"),
    *("Eva Novak", "Hugo Silva", "Yuki Sato", "Ben Cohen", "Vera Popa", "Sam Reid", "Dana Levy"),
    *("Finn Larsen", "Chloe Dubois"),
)


def seeded(clock: Callable[[], int], transition: int) -> Store:
    """Return a new store that contains the seed.

    Args:
        clock: returns milliseconds since 1970-01-01 UTC.
        transition: the number of polls until a cluster or bucket created later is ready.
    """
    times = itertools.count(_FIRST_CREATED, _HOUR + _MILLISECONDS)
    store = Store(clock=lambda: next(times), transition=0)  # the seed is ready at once
    for number in range(24):
        _add_cloud(store, number)
    for name in _PEOPLE:
        store.add_user(name)
    for place in _PLACES:
        store.add_project(f"{place} project")
    for number in range(22):
        _add_contents(store, _add_cluster(store, number))
    for number in range(23):
        _add_contents(store, _add_cluster_v3(store, number))
    store.clock = clock
    store.transition = transition
    return store


def _add_cloud(store: Store, number: int) -> None:
    """Add a cloud: every third is an Azure cloud, the others are AWS clouds."""
    provider = ("aws", "aws", "azure")[number % 3]
    network = f"10.{number}.0.0/16"
    settings: dict[str, Any]
    if provider == "aws":
        settings = {
            "region": _AWS[number % len(_AWS)],
            "bucket": f"mock-cloud-{number:02}",
            "accountId": f"{123456789000 + number}",
            "vpcCidr": network,
            "vpcId": f"vpc-{number:08x}",
            "azCount": 3,
        }
    else:
        settings = {
            "region": _AZURE[number % len(_AZURE)],
            "resourceGroupName": f"mock-cloud-{number:02}",
            "vNetCidr": network,
            "vNetName": f"vnet-{number:08x}",
            "azCount": 3,
        }
    cloud_id = store.new_id("cloud")
    created = store.now()
    store.clouds[cloud_id] = {
        "id": cloud_id,
        "name": f"{_PLACES[number]} cloud",
        "tenantId": store.tenant_id,
        "status": "ready",
        "provider": provider,
        "createdAt": created,
        "updatedAt": created,
        "deployedAt": created,
        "providerSettings": settings,
        "version": {"name": "latest", "components": {"cbServerVersion": SERVER_VERSION}},
    }


def _project(store: Store, number: int) -> str:
    """Return the project id of a cluster. Two clusters share one; the first three projects are empty."""
    return list(store.projects)[3 + number // 2]


def _add_cluster(store: Store, number: int) -> Cluster:
    """Add a v2 cluster in a separate cloud."""
    properties = {
        "name": f"{_PLACES[number]} cluster",
        "projectId": _project(store, number),
        "cloudId": list(store.clouds)[number],
    }
    servers = [
        {"size": 3, "services": ["data", "index"]},
        {"size": 1 + number % 3, "services": ["query"]},
    ]
    return store.add_cluster(properties, servers, "latest")


def _add_cluster_v3(store: Store, number: int) -> Cluster:
    """Add a v3 cluster: every fourth is in a cloud of the organization, the others are hosted."""
    in_own_cloud = number % 4 == 0
    place = {"provider": "aws", "region": _AWS[number % len(_AWS)], "CIDR": f"10.{100 + number}.0.0/20"}
    properties = {
        "name": f"{_PLACES[-1 - number]} v3 cluster",
        "projectId": _project(store, number),
        "environment": "vpc" if in_own_cloud else "hosted",
        "place": place,
        "support": "DeveloperPro",
    }
    if in_own_cloud:
        properties["cloudId"], cloud = list(store.clouds.items())[3 * number // 4]
        place["region"] = cloud["providerSettings"]["region"]
        place["CIDR"] = cloud["providerSettings"]["vpcCidr"]
    server = {
        "size": 3 + number % 3,
        "compute": "m5.xlarge",
        "services": ["data", "index", "query"],
        "storage": {"type": "GP3", "IOPS": 3000, "size": 50},
    }
    return store.add_cluster_v3(properties, [server], single_zone=number % 2 == 1)


def _add_contents(store: Store, cluster: Cluster) -> None:
    """Add a bucket, an allow list entry and a database user to a cluster."""
    name = "travel-sample"
    cluster.buckets[name] = Bucket(
        {"name": name, "memoryQuota": 200, "replicas": 1, "conflictResolution": "seqno"}, Lifecycle("healthy")
    )
    block, created = "10.1.0.0/16", store.now()
    cluster.allow_list[block] = {
        "cidrBlock": block,
        "ruleType": "permanent",
        "comment": "the office",
        "createdAt": created,
        "updatedAt": created,
    }
    access = [{"bucketName": name, "bucketAccess": ["data_reader"]}]
    cluster.database_users["reader"] = {"username": "reader", "access": access}
