"""The clouds of the organization. The seed contains them: the API has no operation to create one."""

from typing import Any

from mock_server.api.lookups import by_id
from mock_server.api.paging import ordered, page_of
from mock_server.api.registry import Call, operation
from mock_server.api.replies import json_reply
from mock_server.http import Reply


def _summary(cloud: dict[str, Any]) -> dict[str, Any]:
    """Return a cloud as in the list, where both providers' networks have the same property names."""
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
def list_clouds(call: Call) -> Reply:
    """Return one page of the clouds."""
    cursor, clouds = page_of(call, ordered(call, [_summary(cloud) for cloud in call.store.clouds.values()]))
    return json_reply(200, {"cursor": cursor, "data": clouds})


@operation("getCloud")
def get_cloud(call: Call) -> Reply:
    """Return one cloud with all its properties."""
    return json_reply(200, by_id(call, call.store.clouds, "cloud"))
