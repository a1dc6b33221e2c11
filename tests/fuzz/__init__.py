"""What `nox -s fuzz` runs for longer: inputs that nobody would write by hand."""
