"""Runs programs in any language by the JSON-lines protocol."""
