"""Use cases of `accounts`."""
