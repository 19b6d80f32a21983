"""Use cases of `flows`."""
