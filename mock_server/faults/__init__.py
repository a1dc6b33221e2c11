"""Injects faults: the grammar that describes them, and their injection into responses."""
