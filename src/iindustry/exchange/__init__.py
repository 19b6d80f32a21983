"""Messages with banks and agencies: tokens, signatures, gates, events in and out.

Invariant: a message is answered only after party, token, signature and disclosure decision have passed, in this order;
nothing here trusts a byte that it has not verified.
"""
