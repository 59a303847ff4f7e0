"""Starts emulator, Azurite and Functions host as processes, and ends them whatever happens."""
