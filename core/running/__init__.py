"""Content that runs: started, asked and ended in its environment, confined and under limits.

A check runs `_driver.py` on the environment's interpreter, inside of the confinement. The driver
starts the content's program, waits for its port, asks it, and says what it found. The worker that
calls `Checker` or `Renderer` gives it a runner, and diagnoses the log.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
