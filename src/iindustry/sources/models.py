"""Rows of `sources`."""
