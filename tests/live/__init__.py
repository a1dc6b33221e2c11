"""What `nox -s live` asks the real service, with the caller's own keys. Every request is a GET."""
