"""Use cases of `insight`."""
