"""Rows of `funding`."""
