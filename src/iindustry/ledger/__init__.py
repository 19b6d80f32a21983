"""The append-only log: what happened, provably (RFC 6962).

Invariant: an entry is written in the transaction of the act it records, and never changed afterwards.
"""
