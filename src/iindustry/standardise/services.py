"""Use cases of `standardise`."""
