"""Find, probe, analyze and remedy the Pythons of a machine.

What each of them needs is imported when it is first asked for.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
