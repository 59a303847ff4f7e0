"""Releases: what is new in a region, since when, and for how long it soaks."""
