"""The loan application: states, dossier, decisions, disbursements.

Invariant: an application moves only by its table of moves, and each move leaves a ledger entry.
"""
