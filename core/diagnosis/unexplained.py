"""The honest answer where no rule explains a failure: which step failed, and what was said last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..secrets import mask_secrets
from .attempts import is_called_error
from .facts import is_uv, package_of
from .log_lines import Line, Log
from .rule import BuildLogs, Explanation, LineMatch

_MOST_LINES: Final = 6
_LONGEST: Final = 200

# What tools say when they give up, and lines that are not sentences.
_SAYS_NOTHING: Final = re.compile(
    r"^(?:error|ERROR): (?:subprocess-exited-with-error|metadata-generation-failed|legacy-install-failure|"
    r"Command errored out|Failed building|Could not build|failed-wheel-build)|did not run successfully|"
    r"^exit (?:code|status)|^note: |^hint: See above|^\[end of output|lines of output\]|^See above|"
    r"^File \"|^Traceback|^[\^~\s]+$|^Execution halted|^Calls: |^-{5,}|^={5,}|^ERROR: Failed|"
    r"^Failed to build|Process completed with exit code|^[Bb]uild (?:error|failed)|[Ee]xited with status|"
    r"exited with code|did not complete successfully|^ERROR: process |failed to solve|^Task failed|^An error occurred while building|^Encountered error while|"
    r"^warning: |^WARNING: |^npm notice|^\d{1,4} ?\||^[|│]|^DEPRECATION|^Collecting |^Downloading |"
    r"^copying |^creating |^running |^Stopped session|^During handling|^The above exception|^cwd: |^command: "
)
_RAISED: Final = re.compile(
    r"^(?:[\w.]{1,120}\.)?[A-Z]\w{1,80}(?:Error|Exception|Exit|Failure|Failed)\b.{0,20}\S"
)
_SAYS_ERROR: Final = re.compile(
    r"\b(?:error|ERROR|Error|fatal|FATAL|Fatal|panicked|exception)\b[:\]]? ?\S"
)
# What programs say of a part that failed, when the part itself has said why.
_ONLY_ENDS: Final = re.compile(
    r"\[?exit(?:ed)?(?: with)?(?: code| status)?:? ?\(?-?\d{1,5}|failed with (?:exit|error|status|result)|Failed with result|"
    r"(?:[Ii]nstallation|[Bb]uild|[Dd]eploy\w{0,5}|[Tt]ask|[Jj]ob|[Cc]ommand|[Pp]rocess|[Ss]cript|[Ii]nstaller) (?:has )?(?:failed|returned|ended|exited)|"
    r"^(?:.{0,40}: )?Failed to start |processing dependencies|Please fix the errors?|non-zero"
)
# A shell's own message: script, line, command.
_OF_SHELL: Final = re.compile(
    r"^(?:\S{0,200}: )?(?:line )?\d{1,6}: \S{1,100}: \S|^\S{1,100}: line \d{1,6}: \S"
)
_SAYS_TROUBLE: Final = re.compile(
    r"annot |an't |ould not|ailed|ot found|nable to|enied|issing|efused|nvalid|nsupported|o such |"
    r"ncompatible|ot allowed|xceeded|xpected|ot available|equires |must |orrupt|imed out|"
    r"limit|quota|reached |enied|orbidden|nauthorized|\bbad |nknown|ndefined|llegal|\btoo |n't |rong |no such|mismatch|rejected|conflict"
)

_STEPS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^(?:× )?(?:Preparing metadata|Getting requirements to build|python setup\.py egg_info)|egg_info for package", "preparing the metadata of {package}"),
        (r"^(?:× )?(?:Building (?:wheel|editable)|python setup\.py bdist_wheel|Failed to build|Running setup\.py bdist_wheel)|[Ff]ailed building wheel", "the build of {package}"),
        (r"^(?:× )?(?:pip subprocess to install build dependencies|Installing build dependencies)", "installing what {package} is built with"),
        (r"^(?:Installing collected packages|Running setup\.py install|Attempting uninstall)", "installing the packages"),
        (r"^(?:Creating (?:virtual )?environment|created virtual environment|creator )", "creating the environment"),
        (r"^(?:Downloading |Using cached )", "downloading the packages"),
        (r"^(?:Collecting |Looking in indexes|Resolved \d|Resolving )", "looking for versions of the packages"),
        (r"^(?:Starting |Running on host|Booting worker|Listening|Launching|Uvicorn running|processing file|==> Running)", "starting the content"),
    )
)  # fmt: skip


def unexplained(case: BuildLogs, log: Log, failing: Sequence[int]) -> Explanation:
    """Return what can be said of a failure that no rule knows.

    failing: the indices of the lines that say that something failed, not empty.
    """
    telling = _most_telling(log, failing)
    best = max((_score(log.lines[index]) for index in telling), default=0)
    at = next((i for i in reversed(telling) if _score(log.lines[i]) == best), failing[-1])
    step = _step(case, log, at)
    said = " ".join(log.lines[at].body.split())[:_LONGEST] if telling else ""
    if _OF_CHAIN.match(said) and (head := _headline(log, at)):
        said = f"{head}; {_OF_CHAIN.sub('', said)}"[:_LONGEST]
    cause = f"{step[0].upper()}{step[1:]} failed" if step else "Something failed"
    tool = "uv" if is_uv(case) else "pip"
    shown = telling or list(failing[-2:])
    return Explanation(
        "unknown",
        mask_secrets(
            f"{cause}, and no rule knows why{f'; said last: {said}' if said else ''}"
        ).rstrip(". ")
        + ".",
        "Read the lines quoted here from the first on; "
        + (
            f"{tool}'s full log ({'`-v`' if tool == 'uv' else '`--log`'}) beside this one often says more."
            if step and "content" not in step
            else "the lines before the first of them tell what was being done."
        ),
        None,
        tuple(log.lines[index] for index in sorted({*shown[:_MOST_LINES], at, *_last(log, at)})),
    )


_OF_CHAIN: Final = re.compile(r"^(?:Caused by|cause): ")


def _headline(log: Log, at: int) -> str:
    """What the causes of uv and cargo are listed below."""
    for line in reversed(log.before(at, 8)):
        if not _OF_CHAIN.match(line.body):
            return " ".join(line.body.split()).removeprefix("error: ").rstrip(". ")
    return ""


def _last(log: Log, at: int) -> tuple[int, ...]:
    """The log's last line, where it follows and is a sentence."""
    for index in range(len(log.lines) - 1, at, -1):
        body = log.lines[index].body
        if body.strip():
            return () if _SAYS_NOTHING.search(body, 0, 1000) else (index,)
    return ()


