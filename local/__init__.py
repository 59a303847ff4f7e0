"""Tools for a developer's machine: the Functions host, the local stack and the demo. Never deployed."""
