"""The machine: disk, memory, permissions, and what stopped the build."""

from __future__ import annotations

import re
from typing import Final

from ..facts import package_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .speakers import Speaker, binds_a_port, is_started, speaker_of

_PATH: Final = re.compile(
    r"(?:: u?|(?:file|directory|path|at|to|from|open|create|write) )['\"‘`](?P<path>(?:/|~|[A-Za-z]:\\)[^'\"’`]{1,400})['\"’`]"
)
_RELATIVE: Final = re.compile(
    r"Errno \d{1,3}\] [^:]{1,60}: u?['\"](?P<path>[^/'\"\s][^'\"]{0,400})['\"]"
)


_OF_GO: Final = re.compile(
    r"\b(?:write|open|mkdir|create|chown|link|rename|sync) (?P<path>/[^\s:]{1,400}): [a-z]"
)


def _path(hit: LineMatch) -> str:
    body = hit.line.body
    found = _PATH.search(body) or _RELATIVE.search(body) or _OF_GO.search(body)
    return found["path"] if found else ""


def _disk_full(hit: LineMatch) -> Explanation | None:
    if _harmless(hit) or "inotify" in hit.line.body:
        return None
    path = _path(hit)
    directory = path.rsplit("/", 1)[0]
    who = "content" if speaker_of(hit) is Speaker.CONTENT else "build"
    if (
        "quota" in hit.line.body.lower()
        or "rrno 122" in hit.line.body
        or "error 122" in hit.line.body
    ):
        return Explanation(
            "disk-full",
            f"While the {who} wrote {path or 'its files'}, the disk quota of its user was used up.",
            f"Raise that user's quota or remove files of it: `quota -s` as that user (or `repquota -a`) shows what it has; `df` shows the whole disk and says nothing of a quota{f' (the file lies in {directory})' if path else ''}.",
        )
    return Explanation(
        "disk-full",
        f"While the {who} wrote {path or 'its files'}, no space, or no inode, was left.",
        f"Make room: `df -h{f' {directory}' if directory else ''}` shows the space and `df -i` the inodes of {'that' if directory else 'each'} file system (a TMPDIR that is "
        "too small counts too); `pysteward environments prune` removes environments that nothing uses.",
    )


def _harmless(hit: LineMatch) -> bool:
    """What pip only warns of: its cache, its own log, its version check."""
    body = hit.line.body
    return (
        body.startswith(("WARNING:", "DEPRECATION:"))
        or "cache has been disabled" in body
        or "Cache entry" in body
    )


def _read_only(hit: LineMatch) -> Explanation | None:
    if _harmless(hit):
        return None
    path = _path(hit)
    return Explanation(
        "read-only-filesystem",
        f"{path or 'The target of the build'} lies on a file system that is mounted read-only.",
        f"Mount it for writing, or move what is written there (`findmnt -T {path or 'PATH'}` shows the mount); in a systemd service, "
        "ProtectSystem and ReadWritePaths decide as well. A file system turns read-only after disk errors too: see `dmesg`.",
    )


def _permission(hit: LineMatch) -> Explanation | None:
    if _harmless(hit):
        return None
    path = _path(hit) or hit["path"]
    if "Retrying" in hit.line.body or "Failed to establish" in hit.line.body:
        return None
    if binds_a_port(hit):
        return None  # rules/serving.py
    runs = is_started(hit) or speaker_of(hit) is Speaker.CONTENT
    user = "The content's user" if runs else "The build's user"
    if (
        cache := re.match(r".{0,300}/\.cache/(?P<tool>uv|pip)\b", path)
    ) or "cache at" in hit.line.body:
        tool = cache["tool"] if cache else "uv"
        return Explanation(
            "permission-denied",
            f"{user} may not create or write the cache directory of {tool}{f', {path}' if path else ''}.",
            f"Give that user a directory it may write: {tool.upper()}_CACHE_DIR in build-environment, or a home directory of its own (`ls -ld {path or 'PATH'}`)"
            + ("; UV_NO_CACHE=1 does without." if tool == "uv" else "."),
        )
    return Explanation(
        "permission-denied",
        f"{user} may not write or use {path or 'a file it needs'}.",
        f"Give that user access (`ls -ld {path or 'PATH'}` and `namei -l {path or 'PATH'}` show who has it), or build as another user (RunAs); a "
        "file system mounted noexec and SELinux refuse in the same words.",
    )


