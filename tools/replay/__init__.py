"""Replays dated releases of AKS through the core: every run it would have generated, with no server at all."""
