"""Tests of ``python -m mock_server explain``, part by part."""
