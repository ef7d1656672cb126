"""The store of wheels: each unpacked and compiled once, and linked into environments."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
