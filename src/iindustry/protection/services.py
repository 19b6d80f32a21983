"""Use cases of `protection`."""
