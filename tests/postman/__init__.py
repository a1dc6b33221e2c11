"""Tests that run the Postman Collection in Newman, Postman's command-line runner, against the mock."""
