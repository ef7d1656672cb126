"""Linux distributions: their release, their package names, and which package provides what."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
