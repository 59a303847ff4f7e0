"""Measurements, each a command: `.dev/venv/bin/python -m tools.benchmarks.NAME`."""
