"""What the triggers ask for: each use case reads through ports, lets the core decide, and carries the decision out."""
