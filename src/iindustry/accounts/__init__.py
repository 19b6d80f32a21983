"""People, organisations, roles and authority to act.

Invariant: only a person signs in; what a person may do for an enterprise rests on recorded evidence.
"""
