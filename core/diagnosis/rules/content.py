"""What the rules on running content share: its tracebacks, whose file a frame is, who imports what.

What is said here is never about a build: the packages are installed, and content or the server's
own script imports them.
"""

from __future__ import annotations

import re
from typing import Final

from ..facts import installed_version
from ..log_lines import Line
from ..module_names import distribution_of
from ..rule import LineMatch
from ..tracebacks import Frame, Traceback, traceback_at
from .speakers import Speaker, speaker_of

_RUNNING: Final = (Speaker.CONTENT, Speaker.SERVER, Speaker.UNKNOWN)


SEND: Final = "Send that to the content's author; nothing on this server is wrong."


def raised_at(hit: LineMatch) -> Traceback | None:
    return traceback_at(hit.log, hit.index)


def runs(hit: LineMatch) -> bool:
    """Whether the line is of content or of the server's script, and no later error of a chain."""
    raised = raised_at(hit)
    if raised is not None and raised.root is not raised:
        return False
    return speaker_of(hit) in _RUNNING


def place_of(frame: Frame | None) -> str:
    """The file and line of a frame, in brackets; nothing where there is none."""
    if frame is None or frame.file.startswith("<"):
        return ""
    number = f", line {frame.number}" if frame.number else ""
    return f" ({frame.file.rsplit('/', 1)[-1]}{number})"


SITE: Final = re.compile(r"/(?:site|dist)-packages/(?P<module>[\w.]{1,80})")


def package_of_frame(frame: Frame | None) -> str:
    """The distribution whose file a frame is in; nothing for content's own files."""
    if frame and (
        compiled := re.match(r"(?P<module>\w{1,80})(?:/\S{1,200}|\.\w{1,80})?\.pyx$", frame.file)
    ):
        return distribution_of(compiled["module"])  # compiled code tells the path of its source
    found = SITE.search(frame.file) if frame else None
    return distribution_of(found["module"].removesuffix(".py")) if found else ""


def own_frame(hit: LineMatch) -> Frame | None:
    raised = raised_at(hit)
    return raised.own if raised else None


def importer_of(hit: LineMatch) -> str:
    """The package whose file imports what is missing; nothing where it is the content."""
    raised = raised_at(hit)
    if raised is None or not raised.frames:
        return ""
    for frame in reversed(raised.frames):
        if "importlib" in frame.file or frame.file.startswith("<frozen"):
            continue
        if frame.function == "__getattr__":  # the module says that it lacks a name (PEP 562)
            continue
        return package_of_frame(frame)
    return ""


def evidence_of(hit: LineMatch) -> tuple[Line, ...]:
    own = own_frame(hit)
    return () if own is None else (own.line,)


def with_version(hit: LineMatch, package: str) -> str:
    """``Flask 2.0.3`` where the log tells the version, else ``Flask``."""
    version = installed_version(hit.case, package)
    return f"{package} {version}" if version else package
