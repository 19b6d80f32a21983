"""Use cases of `sources`."""
