"""Starts emulator, Azurite and Functions host as processes, and ends them in any case."""
