"""Deployed content: deployed, given a Python, kept ready, rolled back."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
