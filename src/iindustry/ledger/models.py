"""Rows of `ledger`."""
