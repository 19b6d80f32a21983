"""The demo country: deliveries of every source with their real flaws, and the truth.

Invariant: the same seed and size give the same bytes, and no real enterprise is in it.
"""
