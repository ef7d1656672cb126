"""What a person asks of a server, one service for each domain.

Commands and screens call the same services. A service joins rooms, decides, or finds the state;
what is one call of one room, commands call there.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
