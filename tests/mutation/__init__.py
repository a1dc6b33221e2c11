"""Mutation tests of our own code with mutmut: each change of the code must make a test fail."""
