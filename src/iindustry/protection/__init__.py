"""Agreements, purposes, consents and the one function that decides on a disclosure.

Invariant: nothing goes to a recipient that `decision.decide` did not allow at that moment.
"""
