"""Use cases of `linkage`."""
