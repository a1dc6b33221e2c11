"""The commands of ``python -m mock_server``, one module for each."""
