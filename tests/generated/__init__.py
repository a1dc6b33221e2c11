"""A client that oapi-codegen generates from openapi.yaml, against the mock."""
