"""A mock of the Couchbase Capella API (v2/v3) that verifies every signature and names the mistake in it."""

__version__ = "0.1.0"
