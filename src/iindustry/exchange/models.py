"""Rows of `exchange`."""
