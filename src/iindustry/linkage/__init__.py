"""Which records speak of one enterprise: passes, match model, clusters, lasting ids, clerical review.

Invariant: no cluster holds two valid juristic ids.
"""
