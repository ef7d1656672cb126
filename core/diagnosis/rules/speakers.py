"""Whose failure a line tells of: a package's build, pip, the server, R, or content that starts; no rules of its own."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Final

from ..log_lines import Log
from ..rule import LineMatch
from ..tracebacks import Traceback, traceback_at
from .shared import in_build


class Speaker(Enum):
    """What runs where a line is printed."""

    BUILD = "a package's build"
    INSTALLER = "the installer"
    ENVIRONMENT = "the tool that makes environments"
    SERVER = "the server's own script"
    CONTENT = "content that starts or runs"
    UNKNOWN = "nothing says"


_STARTS: Final = re.compile(
    r"^(?:Starting (?!build|up repo|the build|new HTTP)|Running on host|Booting worker|Listening (?:at|on)|Launching |Server version:|"
    r"Uvicorn running|Started server process|Waiting for application startup|Running with R version|"
    r"processing file: |==> (?:Deploying|Running)|State changed from starting|Starting process with command|"
    r"Starting (?:gunicorn|\w{0,20} ?(?:application|API|app|server))|Using Python 3\.\d+\.\d+ $|"
    r"You can now view your Streamlit app|Build successful|Content GUID|Job started|Rendering |\[NbConvertApp\]|"
    r"Executing notebook|Attaching to|.{0,30}supervisord started|\$ (?:gunicorn|uvicorn|waitress-serve|hypercorn|daphne|flask|streamlit|bokeh|panel|voila|shiny|celery|python\S{0,8} (?:manage|app|main|wsgi))\b|"
    r"Watching for file changes|Serving Flask app|Bokeh|\* Running on|.{0,40}exited with code)"
)
_INSTALLS: Final = re.compile(
    r"^(?:Collecting |Resolved \d|Looking in indexes|Installing collected|Downloading |Building wheel|"
    r"Using pip |Creating environment|Processing /|Preparing packages|Audited \d)"
)
_OF_R: Final = re.compile(
    r"^(?:Warning: )?Error in |^Execution halted|^Quitting from|^Calls: |^Warning in |^Error: .{0,60}package"
)
_VIRTUALENV: Final = re.compile(r"/virtualenv(?:\.py|/|_support/)|/venv/__(?:init|main)__\.py")


def speaker_of(hit: LineMatch) -> Speaker:
    """Return whose failure the line of a match tells of."""
    if in_build(hit):
        return Speaker.BUILD
    raised = traceback_at(hit.log, hit.index)
    if raised is not None and raised.frames:
        return _of_traceback(raised)
    if _OF_R.match(hit.line.body) or any(_OF_R.match(line.body) for line in hit.before(2)):
        return Speaker.CONTENT
    return Speaker.CONTENT if is_started(hit) else Speaker.UNKNOWN


def _of_traceback(raised: Traceback) -> Speaker:
    if raised.is_of_pip:
        return Speaker.INSTALLER
    if any(_VIRTUALENV.search(frame.file) for frame in raised.frames):
        return Speaker.ENVIRONMENT
    return Speaker.SERVER if raised.is_of_server else Speaker.CONTENT


def is_started(hit: LineMatch) -> bool:
    """Whether content had been started before the line, and no installation came after that."""
    started, installing = _marks(hit.log)
    last_start = max((at for at in started if at <= hit.index), default=-1)
    last_install = max((at for at in installing if at <= hit.index), default=-1)
    return last_start >= 0 and last_start > last_install


def may_run(hit: LineMatch) -> bool:
    """Whether content may run where a line is printed: it was started, or nothing is installed."""
    if is_started(hit):
        return True
    _, installing = _marks(hit.log)
    return not any(at <= hit.index for at in installing) and not in_build(hit)


# What a program goes on after: it says so on the same line, or its level is a warning's.
_GOES_ON: Final = re.compile(
    r"[Dd]efault|[Ff]all(?:s|ing)? back|[Ff]allback|[Ii]gnor|[Oo]ptional|[Ss]kipp|[Uu]sing |will be (?:created|used)|[Dd]eprecat|Warning\b|retry|[Cc]reating|no longer supported"
)
_OF_WARNING: Final = re.compile(r"\bWARN(?:ING)?\b|\bwarn(?:ing)?\b|^W |\d: W ", re.ASCII)
_OF_ERROR: Final = re.compile(
    r"^(?:error|Error|ERROR|fatal|Fatal|FATAL|CRITICAL|× |! |E: |Caused by|\[\w{1,40}Error\]|[A-Za-z_.]{1,120}(?:Error|Exception)\b)"
)


def goes_on(hit: LineMatch) -> bool:
    """Whether what a line tells of was only a warning, or was done without."""
    line = hit.line
    head = line.text[: max(0, len(line.text) - len(line.body)) + 12]
    warned = _OF_WARNING.search(head) and " kubelet " not in head  # its events have no other level
    return bool(warned or _GOES_ON.search(line.body, 0, 500))


def says_error(hit: LineMatch) -> bool:
    """Whether a line calls itself an error, or its log does so before it."""
    line = hit.line
    head = line.text[: max(0, len(line.text) - len(line.body))]
    return bool(
        _OF_ERROR.match(line.body)
        or re.search(r"ERROR|FATAL|CRITICAL|\berror\b|\w{3,40}Error\b", head)
    )


_CAME_UP: Final = re.compile(
    r"\b(?:is|are|now) (?:live|healthy|ready|up|running)\b|startup complete|^Listening (?:on|at)|Running on http|entered RUNNING|HTTP/[\d.]{1,3}\" 2\d\d|\b200 OK|[Dd]eploy(?:ment)? (?:succeeded|complete)"
)


def came_up_later(hit: LineMatch) -> bool:
    """Whether a later line shows that the content does run."""
    return any(_CAME_UP.search(line.body, 0, 500) for line in hit.log.lines[hit.index + 1 :])


def binds_a_port(hit: LineMatch) -> bool:
    """Whether what a line refuses is a port: a program wanted to listen there."""
    raised = traceback_at(hit.log, hit.index)
    frame = raised.frames[-1] if raised is not None and raised.frames else None
    return "bind" in hit.line.body or (
        frame is not None and ("bind" in frame.function or ".bind(" in frame.code)
    )


@lru_cache(maxsize=2)
def _marks(log: Log) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Where content starts, and where something is installed."""
    started = tuple(i for i, line in enumerate(log.lines) if _STARTS.match(line.body))
    installing = tuple(i for i, line in enumerate(log.lines) if _INSTALLS.match(line.body))
    return started, installing
