"""What succeeded in a log, what failed, and which failures a later attempt made good.

One log may hold several builds: a tool is called again, a server builds two pieces of content. A
failed build counts unless the same content was installed later: what the failed one wanted is among
what the later one has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..package_names import normalize
from .facts import given_up_packages
from .log_lines import NOTES, Line, Log

_SUCCESS: Final = re.compile(
    r"^(?:Successfully installed |Completed Python build|Installed \d{1,6} packages? in |"
    r"Requirement already (?:satisfied|up-to-date)|All requirements? (?:are|is) already|"
    r"Audited \d{1,6} packages? in |Executing transaction: (?:\.\.\.working\.\.\. )?done$)"
)
_NESTED_SUCCESS: Final = re.compile(r"(?:^|\s)\s(?:Successfully installed|Installed \d)")
_INDENTED_AS_WHOLE: Final = re.compile(r"^(?:remote: )? {7}(?! )")  # by Heroku and its kin
_BUSY: Final = ("Collecting ", "Downloading ", "Using cached ", "Building wheel", "Installing ")

# What tools say though nothing failed.
_NOTICES: Final = re.compile(
    r"pip's dependency resolver|\bignored$|After October 2020 you may|will be (?:deprecated|removed)|"
    r"DEPRECATION|[Cc]onsider using|notice"
)
_FAILURE: Final = re.compile(
    r"^(?:ERROR|Error|error|FATAL|Fatal|fatal|CRITICAL)\b(?:[:\s]|$)|"
    r"^× |^Traceback \(most recent|^Execution halted|^Error in |^Worker failed to boot|"
    r"(?:exited|failed|errored out|returned|ended|finished) with "
    r"(?:non-zero )?(?:exit )?(?:status|code|error code)[: ]{1,2}-?[1-9]|"
    r"Back-off restarting failed|was unable to find a compatible version|^\[\w{3,40}(?:Error|Impossible|Exception|Failure)\]: |returned (?:a )?non-zero (?:exit )?(?:status|code)|non-zero exit code|^no such option: |\(exit status [1-9]\d{0,2}; not expected\)|entered FATAL state|^# exit=[1-9]|"
    r"finished with status 'error'|[Bb]uild failed|[Bb]uild error|^Build Failed|"
    r"[Dd]eployment failed|[Dd]eploy failed|An error occurred while building|Push rejected|"
    r"^\S{1,80}(?:Error|Exception): |^[A-Z]\w{1,40}(?:Error|Exception)$|^[A-Z][a-z]+(?:[A-Z][a-z]+){1,5}(?:NotFound|Failed|Failure|Denied|Unavailable|Refused): |^No files/directories in |"
    r"did not run successfully|(?:exit|Exit) (?:code|status):? [1-9]|[Ee]xited with status [1-9]|"
    r"command not found$|\.\.\. ?error$|executable file not found|^Killed$|[Tt]ask failed|[Jj]ob failed|State changed from \w+ to crashed|"
    r"App crashed|Application error|CrashLoopBackOff|failed to compile|^Unhandled Exception|No matching distribution found|No distributions at all found|"
    r": No module named |error while loading shared libraries|^Connect API error |version solving failed|exec format error"
)
# What services and their supervisors say when something does not come up.
_NOT_UP: Final = re.compile(
    r"^(?:\S{1,80}: )?Failed (?:at|with|to (?!establish|hardlink|clone)) |status=(?!0/|15/|143/)\d{1,3}/[A-Z]|failing (?:site|app|container|deploy\w{0,4}) start|(?:consistently|repeatedly) failed |"
    r"failed (?:during|on) (?:startup|start|boot)|[Uu]nable to (?:load|start) (?:the )?app|no python application found|no app loaded|"
    r"instance refused connection|is (?:your|the) app listening|^Can't connect to \('|(?:[Ss]tartup|[Bb]uild|[Dd]eploy\w{0,5}|[Cc]ontainer|[Jj]ob|[Tt]ask|[Ss]ervice) (?:\w{1,12} )?(?:timed out|exceeded)|"
    r"(?:did not|didn't|failed to) (?:start|respond|become ready|become healthy)\b"
)
_CALLED_ERROR: Final = re.compile(r"##\[error\]|::error(?:\s[^:]{1,80})?::")
_GOES_ON: Final = re.compile(r"^(?:WARN|warn)|fall(?:s|ing)? back|retrying|ignor")
# Each line that ``_FAILURE`` or ``_NOT_UP`` knows has one of these; most lines have none.
_FAILURE_MARKS: Final = (
    *(
        "rror",
        "RROR",
        "atal",
        "ATAL",
        "CRITICAL",
        "× ",
        "Traceback",
        "halted",
        "ailed",
        "no such option",
        "Back-off",
        "unable to",
        "Impossible",
        "NotFound",
        "Denied",
        "navailable",
        "Refused",
        "FATAL",
        "xit",
        "FAILED",
    ),
    *("returned", "ended with", "Failed", "rejected", "xception", "No files", "run successfully"),
    *(
        "didn't ",
        "did not ",
        "failing ",
        "status=",
        "nable to",
        "no python",
        "no app",
        "an't connect",
        "timed out",
        "exceeded",
    ),
    *("not found", "Killed", "crash", "Crash", "No matching", "No distributions", "No module"),
)
_BEGINS: Final = re.compile(
    r"^(?:Collecting |Looking in indexes|Using CPython |Using Python \S+ environment|Resolved \d|"
    r"Creating environment|Bundle (?:created|requested)|Building .{1,40}(?:content|application|API)|"
    r"\$ (?:pip|uv|python)\b|Requirement already )"
)
_WANTED: Final = re.compile(
    r"^(?:Collecting |Requirement already satisfied: |Processing |\+ |(?:ERROR: )?No matching distribution "
    r"found for |Building wheel for |Downloading )(?P<name>[A-Za-z][\w.-]{0,100})"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A part of a log, from ``start`` up to but not including ``end``, that is one failed build."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What of a log counts.

    success: the index of the last line that tells of a success; -1 for none.
    failed: earlier builds that failed for good. made_good: those that a later build repeated with
    success. unclear: those that do not say what they wanted.
    """

    success: int
    failed: tuple[Attempt, ...]
    made_good: tuple[Attempt, ...]
    unclear: tuple[Attempt, ...]


