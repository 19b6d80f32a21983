"""The command `i-industry`: the use cases translated into a terminal's words."""
