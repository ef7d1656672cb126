"""Content that runs: its processes, ports, time and memory."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from ..log_lines import Line
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from .speakers import Speaker, binds_a_port, came_up_later, may_run, speaker_of


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


def _may_not_listen(hit: LineMatch) -> Explanation | None:
    """Ports below 1024 belong to root."""
    if not binds_a_port(hit):
        return None
    around = " ".join(line.body for line in (hit.line, *hit.after(3), *hit.before(3)))
    found = _PORT.search(around)
    port = (found[1] or found[2] or found[3]) if found else ""
    return Explanation(
        "port-not-served",
        f"The content's user may not listen at {f'port {port}' if port else 'its port'}: ports below 1024 are root's, and SELinux may keep others.",
        "Let it listen at a higher port, with a proxy before it; or give the service that right (AmbientCapabilities=CAP_NET_BIND_SERVICE).",
        "Listen at the port that the server gives (the variable PORT), not at one written into the code.",
    )


_PORT: Final = re.compile(
    r"\('[\w.:*]{0,60}', (\d{2,5})\)|[Pp]ort:? (\d{2,5})\b|(?:[\d.]{7,15}|localhost|\]|\*):(\d{2,5})\b"
)


_LOCAL: Final = re.compile(
    r"(?:[Rr]unning|[Ll]istening|[Ss]erving|available) (?:on|at):? .{0,40}?(?:127\.0\.0\.1|localhost):\d{2,5}"
)


def listens_locally(hit: LineMatch) -> Line | None:
    """The line in which content says that it listens at this machine's own address."""
    return next(
        (
            line
            for line in islice(hit.log.back_from(hit.index), 200)
            if _LOCAL.search(line.body, 0, 300)
        ),
        None,
    )


def _address(line: Line) -> str:
    found = re.search(r"(?:127\.0\.0\.1|localhost):\d{2,5}", line.body)
    return found[0] if found else "127.0.0.1"


def _port_not_served(hit: LineMatch) -> Explanation:
    found = re.search(r"within (\d{1,5} seconds)", hit.line.body)
    wanted = re.search(r"PORT=(\d{2,5})|:(\d{2,5})\b|[Pp]ort:? (\d{2,5})\b", hit.line.body)
    port = next((part for part in wanted.groups() if part), "") if wanted else ""
    local = listens_locally(hit)
    if local is not None:
        return Explanation(
            "port-not-served",
            f"The content listens at this machine's own address only ({_address(local)}), which the server cannot reach from outside{f' (it asks for port {port})' if port else ''}.",
            "Start it with the address 0.0.0.0 (`--host 0.0.0.0`, `--bind 0.0.0.0:PORT`).",
            f"Listen at 0.0.0.0 and the port that the server gives{f', {port}' if port else ''}, not at 127.0.0.1 or localhost.",
            (local,),
        )
    after = found[1] if found else ""
    return Explanation(
        "start-timeout",
        f"The content started and did not listen at its port{f' {port}' if port else ''} in time{f' ({after})' if after else ''}, so that the server ended it.",
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


_AFTER: Final = re.compile(
    r"(?:after|within|in|of|=) (\d[\d.]{0,8} ?(?:s|ms|sec|seconds?|min|minutes?))\b"
)


def _start_timeout(hit: LineMatch) -> Explanation | None:
    if came_up_later(hit):
        return None
    found = _AFTER.search(hit.line.body)
    after = hit["after"] or (found[1] if found else "")
    return Explanation(
        "start-timeout",
        f"The content did not come up in time{f' ({after})' if after else ''}.",
        "See what it does before it is ready (its own log); raise the time for starting (Scheduler.InitTimeout of Connect) if it needs it.",
        "Load data and models after the content has begun to listen; start it by hand in a fresh environment to see how long it takes.",
    )


def _out_of_memory(hit: LineMatch) -> Explanation:
    limit = re.search(r"used over (\S{1,20}?)\)", hit.line.body)
    return Explanation(
        "out-of-memory",
        f"A process of the content was killed while it ran: the machine, or the limit of its container or service{f' ({limit[1]})' if limit else ''}, had no memory left.",
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


def _heroku(hit: LineMatch) -> Explanation | None:
    code = hit["code"]
    if code in ("R14", "R15"):
        return _out_of_memory(hit)
    if code in ("R10", "R11"):
        return _port_not_served(hit)
    return None


def _crash(hit: LineMatch) -> Explanation | None:
    """A library that crashes the interpreter while content runs."""
    if not may_run(hit):
        return None
    return Explanation(
        "content-failed",
        f"The content's Python crashed ({hit['what']}): a compiled module in it does not fit this machine, or another module.",
        "`dmesg` and PYTHONFAULTHANDLER=1 (in the content's variables) name the module; build the environment anew if it came from another machine.",
        "Pin the release of the package that worked before.",
        layer=Layer.CAUSE,
    )


def _no_address(hit: LineMatch) -> Explanation:
    """gunicorn gives an address up and does not say why."""
    port = int(hit["port"])
    around = " ".join(line.body for line in hit.before(12))
    why = (
        "that address is not this machine's"
        if "Cannot assign requested address" in around
        else "another process already does"
        if "already in use" in around
        else f"ports below 1024 are for root, or for programs with CAP_NET_BIND_SERVICE, and {port} is one"
        if port < 1024
        else "it is taken by another process, or that address is not this machine's"
    )
    return Explanation(
        "port-not-served",
        f"The content cannot listen at {hit['host']}, port {port}: {why}.",
        f"See who holds the port (`ss -ltnp | grep :{port}`)"
        + (", or let the service listen at a port from 1024 on." if port < 1024 else "."),
        "Listen at the address and port that the server gives (0.0.0.0 and PORT).",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("ermission denied", "not permitted"),
        r"Errno 1\d?\b|[Pp]ermission denied|not permitted",
        _may_not_listen,
    ),
    rule(
        "Can't connect to ('",
        r"^Can't connect to \('(?P<host>[^']{1,60})', (?P<port>\d{1,5})\)",
        _no_address,
        Layer.SYMPTOM,
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
            "app listening on",
        ),
        r"failed to bind to \$PORT within (?P<after>\d{1,5} seconds)|failed to (?:start and )?(?:then )?listen on (?:the )?port|Port scan timeout reached|No open ports detected, continuing|not listening on (?:the expected|port|0\.0\.0\.0)|did not start listening|is (?:your|the) app listening on",
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
            "emory (used over",
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
