"""Personal values, encrypted with one key a person.

Invariant: a citizen id or a person's name is at rest only as ciphertext or as a keyed tag.
"""
