"""Content that runs: processes, ports, time, memory, and what the content's own code raises."""

from __future__ import annotations

import re
from typing import Final

from ..log_lines import Line
from ..module_names import STARTERS, distribution_of
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from ..tracebacks import Traceback
from .speakers import Speaker, is_started, speaker_of
from .starting import package_of_frame, place_of, raised_at, runs, with_version

_SEND: Final = "Send that to the content's author; nothing on this server is wrong."


def _no_starter(hit: LineMatch) -> Explanation | None:
    """A program that a package of the requirements would have brought."""
    name = hit["program"].rsplit("/", 1)[-1].strip("'\"`")
    if name not in STARTERS or speaker_of(hit) is Speaker.BUILD:
        return None
    package = STARTERS[name]
    if name in ("poetry", "pipenv"):
        return Explanation(
            "system-tool-missing",
            f"The program {name} is to install the packages, and is not there.",
            f"Install {name} where the build's user finds it (`pipx install {name}`), or let pip install from a requirements.txt.",
            f"Deploy a requirements.txt beside the project's own file (`{name} export` or `pip freeze`).",
        )
    return Explanation(
        "module-not-installed",
        f"The content is started with {name}, which is not installed: the requirements lack {package.partition('[')[0]}.",
        f"Send that to the content's author: {package.partition('[')[0]} is to be named in the requirements.",
        f"Add {package} to requirements.txt and deploy again; if it is there, the command runs outside the environment that has it (`python -m {name}` runs inside).",
    )


def _no_object(hit: LineMatch) -> Explanation:
    what, module = hit["object"], hit["module"].strip("'\"")
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from {what or 'its app object'}{f' in {module}' if module else ''}, and there is no such object.",
        _SEND,
        f"Name the object that the file really defines (entry point MODULE:OBJECT), or call it {what or 'app'}.",
    )


def _no_entry_file(hit: LineMatch) -> Explanation | None:
    file = hit["file"].strip("'\"` ")
    if speaker_of(hit) is Speaker.BUILD or file.rsplit("/", 1)[-1] in ("setup.py", "pip"):
        return None
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from {file}, and there is no such file.",
        _SEND,
        f"Deploy {file.rsplit('/', 1)[-1]} with the content, or correct the name of the file that starts it.",
    )


def _port_in_use(hit: LineMatch) -> Explanation:
    around = " ".join(line.body for line in (hit.line, *hit.before(2)))
    found = _PORT.search(around)
    port = (found[1] or found[2] or found[3]) if found else ""
    return Explanation(
        "port-not-served",
        f"The content cannot listen at {f'port {port}' if port else 'its port'}: another process already does.",
        f"See who holds the port (`ss -ltnp{f' | grep {port}' if port else ''}`), and end it if it is left over from an earlier start.",
        "Listen at the port that the server gives (the variable PORT, or what the framework takes by itself), not at one written into the code.",
    )


_PORT: Final = re.compile(
    r"\('[\w.:*]{0,60}', (\d{2,5})\)|[Pp]ort:? (\d{2,5})\b|(?:[\d.]{7,15}|localhost|\]|\*):(\d{2,5})\b"
)


def _port_not_served(hit: LineMatch) -> Explanation:
    found = re.search(r"within (\d{1,5} seconds)", hit.line.body)
    after = found[1] if found else ""
    return Explanation(
        "start-timeout",
        f"The content started and did not listen at its port in time{f' ({after})' if after else ''}, so that the server ended it.",
        "See what the content does before it listens (its own log); raise the time for starting if it needs it.",
        "Listen at the address and port that the server gives (0.0.0.0 and PORT), and load data and models after that.",
    )


def _worker_timeout(hit: LineMatch) -> Explanation:
    return Explanation(
        "start-timeout",
        "A worker of gunicorn did not answer in time and was ended: it was busy with starting or with one request for longer than its timeout.",
        "Raise gunicorn's timeout (`--timeout 120`), if what it does may take that long; look whether it waits for a database or another server.",
        "Load data and models once, before the workers are forked (`--preload`), or outside of the request.",
    )


def _start_timeout(hit: LineMatch) -> Explanation:
    after = hit["after"]
    return Explanation(
        "start-timeout",
        f"The content did not come up in time{f' ({after})' if after else ''}.",
        "See what it does before it is ready (its own log); raise the time for starting (Scheduler.InitTimeout of Connect) if it needs it.",
        "Load data and models after the content has begun to listen; start it by hand in a fresh environment to see how long it takes.",
    )


def _out_of_memory(hit: LineMatch) -> Explanation:
    return Explanation(
        "out-of-memory",
        "A process of the content was killed while it ran: the machine, or the limit of its container or service, had no memory left.",
        "Give the content more memory (its container's limit, MemoryMax of the service), or run fewer processes of it; `dmesg | grep -i 'killed process'` tells whether the kernel ended it.",
        "Load less data at once, or read it lazily; fewer workers (`--workers 1`) need less.",
    )


