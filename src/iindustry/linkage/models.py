"""Rows of `linkage`."""
