"""Parses faults and injects them into responses."""
