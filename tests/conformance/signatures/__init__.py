"""Inputs of a signer and the signatures expected."""
