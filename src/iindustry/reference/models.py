"""Rows of `reference`."""