def _memory(hit: LineMatch) -> Explanation | None:
    package = package_of(hit)
    if "(used over" in hit.line.body:
        return None  # rules/serving.py
    return Explanation(
        "out-of-memory",
        f"{f'While {package} was built or installed, the' if package else 'The'} machine, or the limit of the build's user or service, had no memory left.",
        "Give the build more memory: `dmesg | grep -i 'killed process'` tells whether the kernel ended it, `ulimit -v` and the service's MemoryMax "
        "or container limit whether a limit did; fewer builds at once (parallel-builds, MAKEFLAGS=-j1) need less.",
        "Pin a version of the package that has a wheel, so that nothing needs to be compiled.",
    )


def _memory_error(hit: LineMatch) -> Explanation | None:
    return _memory(hit)


def _killed(hit: LineMatch) -> Explanation | None:
    """A bare `Killed` is how a shell reports signal 9; the kernel sends it when memory runs out."""
    return _memory(hit)


def _no_more_threads(hit: LineMatch) -> Explanation | None:
    """EAGAIN and EMFILE: limits on threads, processes and open files, or no memory for them."""
    if _harmless(hit):
        return None
    if "inotify" in hit.line.body:
        return Explanation(
            "out-of-memory",
            "No more files can be watched for changes: the limit of inotify is reached, not the disk's.",
            "Raise it (`sysctl fs.inotify.max_user_watches fs.inotify.max_user_instances` shows both; /etc/sysctl.d keeps them), or switch watching off (streamlit: `--server.fileWatcherType none`).",
            "Deploy fewer files with the content (no environments, no data directories), or switch watching off.",
        )
    files = "open files" in hit.line.body
    return Explanation(
        "out-of-memory",
        f"The build could {'open no more files' if files else 'start no more threads or processes'}: a limit of its user, its service or its container is reached.",
        f"Raise it: `ulimit {'-n' if files else '-u'}` shows the user's, `systemctl show -p {'LimitNOFILE' if files else 'TasksMax'} rstudio-connect` "
        f"the service's{'' if files else ', and a container has one of its own (pids)'}; fewer builds at once (parallel-builds) need less.",
    )


def _cancelled(hit: LineMatch) -> Explanation:
    by = hit["by"]
    return Explanation(
        "cancelled",
        f"Someone stopped the build{f' ({by.strip()})' if by.strip() else ''}.",
        "Build again if that was not meant.",
    )


def _terminated(hit: LineMatch) -> Explanation | None:
    if is_started(hit):
        return None  # how services stop what runs
    return Explanation(
        "cancelled",
        "The build was told to stop (SIGTERM): someone cancelled it, or the service or machine was shut down.",
        "Build again; if nobody stopped it, look into the service's journal at that time.",
    )


def _interrupted(hit: LineMatch) -> Explanation:
    return Explanation(
        "cancelled",
        f"Something outside the build ended it: {hit['what']}.",
        "Build again. `dmesg | grep -i 'killed process'` tells whether memory ran out, the service's journal whether it or the machine was stopped at that time.",
    )


def _time_limit(hit: LineMatch) -> Explanation | None:
    if "Cell execution" in hit.line.body:
        return None  # rules/entry_points.py
    limit = f"{hit['seconds']} seconds" if hit["seconds"] else hit["after"]
    return Explanation(
        "timeout",
        f"The build reached the time limit{f' of {limit}' if limit else ''} and was stopped.",
        "See what the last lines were busy with: compiling large packages needs longer (build-timeout), a silent download points to the network.",
        "Pin versions that have wheels, so that nothing needs to be compiled.",
    )


def _no_temporary_directory(hit: LineMatch) -> Explanation:
    directory = hit["folder"].split("', '")[0]
    return Explanation(
        "permission-denied",
        f"No directory for temporary files can be used{f': {directory} is not there, or not for the build to write' if directory else ''}.",
        "Look at TMPDIR in build-environment and at /tmp: the directory must exist, have room (`df -h`, `df -i`) and be writable for the build's user.",
    )


