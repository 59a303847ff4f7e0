"""What is decided: frozen values and ``now`` in, a decision out. No SDK, environment, clock or logging here."""
