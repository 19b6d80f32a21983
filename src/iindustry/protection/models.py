"""Rows of `protection`."""
