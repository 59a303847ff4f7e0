"""Checks of templates, queries and of the tests themselves."""
