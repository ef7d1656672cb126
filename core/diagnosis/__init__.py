"""The root cause of a failure, in a build or while content runs, with the lines that prove it.

>>> diagnose_log("build.log").cause
Finding(code='system-header-missing', ...)

``log_reader`` reads a log of any size, ``telling_lines`` keeps the lines that matter, ``prefixes``
and ``wrapping`` give each line back as its tool wrote it, ``rules`` know what single lines mean,
``root_cause`` decides which of them ended the build. ``rule`` says how to add a rule.
"""

from __future__ import annotations

from ..lazy import face

__getattr__ = face(__name__, __file__)
