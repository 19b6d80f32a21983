"""Rows of `programmes`."""
