"""Adapters: each translates between a port and Azure's wire, and lets no type of an SDK through."""
