"""The root cause of a failed build, with the lines that prove it.

>>> diagnose_log("build.log").cause
Finding(code='system-header-missing', ...)

``reading`` reads a log of any size, ``sifting`` keeps its telling lines, ``rules`` know what single
lines mean, ``judging`` decides which of them ended the build. How to add a rule stands in ``rule``.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from .markdown_report import markdown_text, report
from .model import (
    Diagnosis,
    KnownFacts,
    diagnosis_as_json,
)

__all__ = [
    "Diagnosis",
    "KnownFacts",
    "diagnose_log",
    "diagnosis_as_json",
    "markdown_text",
    "report",
]


def diagnose_log(
    stream_or_path: BinaryIO | str | Path | bytes,
    *,
    source: str = "log",
    debug_log: BinaryIO | str | Path | bytes | None = None,
    debug_source: str = "pip.log",
    context: KnownFacts | None = None,
) -> Diagnosis:
    """What a build's log shows.

    stream_or_path: a path, an open binary stream (read to its end), or the bytes themselves.
    source, debug_source: what evidence from each names as its source.
    debug_log: pip's own full log (``--log``) of the same build: it tells what pip does not print.
    context: what is known besides.

    Raises OSError where a log cannot be read.
    """
    from .log_reader import read_log
    from .root_cause import find_root_cause
    from .rule import BuildLogs
    from .rules import RULES

    log = read_log(stream_or_path, source)
    debug = None if debug_log is None else read_log(debug_log, debug_source)
    return find_root_cause(BuildLogs(log, debug, context or KnownFacts()), RULES)