def outcomes_of(log: Log) -> Outcomes:
    """Return which parts of a log failed and which succeeded."""
    successes = _successes(log)
    failed: list[Attempt] = []
    made_good: list[Attempt] = []
    unclear: list[Attempt] = []
    start = 0
    for success in successes:
        for attempt in _failed_before(log, start, success):
            wanted = _names(log, attempt.start, attempt.end)
            later = [one for one in successes if one >= success]
            if not wanted:
                unclear.append(attempt)
            elif any(_same_content(log, attempt, wanted, one) for one in later):
                made_good.append(attempt)
            else:
                failed.append(attempt)
        start = success + 1
    last = successes[-1] if successes else -1
    return Outcomes(last, tuple(failed), tuple(made_good), tuple(unclear))


def failure_at(log: Log, index: int) -> bool:
    """Whether the line says by itself that something failed."""
    body = log.lines[index].body
    if body.startswith(NOTES):
        return False
    if is_called_error(log.lines[index]):
        return not _NOTICES.search(body, 0, 2000)
    for mark in _FAILURE_MARKS:
        if mark in body:
            break
    else:
        return False
    if _FAILURE.search(body, 0, 2000):
        return not _NOTICES.search(body, 0, 2000)
    return bool(_NOT_UP.search(body, 0, 2000)) and not _GOES_ON.search(body, 0, 2000)


def is_called_error(line: Line) -> bool:
    """Whether a platform for builds marks a line as an error, before what the line says."""
    return "error" in line.text and bool(
        _CALLED_ERROR.search(line.text, 0, max(0, len(line.text) - len(line.body)))
    )


def _successes(log: Log) -> list[int]:
    """The lines that say that an installation succeeded.

    That one requirement is there already is success only where nothing had to be done after it.
    """
    found: list[int] = []
    busy = False
    for index in range(len(log.lines) - 1, -1, -1):
        line = log.lines[index]
        if line.body.startswith(_BUSY):
            busy = True
        if not _SUCCESS.match(line.body):
            continue
        already = line.body.startswith("Requirement already ")
        if already and (busy or found):
            continue
        text = _INDENTED_AS_WHOLE.sub("", line.text[:200])
        if not _NESTED_SUCCESS.search(text):
            found.append(index)
    return found[::-1]


def _failed_before(log: Log, start: int, success: int) -> list[Attempt]:
    """The builds between ``start`` and a success that failed before another one began."""
    found: list[Attempt] = []
    failed = -1
    for index in range(start, success):
        body = log.lines[index].body
        if failed >= 0 and _BEGINS.match(body):
            found.append(Attempt(start, index))
            start, failed = index, -1
        elif "Discarding " in body or body.startswith("Running setup.py "):
            failed = -1  # pip goes on with another file, or in another way
        elif failure_at(log, index):
            failed = index
    return found


def _same_content(log: Log, attempt: Attempt, wanted: set[str], success: int) -> bool:
    """Whether the build that ends with a success installs what a failed one wanted."""
    had = _names(log, attempt.end, success + 1)
    if not had:
        return True
    given_up = {
        normalize(name) for at, name in given_up_packages(log) if attempt.start <= at < attempt.end
    }
    return bool(given_up & had) if given_up else bool(wanted & had)


def _names(log: Log, start: int, end: int) -> set[str]:
    names: set[str] = set()
    for line in log.lines[start:end]:
        if found := _WANTED.match(line.body):
            names.add(normalize(found["name"]))
        elif line.body.startswith("Successfully installed "):
            parts = line.body[:20_000].split()[2:]
            names.update(normalize(part.rpartition("-")[0]) for part in parts)
    return names
