"""Publishes to the app's Event Grid topic."""
