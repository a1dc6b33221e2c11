"""The operations of the API, one module for each resource. Importing the package registers them all."""

from mock_server.api.operations import (
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

__all__ = [
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
