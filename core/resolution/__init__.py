"""Would these requirements install on that Python? Asks pip and the package index."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
