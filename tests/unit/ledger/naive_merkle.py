"""The tree of RFC 6962 section 2.1, written again from its text alone: slow, recursive, for comparison only."""

import hashlib


def mth(data):
    """MTH(D[n])."""
    n = len(data)
    if n == 0:
        return hashlib.sha256().digest()
    if n == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = largest(n)
    return hashlib.sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


def largest(n):
    """The largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m, data):
    """PATH(m, D[n])."""
    n = len(data)
    if n == 1:
        return []
    k = largest(n)
    if m < k:
        return [*path(m, data[:k]), mth(data[k:])]
    return [*path(m - k, data[k:]), mth(data[:k])]


def proof(m, data):
    """PROOF(m, D[n])."""
    return subproof(m, data, is_complete=True)


def subproof(m, data, *, is_complete):
    """SUBPROOF(m, D[n], b)."""
    n = len(data)
    if m == n:
        return [] if is_complete else [mth(data)]
    k = largest(n)
    if m <= k:
        return [*subproof(m, data[:k], is_complete=is_complete), mth(data[k:])]
    return [*subproof(m - k, data[k:], is_complete=False), mth(data[:k])]
