"""What content, a package of it or the server's own script raised."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from ..log_lines import Line
from ..module_names import distribution_of
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from ..tracebacks import Frame, Traceback
from .connection_errors import names_a_host, trouble_in, where_of
from .content import SEND, package_of_frame, place_of, raised_at, runs, with_version
from .speakers import Speaker, speaker_of


def _variable(raised: Traceback) -> str:
    """The environment variable that the content asks for, where that is what failed."""
    for frame in reversed(raised.frames):
        if raised.name == "KeyError" and ("environ" in frame.code or frame.file == "<frozen os>"):
            return raised.text.strip("'\" ")
    return ""


def _content_raised(hit: LineMatch) -> Explanation | None:
    """An exception that left the content's code, or the server's, and that no rule knows better."""
    raised = raised_at(hit)
    if raised is None or raised.end != hit.index or raised.root is not raised or not runs(hit):
        return None
    if raised.name in _NO_FAILURES or any(
        "Exception ignored" in x.body for x in hit.log.before(raised.start, 2)
    ):
        return None
    said = f"{raised.name}: {raised.text}" if raised.text else raised.name
    said = (said if len(said) <= _LONGEST else said[:_LONGEST].rpartition(" ")[0]).rstrip(". ")
    if speaker_of(hit) is Speaker.SERVER:
        return _server_raised(raised, said)
    own = raised.own
    evidence: tuple[Line, ...] = () if own is None else (own.line,)
    if variable := _variable(raised):
        return Explanation(
            "variable-missing",
            f"The content wants the environment variable {variable}, which is not set{place_of(own)}.",
            f"Set {variable} for this content (in Connect: its Vars; elsewhere: the service's environment).",
            f"Say to the administrator which variables the content needs, or give {variable} a default (`os.environ.get`).",
            evidence,
        )
    if raised.name == "UnpicklingError" and "load key, 'v'" in raised.text:
        return _pointer(own, evidence)
    if names := _settings(hit, raised):
        return Explanation(
            "variable-missing",
            f"The content's settings lack a value{place_of(own)}: {', '.join(names)}. They are read from environment variables of those names.",
            f"Set {', '.join(name.upper() for name in names)} for this content (in Connect: its Vars; elsewhere: the service's environment).",
            "Say to the administrator which variables the content needs, or give the settings defaults.",
            evidence,
        )
    if path := _missing_file(raised):
        return _no_file(path, (own is not None and place_of(own)) or "", evidence)
    where = place_of(own)
    last = raised.frames[-1] if raised.frames else None
    owner = package_of_frame(last)
    package = with_version(hit, owner) if owner else ""
    who = (
        f"What the content does{where} failed within {package}"
        if own and package
        else f"The content's own code{where} failed"
        if own
        else f"{package or 'The content'} failed while it started"
    )
    trouble = trouble_in(raised.text) if names_a_host(raised.text) else None
    if trouble is not None:
        where_to = where_of(raised.text)
        return Explanation(
            "content-failed",
            f"{who}: {trouble.says.format(where=where_to, status='')} ({raised.name}).",
            f"From this server, as the content's user, try `curl -v` on {where_to}: name, route, proxy and certificate must let the content reach it.",
            "Say to the administrator which servers the content needs; catch the failure where it may do without.",
            evidence,
        )
    return Explanation(
        "content-failed",
        f"{who}: {said}.",
        "Send that to the content's author; where it speaks of another server, a database or a right, look at that first.",
        "Start the content in a fresh environment with the same requirements and Python; the line quoted here is where it fails.",
        evidence,
    )


_LONGEST: Final = 220  # of what an exception says, in a sentence

_NO_FAILURES: Final = frozenset(
    {"SystemExit", "KeyboardInterrupt", "CalledProcessError", "BrokenPipeError"}
)


def _settings(hit: LineMatch, raised: Traceback) -> list[str]:
    """The fields that pydantic's settings miss; it lists them below the exception."""
    if raised.name != "ValidationError" or not any(
        "pydantic_settings" in frame.file or "env_settings" in frame.file for frame in raised.frames
    ):
        return []
    after = hit.after(12)
    return [
        line.body.strip()
        for line, below in pairwise(after)
        if re.fullmatch(r"\w{1,60}", line.body.strip())
        and re.match(r"\s*(?:Field required|field required|Missing required)", below.body)
    ][:4]


def _pointer(own: Frame | None, evidence: tuple[Line, ...]) -> Explanation:
    """What Git LFS leaves in place of a large file begins with the word version."""
    named = re.search(r"['\"](?P<path>[^'\"]{1,200}\.\w{1,10})['\"]", own.code if own else "")
    file = named["path"] if named else "the file that it reads"
    return Explanation(
        "content-failed",
        f"{file[0].upper() + file[1:] if named is None else file} is no pickle{place_of(own)}: it begins like the pointer that Git LFS leaves in place of a large file.",
        SEND,
        "Fetch the file itself (`git lfs pull`) before the content is deployed, and deploy that.",
        evidence,
    )


