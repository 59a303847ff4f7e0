"""Decides a profile again, offline, from captured facts."""
