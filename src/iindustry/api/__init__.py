"""The public HTTP API and the exchange's routes: the use cases translated into JSON."""