def _missing_file(raised: Traceback) -> str:
    if raised.name not in ("FileNotFoundError", "NotADirectoryError"):
        return ""
    found = re.search(r"'(?P<path>[^']{1,300})'", raised.text)
    return found["path"] if found else ""


def _no_file(path: str, where: str, evidence: tuple[Line, ...]) -> Explanation:
    authors = re.match(r"/Users/|/home/|[A-Za-z]:\\|~", path)
    why = "a path of the author's own machine" if authors else "which is not there"
    return Explanation(
        "content-failed",
        f"The content opens {path}, {why}{where}.",
        SEND,
        "Deploy the file with the content, and name it by a path relative to the content's directory"
        + (", not by one of your machine." if authors else "."),
        evidence,
    )


_STARTED_BY: Final = re.compile(
    r"streamlit|dash|flask|fastapi|shiny|bokeh|gradio|panel|voila|uvicorn|gunicorn|jupyter|quarto"
)


def _server_raised(raised: Traceback, said: str) -> Explanation:
    frame = next((f for f in reversed(raised.frames) if f.is_server), None)
    script = frame.file.rsplit("/", 1)[-1] if frame else ""
    found = _STARTED_BY.search(script) or _STARTED_BY.search(frame.code if frame else "")
    package = distribution_of(found[0]) if found else ""
    calls = package and raised.name in ("TypeError", "AttributeError", "ImportError")
    return Explanation(
        "server-script-failed",
        f"The server's own script{f' {script}' if script else ''} failed, before any code of the content ran: {said}."
        + (
            f" It calls {package} in a way that the installed release does not know."
            if calls
            else ""
        ),
        f"Update the server, or have the author pin an older release of {package or 'the package named there'}, one that was current when this server was released; its release notes name those that it supports.",
        f"Pin the release of {package or 'that package'} that worked before; the content's code is not at fault.",
        () if frame is None else (frame.line,),
    )


_ASKED: Final = re.compile(
    r"Missing optional dependency '(?P<a>[\w.-]{1,60})'|requires? (?:the )?[\"'`](?P<b>[\w.-]{1,60})[\"'`] (?:package |library |module )?to be installed|"
    r"pip install (?:-U |--upgrade |-q )?[\"'`]?(?P<c>[A-Za-z][\w.-]{1,60}(?:\[[\w,-]{1,40}\])?)|"
    r"(?:^|: |`)(?P<d>[A-Za-z][\w.-]{1,40})`? (?:package |library |module )?(?:is not installed|must be installed|needs to be installed|is required (?:to|for))|"
    r"[Pp]lease install (?:the )?[`'\"]?(?P<e>[\w.-]{2,60})"
)


_NOT_A_NAME: Final = frozenset(
    {
        "it",
        "a",
        "an",
        "this",
        "that",
        "python",
        "pip",
        "one",
        "them",
        "package",
        "required",
        "missing",
    }
)


def _asked_to_install(hit: LineMatch) -> Explanation | None:
    """A package that another one says, in words of its own, it needs for what the content does."""
    raised = raised_at(hit)
    if raised is None or not runs(hit) or raised.end != hit.index:
        return None
    if raised.name not in (
        "ImportError",
        "RuntimeError",
        "ValueError",
        "AssertionError",
        "ModuleNotFoundError",
        "Exception",
    ):
        return None
    text = " ".join(line.body for line in (hit.line, *hit.after(4)))
    found = _ASKED.search(text)
    name = next((part for part in found.groups() if part), "") if found else ""
    if not name or name.lower() in _NOT_A_NAME:
        return None
    package = distribution_of(name)
    own = raised.own
    return Explanation(
        "module-not-installed",
        f"What the content does{place_of(own)} needs the package {package}, which is not installed.",
        f"Send that to the content's author: {package} is to be named in the requirements.",
        f"Add {package} to requirements.txt and deploy again.",
        () if own is None else (own.line,),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "configured to use ASCII",
        r"Python 3 was configured to use ASCII as encoding",
        lambda hit: Explanation(
            "content-failed",
            "What is started wants UTF-8, and its environment has a locale without it (ASCII).",
            "Set LANG=C.UTF-8 (and LC_ALL, if that is set) where the content or command is started.",
            "Nothing in the content is at fault.",
        ),
    ),
    rule(
        ("nstall", "optional dependency", "is required"),
        r"^(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}: .{1,2000}",
        _asked_to_install,
    ),
)


LAST: Final[tuple[Rule, ...]] = (
    rule(
        (
            "Error",
            "Exception",
            "Exit",
            "Failed",
            "Warning",
            "Invalid",
            "Timeout",
            "Configured",
            "Refused",
            "NotFound",
            "Missing",
            "Unavailable",
            "Denied",
            "Expired",
            "Conflict",
            "Failure",
        ),
        r"^(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}(?::.{0,2000})?$",
        _content_raised,
        Layer.SYMPTOM,
    ),
)
