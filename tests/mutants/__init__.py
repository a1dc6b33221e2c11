"""Signers and verifiers wrong in one way each: the vectors must tell every one from a right one."""
