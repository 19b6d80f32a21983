"""One spelling for Thai names, addresses, identifiers, dates and phones.

Invariant: nothing is thrown away: the raw text stays beside its standard form.
"""