def _worker_failed(hit: LineMatch) -> Explanation | None:
    """gunicorn gives up; what its worker raised stands before it."""
    code = hit["code"]
    what = {"3": "failed to boot", "4": "found no application object"}.get(code, "failed")
    return Explanation(
        "content-failed",
        f"gunicorn ended, because its worker {what}.",
        "Read what the worker raised before this line; if nothing is there, start the content by hand in its environment.",
        "Start the content with the same command in a fresh environment.",
        layer=Layer.EXIT,
        gives_up=True,
    )


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
    said = said[:220].rstrip(". ")
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
    if path := _missing_file(raised):
        return _no_file(path, (own is not None and place_of(own)) or "", evidence)
    where = place_of(own)
    owner = "" if own else package_of_frame(raised.frames[-1] if raised.frames else None)
    who = (
        f"The content's own code{where}"
        if own
        else f"{with_version(hit, owner) if owner else 'The content'}"
    )
    return Explanation(
        "content-failed",
        f"{who} failed{'' if own else ' while it started'}: {said}.",
        "Send that to the content's author; where it speaks of another server, a database or a right, look at that first.",
        "Start the content in a fresh environment with the same requirements and Python; the line quoted here is where it fails.",
        evidence,
    )


_NO_FAILURES: Final = frozenset(
    {"SystemExit", "KeyboardInterrupt", "CalledProcessError", "BrokenPipeError"}
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
        _SEND,
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


def _notebook(hit: LineMatch) -> Explanation:
    what = hit["what"] or "jupyter"
    package = {"jupyter": "jupyter", "notebook": "notebook", "ipykernel": "ipykernel"}.get(
        what, distribution_of(what)
    )
    return Explanation(
        "module-not-installed",
        f"A notebook or document is to be rendered, and its environment has no {what}.",
        f"Send that to the content's author: {package} is to be named in the requirements.",
        f"Add {package} (and ipykernel) to requirements.txt and deploy again.",
    )


def _no_kernel(hit: LineMatch) -> Explanation:
    return Explanation(
        "content-failed",
        f"The notebook names the kernel {hit['kernel'].strip(chr(39) + chr(34))}, which only the author's machine has.",
        _SEND,
        'Set the notebook\'s kernel to python3 (`"kernelspec": {"name": "python3"}`), save it, and deploy again; ipykernel belongs into requirements.txt.',
    )


def _heroku(hit: LineMatch) -> Explanation | None:
    code = hit["code"]
    if code in ("R14", "R15"):
        return _out_of_memory(hit)
    if code in ("R10", "R11"):
        return _port_not_served(hit)
    return None


def _crash(hit: LineMatch) -> Explanation | None:
    """A library that crashes the interpreter while content runs."""
    if not is_started(hit):
        return None
    return Explanation(
        "content-failed",
        f"The content's Python crashed ({hit['what']}): a compiled module in it does not fit this machine, or another module.",
        "`dmesg` and PYTHONFAULTHANDLER=1 (in the content's variables) name the module; build the environment anew if it came from another machine.",
        "Pin the release of the package that worked before.",
        layer=Layer.CAUSE,
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
        ("nstall", "optional dependency", "is required"),
        r"^(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}: .{1,2000}",
        _asked_to_install,
    ),
    rule(
        (
            "file not found",
            "command not found",
            ": not found",
            "No such file",
            "Failed to find",
            "not recognized",
        ),
        r"exec: \"(?P<program2>[\w./-]{1,100})\": executable file not found|(?:^|[\s:'\"`])(?P<program>(?:/[\w./-]{1,200}/)?[a-z][\w-]{1,30})(?:'|`|\")?: (?:command )?not found|"
        r"(?:Failed to (?:find attribute|spawn): [`'\"]?|[Nn]o such file or directory: ['\"])(?P<program3>(?:/[\w./-]{1,200}/)?[a-z][\w-]{1,30})['\"`]|'(?P<program4>[a-z][\w-]{1,30})' is not recognized as",
        _no_starter,
    ),
    rule(
        ("Failed to find attribute", 'Attribute "', "Failed to parse '", "Failed to find Flask"),
        r"Failed to find attribute '(?P<object>[^']{1,100})' in '(?P<module>[^']{1,100})'|Attribute \"(?P<object2>[^\"]{1,100})\" not found in module \"(?P<module2>[^\"]{1,100})\"|"
        r"Failed to find Flask application or factory(?: in module '(?P<module3>[^']{1,100})')?|Failed to parse '(?P<object3>[^']{1,100})' as an attribute name",
        _no_object,
    ),
    rule(
        ("can't open file", "File does not exist: ", "Error loading ASGI app", "Could not import "),
        r"can't open file '?(?P<file>[^':]{1,300}?\.py)'?: \[Errno 2\]|(?:Invalid value: )?File does not exist: (?P<file2>\S{1,200})|Error loading ASGI app\. Could not import module \"(?P<file3>[^\"]{1,100})\"|Could not import (?:module )?['\"](?P<file4>[\w.]{1,100})['\"]\.$",
        _no_entry_file,
    ),
    rule(
        (
            "ddress already in use",
            "Connection in use",
            "port is already allocated",
            "is already in use",
        ),
        r"Connection in use: (?P<address>\([^)]{1,80}\))|[Aa]ddress already in use(?:.{0,60}?(?P<address2>[\d.]{3,15}:\d{2,5}))?|[Pp]ort (?P<address3>\d{2,5}) is (?:already )?in use|\('(?P<address5>[\d.:]{3,40})', \d{2,5}\): address already in use|port is already allocated",
        _port_in_use,
    ),
    rule(
        ("WORKER TIMEOUT",),
        r"WORKER TIMEOUT \(pid:\s?\d{1,9}\)",
        _worker_timeout,
    ),
    rule(
        ("Error R1", "code=R1"),
        r"Error (?P<code>R1[0145])\b",
        _heroku,
    ),
    rule(
        (
            "failed to bind to $PORT",
            "listen on the port",
            "No open ports detected",
            "Port scan timeout",
            "not listening on",
            "listen on the port defined by",
            "did not start listening",
        ),
        r"failed to bind to \$PORT within (?P<after>\d{1,5} seconds)|failed to (?:start and )?(?:then )?listen on (?:the )?port|Port scan timeout reached|No open ports detected, continuing|not listening on (?:the expected|port|0\.0\.0\.0)|did not start listening",
        _port_not_served,
    ),
    rule(
        (
            "did not start in time",
            "unable to connect to the process",
            "Unable to connect to",
            "timed out waiting for",
            "Timed out waiting for",
            "failed to start within",
            "startup probe failed",
            "Startup probe failed",
            "Liveness probe failed",
            "did not respond",
            "connection to the worker",
            "process did not start",
        ),
        r"did not start in time|failed to start within (?P<after>[\w. ]{1,20})|(?:Startup|startup|Liveness) probe failed|[Tt]imed out waiting for (?:the )?(?:app|process|content|server|worker|port|health)\w{0,20}|(?:app|process|content|worker) (?:process )?did not (?:start|respond) (?:with)?in (?P<after2>[\w. ]{1,20})",
        _start_timeout,
    ),
    rule(
        (
            "was sent SIGKILL",
            "Perhaps out of memory",
            "OOMKilled",
            "exceeded memory limit",
            "over its resource limits",
            "exceeded its memory",
            "emory quota",
        ),
        r"was sent SIGKILL! Perhaps out of memory|OOMKilled|[Ee]xceeded (?:its )?(?:soft )?memory (?:limit|quota)|gone over its resource limits|Memory quota (?:vastly )?exceeded|[Oo]ut of memory \(used over",
        lambda hit: _out_of_memory(hit) if speaker_of(hit) is not Speaker.BUILD else None,
    ),
    rule(
        (
            "Worker failed to boot",
            "App failed to load",
            "Shutting down: Master",
            "Application startup failed",
            "Worker (pid:",
        ),
        r"Worker failed to boot|App failed to load|Reason: (?:Worker|App) failed|Application startup failed\. Exiting|Worker \(pid:\d{1,9}\) exited with code (?P<code>[34])",
        _worker_failed,
        Layer.EXIT,
    ),
    rule(
        (
            "No such kernel",
            "NoSuchKernel",
            "No module named jupyter",
            "No module named nbconvert",
            "No module named notebook",
            "No module named ipykernel",
            "jupyter: ",
            "Jupyter is not available",
            "Jupyter command `",
        ),
        r"No such kernel named (?P<kernel>\S{1,100})|(?:^|: )No module named '?(?P<what>jupyter|notebook|nbconvert|ipykernel|nbclient|nbformat|jupyter_core)'?$|Jupyter command `jupyter-(?P<what2>\w{1,30})` not found|Jupyter is not available",
        lambda hit: _no_kernel(hit) if hit["kernel"] else _notebook(hit),
    ),
    rule(
        (
            "egmentation fault",
            "Illegal instruction",
            "SIGSEGV",
            "code 139",
            "code -11",
            "core dumped",
        ),
        r"(?P<what>[Ss]egmentation fault|Illegal instruction|SIGSEGV|(?:code|status) (?:139|-11)\b|core dumped)",
        _crash,
        Layer.SYMPTOM,
    ),
)

# What any exception of running content means, if no other rule knows it.
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
