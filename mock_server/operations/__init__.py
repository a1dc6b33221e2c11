"""What each operation of the API does: one module a resource, and `Api`, which finds and runs them."""

# Importing a resource's module registers its operations.
from mock_server.operations import (
    allow_list,
    buckets,
    clouds,
    cluster_health,
    clusters,
    clusters_v3,
    database_users,
    projects,
    status,
    users,
)
from mock_server.operations.answers import Answer
from mock_server.operations.api import Api

__all__ = [
    "Answer",
    "Api",
    "allow_list",
    "buckets",
    "clouds",
    "cluster_health",
    "clusters",
    "clusters_v3",
    "database_users",
    "projects",
    "status",
    "users",
]
