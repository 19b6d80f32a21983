"""Wiring: settings, URLs, the embedded database, jobs, and the supervisor that runs them.

Invariant: the environment is read here, once, and nowhere else.
"""
