"""Targets: candidates, channels, and the version or node images that a channel asks for."""
