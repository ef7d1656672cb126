"""Hostile tar archives: read member by member, bounded, and checked by name."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
