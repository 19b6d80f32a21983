"""Pages: the use cases translated into HTML, Thai first."""
