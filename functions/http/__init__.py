"""Reads what HTTP requests say, and writes the responses."""
