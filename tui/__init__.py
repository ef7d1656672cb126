"""The terminal interface of pysteward, and the command line over the same engine."""
