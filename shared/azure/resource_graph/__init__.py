"""Reads every fleet and cluster by Azure Resource Graph."""
