"""Use cases of `reference`."""
