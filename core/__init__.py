"""The engine of pysteward: it knows nothing of terminals, widgets or Textual."""

__version__ = "0.1.0"
