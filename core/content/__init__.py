"""Deployed content: how it is deployed, which Python it keeps, whether it is ready, how it is rolled back."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
