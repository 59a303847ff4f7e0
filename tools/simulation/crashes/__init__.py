"""Lets the process die at every HTTP request of every flow of the app, and compares what then comes about.

The app is real down to its connections, against the emulator and Azurite; time alone is simulated.
"""
