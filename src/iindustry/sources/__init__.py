"""Registers that send deliveries: contracts, decoders, landing, quarantine.

Invariant: a delivery is kept byte for byte, and rows in = rows accepted + rows quarantined.
"""
