"""Reads a request from files and commands, with one module for each format."""
