"""Enterprises and establishments: golden record, provenance, versions, look-up.

Invariant: every value names the source, record and date it comes from; readers see one whole version.
"""
