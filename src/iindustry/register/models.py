"""Rows of `register`."""
