"""The state directory: its layout, permissions, locks and SQLite database."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
