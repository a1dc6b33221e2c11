"""Requests that a server must refuse or accept."""
