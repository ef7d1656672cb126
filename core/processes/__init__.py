"""Child processes: started, streamed, bounded, and ended as a tree."""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
