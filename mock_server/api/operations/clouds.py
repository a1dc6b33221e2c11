"""The clouds connected to the organization. They come with the seed: the API cannot make one."""

from typing import Any

from mock_server.api.answers import Answer
from mock_server.api.lookups import by_id
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation


def _summary(cloud: dict[str, Any]) -> dict[str, Any]:
    """Show a cloud as the list does, where both providers' networks go by one name."""
    settings = cloud["providerSettings"]
    aws = cloud["provider"] == "aws"
    return {
        "id": cloud["id"],
        "name": cloud["name"],
        "status": cloud["status"],
        "provider": cloud["provider"],
        "region": settings["region"],
        "virtualNetworkID": settings["vpcId" if aws else "vNetName"],
        "virtualNetworkCIDR": settings["vpcCidr" if aws else "vNetCidr"],
    }


@operation("listClouds")
def list_clouds(call: Call) -> Answer:
    """List one page of them."""
    cursor, clouds = page_of(call, ordered(call, [_summary(cloud) for cloud in call.store.clouds.values()]))
    return Answer(200, {"cursor": cursor, "data": clouds})


@operation("getCloud")
def get_cloud(call: Call) -> Answer:
    """Show one cloud whole."""
    return Answer(200, by_id(call, call.store.clouds, "cloud"))
