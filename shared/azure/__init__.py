"""Adapters: each translates between a port and Azure's API; no type of an SDK leaves this package."""
