"""Areas, codes, zones, the size rule, fields and holidays: dated and sourced.

Invariant: every table names the law or public page it comes from.
"""
