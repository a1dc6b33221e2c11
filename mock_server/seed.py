"""What the mock starts with: enough for three pages of every paged list, nothing in motion.

The names come in an order that is not the alphabet's, so that sorting can be seen to work.
"""

from collections.abc import Callable
from typing import Any

from mock_server.store import Store, timestamp

_MADE = 1_612_000_000_000  # ms: when the first thing of the seed was made; each one after it, a day later
_DAY = 86_400_000
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
    store = Store(clock, transition)
    for number in range(24):
        cloud = _cloud(store, number)
        store.clouds[cloud["id"]] = cloud
    for name in _PEOPLE:
        user_id = store.new_id("user")
        email = f"{name.lower().replace(' ', '.')}@example.com"
        store.users[user_id] = {"id": user_id, "name": name, "email": email}
    for number, place in enumerate(_PLACES):
        store.add_project(f"{place} project", _time(number))
    return store


def _time(number: int) -> str:
    """Return when the seed's thing of this number was made."""
    return timestamp(_MADE + number * _DAY)


def _cloud(store: Store, number: int) -> dict[str, Any]:
    """Make a cloud: every third one lies with Azure."""
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
    return {
        "id": store.new_id("cloud"),
        "name": f"{_PLACES[number]} cloud",
        "tenantId": store.tenant_id,
        "status": "ready",
        "provider": provider,
        "createdAt": _time(number),
        "updatedAt": _time(number),
        "deployedAt": _time(number),
        "providerSettings": settings,
        "version": {"name": "latest", "components": {"cbServerVersion": "6.6.0"}},
    }
