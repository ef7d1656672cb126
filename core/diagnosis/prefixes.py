"""Remove what tools put before the text of a line: times, levels, names, progress, tree lines.

Removing never changes what remains: the result is always the end of the given text. A prefix is
removed by its kind, not by the tool that writes it. What stands before most lines of one log, and
is of no known kind, is learned from that log (``learned_heads``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

_DATE: Final = (
    r"\d{4}[-/.]\d\d[-/.]\d\d|\d\d?[-/.](?:\d\d|[A-Z][a-z]{2})[-/.]\d{4}|\d\d/\d\d|"
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s[\s\d]?\d"
)
_TIME: Final = r"\d\d?:\d\d:\d\d(?:[.,]\d{1,9})?(?:\s?(?:AM|PM)\b)?"
_ZONE: Final = r"(?:\s?(?:Z|UTC|GMT|CES?T|[A-Z]{2}T|[+-]\d\d:?\d\d))?(?:\s\d{4}(?=[\]:\s]))?"
_LEVEL: Final = r"DEBUG|INFO|NOTICE|TRACE|WARN|WARNING|ERROR|ERR|CRITICAL|FATAL|SEVERE|VERBOSE|FINE"

# In square brackets these are part of what a tool says.
_SAID_IN_BRACKETS: Final = r"(?!\w{3,40}(?:Error|Impossible|Exception|Failure)\]|(?:Errno|WinError|SSL|end of output|\d{1,6} lines of)\b|\d{1,6}\])"

_KINDS: Final = re.compile(
    rf"""(?:
      \s+
    | [\[(]?(?:{_DATE})[T\s:]{{1,2}}{_TIME}{_ZONE}[\])]?[:,]?(?=\s|$)  # 2024/01/05 10:11:12.123
    | [\[(]?{_TIME}{_ZONE}[\])]?[:,]?(?=\s)                                 # 10:11:12
    | \[\s{{0,6}}\d{{1,9}}\.\d{{1,9}}s?\](?=\s)                             # seconds of the kernel
    | \d{{10}}(?:\.\d{{1,9}}|\d{{3,9}})?(?=\s)                              # seconds since 1970
    | time="?[\dT:.Z+\s-]{{19,40}}"?\slevel=\w{{1,9}}\smsg="?
    | (?:level|lvl|severity)=\w{{1,9}}(?=\s)
    | (?:DEBUG|INFO|NOTICE|TRACE|WARN|VERBOSE|FINE)(?:[:|]|\s-)?(?=\s)(?!\s+(?:\S+\s+)?errors?\b)
    | (?:-\s)?[<(]?(?:{_LEVEL})[>)]?\s{{0,9}}(?:\||-)(?=\s)                 # ERROR | or ERROR -
    | (?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL):[a-z][\w.]{{0,60}}:(?=\s|\S)
    | \|\s{{0,3}}(?:{_LEVEL})\s{{0,9}}\|(?=\s)
    | \#\#\[(?:error|warning|command|section|debug|group)\]                 # Azure's pipelines
    | ::(?:error|warning|notice|group|debug)(?:\s[\w=,.-]{{1,80}})?::       # GitHub's
    | Error:\s(?=(?:WARNING|ERROR):\s)
    | Step\s\#\d{{1,3}}(?:\s-\s"[\w.-]{{1,60}}")?:(?=\s)                    # Google's Cloud Build
    | remote:(?=\s{{7}}|\s-{{3,}}>|\s\s?!)                                  # git's, of a server
    | \#>(?=\s|$)                                                           # knitr's
    | (?!error|warning|g?make\[)(?:[\w.@-]{{1,80}}\s)?                      # host name[123]:
        [A-Za-z][\w.@/-]{{0,80}}\[[\w.:-]{{1,60}}\]:(?=\s)
    | (?:std(?:out|err))(?:\s[FP](?=\s)|\s?[|:>]|(?=\s{{2}}))(?=\s)         # containers' streams
    | \[?std(?:out|err)\]?\s?[|:](?=\s)
    | \[{_SAID_IN_BRACKETS}[\w./:@\#\s-]{{1,50}}\]:?(?=\s*\S)               # [builder 6/9]
    | \[\d{{1,8}}\](?=\s*\S)                                                # [812]
    | \#\d{{1,4}}(?=\s)                                                     # Docker's BuildKit
    | \d{{1,6}}\.\d{{1,4}}(?=\s)                                            # its seconds
    | (?:=>\s){{1,2}}(?:\#(?=\s))?                                          # its terminal's view
    | [\w./-]{{1,60}}\s{{1,20}}\|(?=\s)                                     # docker compose
    | (?:pod|deployment|job)/[\w./-]{{1,100}}:?(?=\s)                       # Kubernetes'
    | [0-9a-f]{{2}}[OE][+\s](?=\S|\s)                                       # GitLab's
    | (?:Normal|Warning)\s{{1,9}}[A-Z]\w{{2,30}}\s{{1,9}}\d{{1,6}}[smhd]\w{{0,8}}(?:\s\(x\d{{1,6}}\sover\s\w{{1,12}}\))?\s{{1,9}}[\w-]{{2,40}}(?=\s)  # its events
    | [│┃╰├└─>▶]{{1,4}}(?=\s|$)                                             # pip's and uv's trees
    | \|(?=\s{{2,}}\S)                                                      # a group of exceptions
    | [\u2800-\u28ff◐◓◑◒◴◷◶◵]{{1,2}}(?=\s)                                  # spinners
    )""",
    re.VERBOSE,
)
_MOST_PREFIXES: Final = 12

# What stands on the line of a progress bar before a sentence, and how such sentences begin.
_PROGRESS: Final = re.compile(
    r"[━╸█▏▎▍▌▋▊▉#=]{3}|\beta \S|[kMG]i?B/s|\d{1,3}%|\.\.\.\s{0,3}[-\\|/]?\s?|[\u2800-\u28ff]"
)
_SENTENCE: Final = re.compile(
    r"(?:ERROR|WARNING|error|fatal|Error): |Traceback \(most recent|Successfully installed |"
    r"Installed \d{1,6} packages? in |Killed$|× "
)

# Each such sentence has one of these; most lines have none.
_SENTENCE_MARKS: Final = (
    *("rror: ", "RROR: ", "WARNING: ", "atal: ", "Traceback (", "Successfully ", "Installed "),
    *("Killed", "× "),
)

# Tools' own way to begin: never a prefix, however often it stands there.
_SPEECH: Final = re.compile(
    r"rror|arning|ERROR|WARN|atal|xception|Retrying|\.(?:c|h|py|cpp|cc|rs|pyx|f|so|o)\b|"
    r"\b(?:[Nn]ote|[Hh]int|File|line|[Cc]ollecting|[Dd]ownload\w{0,3}|[Ii]nstall\w{0,3}|[Bb]uild(?:ing)?|"
    r"[Rr]equire\w{0,5}|Using|make|gcc|cc1\w{0,4}|ld|Caused|cause|Traceback|running|copying|creating|writing|"
    r"adding|reading|checking|Found|Skipping|Link|pip|uv|The|Because|And|CMake|configure|[Pp]reparing|Getting|"
    r"Looking|Successfully|Attempting|Uninstalling|fetch|Expected|Got|Calls|Step|RUN|Reason|remote)\b"
)
_HEAD: Final = re.compile(r"(\S{1,60}?(?:\s{1,3}\S{1,40}?){0,3}?\s?(?::|\||>|\]|»|\)|\s-))(?:\s|$)")
_DIGITS: Final = re.compile(r"[0-9a-f]*\d[0-9a-f]*")
_FEWEST: Final = 6
_SHARE: Final = 0.3
_SHARE_OF_FEW: Final = 0.9


def split_prefix(text: str) -> tuple[int, str]:
    """Return how far a line is indented behind what tools put before it, and what it says.

    What it says is the end of ``text``, unchanged.
    """
    start = depth = 0
    ended = f"{text} "  # what is a prefix wants a space behind it
    for _ in range(_MOST_PREFIXES):
        found = _KINDS.match(ended, start)
        if found is None or found.end() == start or start >= len(text):
            break
        if found.end() >= len(text) and start == 0 and not _DIGITS.search(found[0]):
            break  # a word alone
        start = found.end()
        depth = start - found.start() if not found[0].strip() else 0
    start = min(start, len(text))
    body = text[start:]
    said = _after_progress(body)
    return (depth if said is body else 0), said


def _after_progress(text: str) -> str:
    """Return the sentence that follows a progress bar or a spinner on the same line."""
    for mark in _SENTENCE_MARKS:
        if mark in text:
            break
    else:
        return text
    found = _SENTENCE.search(text, 1, 1000)
    if found is None or not _PROGRESS.search(text, 0, found.start()):
        return text
    return text[found.start() :]


def learned_heads(bodies: Sequence[str]) -> frozenset[str]:
    """Return the shapes of what stands before many lines of one log: ``web-7f9c> ``, ``host: ``.

    bodies: the lines without prefixes of known kinds.
    """
    counted: Counter[str] = Counter()
    rests: dict[str, set[str]] = {}
    filled = 0
    for body in bodies:
        if not body:
            continue
        filled += 1
        if (head := _HEAD.match(body)) and not _SPEECH.search(head[0]):
            shape = shape_of(head[0])
            counted[shape] += 1
            seen = rests.setdefault(shape, set())
            if len(seen) < _FEWEST:
                seen.add(body[head.end() :])
    enough = filled * _SHARE if filled >= 2 * _FEWEST else filled * _SHARE_OF_FEW
    return frozenset(
        shape
        for shape, count in counted.items()
        if count >= max(2, enough) and len(rests[shape]) >= min(count, _FEWEST) // 2
    )


def shape_of(head: str) -> str:
    """Return a head without its numbers."""
    return _DIGITS.sub("0", head.strip())


def without_head(body: str, heads: Iterable[str]) -> tuple[int, str] | None:
    """Return depth and body behind a head whose shape was learned; None where there is none."""
    found = _HEAD.match(body)
    if found is None or shape_of(found[0]) not in heads:
        return None
    rest = body[found.end(1) :]
    depth, said = split_prefix(rest)
    return max(0, depth - 1), said
