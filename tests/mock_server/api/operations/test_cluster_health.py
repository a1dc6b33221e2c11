"""The health and the certificate of v2 and v3 clusters."""

from cryptography import x509

from tests.support.api_caller import ApiCaller


def test_the_health_contains_buckets_and_polls_them(caller: ApiCaller, path: str) -> None:
    """A bucket that is still deploying is not healthy."""
    caller.call("POST", f"{path}/buckets", {"name": "b", "memoryQuota": 100})
    for status, unhealthy in (("deploying", 1), ("deploying", 1), ("deploying", 1), ("healthy", 0)):
        health = caller.get(f"{path}/health")
        assert (health["status"], health["health"]) == ("ready", "healthy")
        stats = health["bucketStats"]
        assert stats["healthStats"] == {"travel-sample": "healthy", "b": status}
        assert (stats["totalCount"], stats["unhealthyCount"]) == (2, unhealthy)
        assert (stats["status"] == "healthy") == (unhealthy == 0)
    nodes = health["nodeStats"]
    assert nodes["totalCount"] == len(nodes["serviceStats"]) >= 3
    assert len({node["nodeName"] for node in nodes["serviceStats"]}) == nodes["totalCount"]


def test_the_certificate_is_valid_and_self_signed(caller: ApiCaller, path: str) -> None:
    """The parser of the package `cryptography` accepts it."""
    pem = caller.get(f"{path}/certificate")["certificate"]
    certificate = x509.load_pem_x509_certificate(pem.encode())
    assert certificate.issuer == certificate.subject
    certificate.verify_directly_issued_by(certificate)
