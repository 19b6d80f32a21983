"""Use cases of `exchange`."""
