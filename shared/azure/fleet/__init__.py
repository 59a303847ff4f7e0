"""Reads fleets with their profiles, members, strategies and update runs, and writes update runs."""