def _no_execution(hit: LineMatch) -> Explanation | None:
    path = hit["path"]
    directory = _temporary(path)
    if not directory and "map segment" not in hit.line.body:
        return None
    if "map segment" in hit.line.body and re.search(r"Cannot allocate memory", hit.line.body):
        return None
    where = directory or path.rsplit("/", 1)[0] or "the directory of that file"
    return Explanation(
        "no-execution",
        f"Nothing may be executed below {where}: that file system is mounted noexec, and the build runs programs and compiled modules there.",
        f"Let builds use a directory that may execute: TMPDIR=/var/tmp/build (or another) in build-environment; `findmnt -T {where}` shows the mount's options.",
    )


def _temporary(path: str) -> str:
    """The temporary directory that a path lies in; nothing where it lies elsewhere."""
    found = re.match(
        r"(?P<folder>/.{0,200}?)/(?:pip-[\w-]{1,60}|\.tmp\w{1,20}|tmp\w{6,12}|builds?-v\d)/", path
    )
    return found["folder"] if found else ""


def _executed(hit: LineMatch) -> Explanation | None:
    """A program below the temporary directory that may not be started."""
    return _no_execution(hit) if _temporary(hit["path"]) else None


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "failed to map segment from shared object",
        r"(?P<path>/[^\s:]{1,400}): failed to map segment from shared object",
        _no_execution,
    ),
    rule(
        "Permission denied",
        r"(?:command ['\"](?P<path>/[^'\"\s]{1,400})['\"] failed: Permission denied|(?P<path2>/[^\s:]{1,400}): bad interpreter: Permission denied|(?:PermissionError|OSError): \[Errno 13\] Permission denied: '(?P<path3>/[^']{1,300}/bin/[^']{1,60})'|"
        r"`(?P<path4>/[^`\s]{1,400})[^`]{0,300}`.{0,60}Permission denied|exec(?:ve|vp)?.{0,20}?(?P<path5>/[^\s'\":]{1,300})['\"]?: Permission denied)",
        _executed,
    ),
    rule(
        ("No usable temporary ", "os error 2) at path "),
        r"No usable temporary (?:directory|file)(?: name)? found(?: in \['(?P<folder>[^\]]{1,300})'\])?|No such file or directory \(os error 2\) at path \"(?P<folder2>[^\"]{1,300})/\.tmp\w{1,20}\"",
        _no_temporary_directory,
    ),
    rule(
        (
            "o space left on device",
            "Errno 28",
            "os error 28",
            "ENOSPC",
            "isk quota exceeded",
            "Errno 122",
            "os error 122",
            "not enough free disk space",
            "database or disk is full",
            "Not enough space",
        ),
        r"[Nn]o space left on device|Errno 28\b|os error 28\b|ENOSPC|[Dd]isk quota exceeded|Errno 122\b|os error 122\b|not enough free disk space|database or disk is full",
        _disk_full,
    ),
    rule(
        ("Read-only file system", "Errno 30", "os error 30", "EROFS"),
        r"Read-only file system|Errno 30\b|os error 30\b|EROFS",
        _read_only,
    ),
    rule(
        (
            "Killed signal terminated program",
            "compiler error: Killed",
            "fatal error: Killed",
            "virtual memory exhausted",
            "out of memory",
            "annot allocate memory",
            "Errno 12]",
            "os error 12)",
            "Out of memory",
            "std::bad_alloc",
            "emory exhausted",
            "oom-kill",
            "OOM",
            "LLVM ERROR: out of memory",
            "memory allocation of",
        ),
        r"Killed signal terminated program|compiler error: Killed|fatal error: Killed|virtual memory exhausted|[Oo]ut of memory|[Cc]annot allocate memory|Errno 12\]|os error 12\)|std::bad_alloc|[Mm]emory exhausted|oom-kill|OOMKilled|memory allocation of \d{1,20} bytes failed",
        _memory,
    ),
    rule(
        (
            "can't start new thread",
            "Resource temporarily unavailable",
            "Too many open files",
            "inotify",
        ),
        r"inotify (?:watch|instance)s? limit reached|RuntimeError: can't start new thread|(?:Errno 11\]|fork: (?:retry: )?)(?: |)Resource temporarily unavailable|Errno 24\] Too many open files|pthread_create failed",
        _no_more_threads,
    ),
    rule("MemoryError", r"(?:^|\s)(?:\w{1,60}\.)?_?(?:Array)?MemoryError\b", _memory_error),
    rule(
        (
            "illed",
            "exit code -9",
            "exit status -9",
            "code 137",
            "status 137",
            "signal: 9",
            "signal 9",
            "SIGKILL",
            "exit code: -9",
            "exit status: 137",
            "code: 137",
            "error code -9",
            "exit code 137",
            "return code -9",
            "died with <Signals.SIGKILL",
        ),
        r"^Killed(?:\s|$)|(?:\beta [\d:]{4,10}|[kMG]B/s)\s{0,60}Killed$|(?:line \d{1,6}|sh): +\d{1,8} Killed|signal: 9\b|SIGKILL|(?:exit (?:code|status):?|[Ee]rror code:?|return code|returned(?: code)?|exited with(?: code| status)?|[Tt]ask exited with status) (?:-9|137)\b|exit code: -9|terminated by signal 9|signal 9\b",
        _killed,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "Permission denied",
            "Errno 13",
            "EACCES",
            "os error 13",
            "Errno 1]",
            "Operation not permitted",
            "is not write-able",
            "[WinError 5]",
        ),
        r"\[WinError 5\]|(?P<path2>/[^\s:]{1,400}): bad interpreter: Permission denied|the destination .{0,300} is not write-able at (?P<path>/\S{1,300})|Permission denied|Errno 13\b|EACCES|os error 13\b|Errno 1\] Operation not permitted",
        _permission,
    ),
    rule(
        (
            "Operation cancelled by user",
            "Operation canceled by user",
            "KeyboardInterrupt",
            "Aborted by user",
            "cancelled by",
            "canceled by",
            "was cancel",
        ),
        r"[Oo]peration (?:was )?cance(?:l|ll)ed(?: by user|\.?$)|^KeyboardInterrupt$|Aborted by user|pysteward: build cancelled(?: by (?P<by>.{1,100}))?|(?:[Dd]eploy(?:ment)?|[Bb]uild|[Tt]ask|[Jj]ob|Pipeline) (?:was )?cance(?:l|ll)ed",
        _cancelled,
        Layer.VERDICT,
    ),
    rule(
        (
            "SIGTERM",
            "signal 15",
            "signal: 15",
            "exit code -15",
            "exit code: -15",
            "status 143",
            "code 143",
            "Terminated",
            "status -15",
            "SIGINT",
            "signal: 2",
            "signal: interrupt",
            "signal: terminated",
        ),
        r"SIGTERM|signal:? 15\b|signal: terminated|signal: interrupt|(?:code|status):? (?:-15|143)\b|^Terminated$|(?:line \d{1,6}|sh): +\d{1,8} Terminated|signal: 2\b|died with <Signals\.SIGINT",
        _terminated,
        Layer.SYMPTOM,
    ),
    rule(
        "pysteward: build interrupted: ",
        r"pysteward: build interrupted: (?P<what>.{1,200})",
        _interrupted,
        Layer.VERDICT,
    ),
    rule(
        (
            "time limit",
            "timeout",
            "Timeout",
            "timed out",
            "deadline exceeded",
            "took longer",
            "exceeded",
        ),
        r"pysteward: time limit of (?P<seconds>[\d.]{1,12}) seconds reached|(?:[Bb]uild|[Dd]eploy(?:ment)?|[Jj]ob|[Tt]ask|execution|[Pp]rocess|Command '[^']{1,300}'|Command \[.{1,300}\]) (?:has )?(?:timed out|exceeded the (?:time limit|timeout))|"
        r"exceeded (?:the |its )?(?:maximum |max(?:imum)? allowed |allowed |configured )?(?:build |run |execution |job )?(?:duration|time(?: limit)?|run ?time)(?: of (?P<after2>[\w. ]{1,20}?))?(?= and|[.,;)]|$)|"
        r"execution took longer than(?: (?P<after3>\w{1,12}))?|context deadline exceeded|[Tt]ime limit (?:exceeded|reached)|timed out after (?P<after>[\d.]{1,12}) seconds|took longer than the (?:configured )?time",
        _time_limit,
        Layer.VERDICT,
    ),
)
