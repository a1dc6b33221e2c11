"""Reads a request from what people have, a module for each format."""
