"""Rows of `insight`."""
