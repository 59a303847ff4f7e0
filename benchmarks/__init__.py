"""Measurements, each a command: `.dev/venv/bin/python -m benchmarks.NAME`."""
