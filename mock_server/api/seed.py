"""What the mock starts with: enough for three pages of every paged list, nothing in motion.

The names come in an order that is not the alphabet's, so that sorting can be seen to work.
"""

import itertools
from collections.abc import Callable
from typing import Any

from mock_server.api.store import SERVER_VERSION, Bucket, Cluster, Life, Store

_MADE = 1_612_000_000_000  # ms: when the first thing of the seed was made; each one after it, an hour later
_HOUR = 3_600_000
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
    """Return a fresh store with the seed in it. `clock` is in ms since 1970 UTC, `transition` in polls."""
    moments = itertools.count(_MADE, _HOUR)
    store = Store(clock=lambda: next(moments), transition=0)  # whatever is added now is ready at once
    for number in range(24):
        _add_cloud(store, number)
    for name in _PEOPLE:
        user_id = store.new_id("user")
        email = f"{name.lower().replace(' ', '.')}@example.com"
        store.users[user_id] = {"id": user_id, "name": name, "email": email}
    for place in _PLACES:
        store.add_project(f"{place} project")
    for number in range(22):
        _furnish(store, _add_cluster(store, number))
    for number in range(23):
        _furnish(store, _add_cluster_v3(store, number))
    store.clock = clock
    store.transition = transition
    return store


def _add_cloud(store: Store, number: int) -> None:
    """Add a cloud: every third one lies with Azure."""
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
    made = store.now()
    store.clouds[cloud_id] = {
        "id": cloud_id,
        "name": f"{_PLACES[number]} cloud",
        "tenantId": store.tenant_id,
        "status": "ready",
        "provider": provider,
        "createdAt": made,
        "updatedAt": made,
        "deployedAt": made,
        "providerSettings": settings,
        "version": {"name": "latest", "components": {"cbServerVersion": SERVER_VERSION}},
    }


def _project(store: Store, number: int) -> str:
    """Return the project of a cluster: two each share one, and the first and the last projects stay empty."""
    return list(store.projects)[3 + number // 2]


def _add_cluster(store: Store, number: int) -> Cluster:
    """Add a v2 cluster, one to a cloud."""
    facts = {
        "name": f"{_PLACES[number]} cluster",
        "projectId": _project(store, number),
        "cloudId": list(store.clouds)[number],
    }
    servers = [
        {"size": 3, "services": ["data", "index"]},
        {"size": 1 + number % 3, "services": ["query"]},
    ]
    return store.add_cluster(facts, servers, "latest")


def _add_cluster_v3(store: Store, number: int) -> Cluster:
    """Add a v3 cluster. Every fourth one lies in a cloud of the organization's own."""
    own = number % 4 == 0
    place = {"provider": "aws", "region": _AWS[number % len(_AWS)], "CIDR": f"10.{100 + number}.0.0/20"}
    facts = {
        "name": f"{_PLACES[-1 - number]} v3 cluster",
        "projectId": _project(store, number),
        "environment": "vpc" if own else "hosted",
        "place": place,
        "support": "DeveloperPro",
    }
    if own:
        facts["cloudId"], cloud = list(store.clouds.items())[3 * number // 4]
        place["region"] = cloud["providerSettings"]["region"]
        place["CIDR"] = cloud["providerSettings"]["vpcCidr"]
    server = {
        "size": 3 + number % 3,
        "compute": "m5.xlarge",
        "services": ["data", "index", "query"],
        "storage": {"type": "GP3", "IOPS": 3000, "size": 50},
    }
    return store.add_cluster_v3(facts, [server], single_zone=number % 2 == 1)


def _furnish(store: Store, cluster: Cluster) -> None:
    """Put a bucket, an allow list entry and a database user into a cluster."""
    name = "travel-sample"
    cluster.buckets[name] = Bucket(
        {"name": name, "memoryQuota": 200, "replicas": 1, "conflictResolution": "seqno"}, Life("healthy")
    )
    block, made = "10.1.0.0/16", store.now()
    cluster.allow_list[block] = {
        "cidrBlock": block,
        "ruleType": "permanent",
        "comment": "the office",
        "createdAt": made,
        "updatedAt": made,
    }
    access = [{"bucketName": name, "bucketAccess": ["data_reader"]}]
    cluster.database_users["reader"] = {"username": "reader", "access": access}
