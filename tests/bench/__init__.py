"""The benchmarks of `nox -s bench`: they measure every documented speed and compare it with its limit."""
