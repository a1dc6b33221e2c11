"""What `nox -s bench` measures: every speed that is promised, as a number beside its limit, in one run."""
