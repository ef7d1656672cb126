"""Other servers, reached by the program `ssh` and the user's own configuration of it.

What runs there is `pysteward … --json`, where it is installed; elsewhere a script for `sh` that
asks each Python what it is. No keys, passwords or addresses are kept here.
"""

from __future__ import annotations

from ...lazy import face

__getattr__ = face(__name__, __file__)
