"""What the examples share: signing, the client, settings, errors and output."""
