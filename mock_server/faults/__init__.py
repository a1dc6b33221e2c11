"""Injects faults into responses: how a fault is written, and how it is injected."""
