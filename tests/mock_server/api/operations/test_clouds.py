"""Clouds."""

from tests.support.api_caller import ApiCaller


def test_a_cloud_has_the_settings_of_its_provider(caller: ApiCaller) -> None:
    """The list has one name for the networks of both providers."""
    for summary in caller.get("/v2/clouds?perPage=100")["data"]:
        cloud = caller.get(f"/v2/clouds/{summary['id']}")
        settings = cloud["providerSettings"]
        assert cloud["name"] == summary["name"]
        assert settings["region"] == summary["region"]
        network = "vpcCidr" if cloud["provider"] == "aws" else "vNetCidr"
        assert settings[network] == summary["virtualNetworkCIDR"]
