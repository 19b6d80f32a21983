"""Rows of `vault`."""
