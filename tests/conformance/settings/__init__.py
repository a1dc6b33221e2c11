"""Settings of clients, read from the environment and a `.env` file."""
