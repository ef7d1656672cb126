"""The command line: one grammar, `pysteward NOUN VERB [ARGUMENT] [--options]`."""
