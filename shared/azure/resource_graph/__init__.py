"""Reads all fleets and clusters with Azure Resource Graph."""
