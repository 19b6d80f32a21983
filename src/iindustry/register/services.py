"""Use cases of `register`."""
