"""Use cases of `funding`."""
