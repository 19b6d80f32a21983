"""Funnels, scoreboards and safe tables, read from snapshots.

Invariant: calls no use case that writes, and knows no name of a person.
"""
