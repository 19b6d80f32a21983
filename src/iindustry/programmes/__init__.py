"""Measures and loan products as data: facts, conditions, evaluation, explanation.

Invariant: a missing fact is never read as zero; the same rule answers one enterprise and all of them.
"""
