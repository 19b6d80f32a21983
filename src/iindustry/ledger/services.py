"""Use cases of `ledger`."""
