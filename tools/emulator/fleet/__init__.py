"""The Fleet resource provider: fleets, members, strategies, profiles and update runs."""
