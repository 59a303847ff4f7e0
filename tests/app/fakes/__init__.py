"""Stand-ins at the ports, in memory, for tests of the use cases."""