def _most_telling(log: Log, failing: Sequence[int]) -> list[int]:
    """The lines at and around the failing ones whose sentences tell most, in their order."""
    near = {
        index for one in failing for index in range(max(0, one - 3), min(len(log.lines), one + 4))
    }
    scored = [(score, index) for index in near if (score := _score(log.lines[index]))]
    best = max((score for score, _ in scored), default=0)
    chosen = sorted(
        index for score, index in scored if score >= max(1 if best == 1 else 2, best - 1)
    )
    half = _MOST_LINES // 2
    return chosen if len(chosen) <= _MOST_LINES else [*chosen[:half], *chosen[-half:]]


def _score(line: Line) -> int:
    body = line.body
    if len(body.split()) < 2 or _SAYS_NOTHING.search(body, 0, 1000):
        return 0
    if _ONLY_ENDS.search(body, 0, 1000):
        return 1
    if _RAISED.match(body):
        return 4
    if is_called_error(line):
        return 3
    if _OF_SHELL.match(body):
        return 3
    if _SAYS_ERROR.search(body, 0, 1000):
        return 3
    return 2 if _SAYS_TROUBLE.search(body, 0, 1000) else 0


def _step(case: BuildLogs, log: Log, index: int) -> str:
    """The step that a line belongs to, as the subject of a sentence; nothing where none is said."""
    match = re.match("", "")
    assert match is not None
    hit = LineMatch(case, log, index, match)
    for line in (log.lines[index], *log.back_from(index)):
        for pattern, words in _STEPS:
            if pattern.search(line.body, 0, 500):
                name = package_of(hit) or "a package"
                return words.format(package=name)
    return ""
