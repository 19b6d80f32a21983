"""Use cases of `programmes`."""
