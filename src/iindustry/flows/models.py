"""Rows of `flows`."""
