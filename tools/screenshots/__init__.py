"""`./dev screenshots`: the status page as it looks in the demo's world, for the README."""
