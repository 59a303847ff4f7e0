"""Policies: their keys, their values, and their sources: tags and settings."""
