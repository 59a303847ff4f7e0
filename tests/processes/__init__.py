"""Starts programs for tests quickly: a server imports them once, and every program is a fork of it."""
