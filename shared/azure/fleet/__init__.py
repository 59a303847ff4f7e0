"""Reads and writes what a fleet holds: profiles, members, strategies, update runs."""
