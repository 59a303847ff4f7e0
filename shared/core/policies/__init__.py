"""Policies: their keys and values, and where they come from: tags and settings."""
