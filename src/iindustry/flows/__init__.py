"""Use cases that cross packages: deliver to evaluate, snapshots, progress of long work.

Invariant: each step can be repeated and leaves the same result.
"""
