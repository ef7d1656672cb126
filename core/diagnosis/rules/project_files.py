"""The files of a project that tools read: lock files, pyproject.toml and the like, whichever tool says what is wrong."""

from __future__ import annotations

import re
from typing import Final

from ..log_lines import Line
from ..rule import Explanation, LineMatch, Rule, rule
from .content import SEND
from .shared import in_build
from .speakers import goes_on, says_error

_FILE: Final = (
    r"(?:[^\s'\"`]{0,200}/)?(?:pyproject\.toml|uv\.lock|uv\.toml|poetry\.lock|pdm\.lock|Pipfile\.lock|Pipfile|pylock(?:\.[\w-]{1,40})?\.toml|"
    r"requirements[\w.-]{0,40}\.(?:txt|in)|environment\.ya?ml|conda-lock\.yml|setup\.cfg|runtime\.txt|\.python-version|Procfile|lock ?file|Lock ?file)"
)
_CAUSED: Final = re.compile(r"^(?:Caused by: )?(?P<why>[^\s|^].{3,300})$")


def _below(hit: LineMatch) -> tuple[Line, ...]:
    """What a tool says below such a headline, without the lines of the file that it draws."""
    lines = (line for line in hit.after(7) if line.body.strip())
    return tuple(
        line
        for line in lines
        if not re.match(
            r"\s*\d* ?\||[\^~ ]+$|-{3}|=> |ERROR|\[|The command|failed to solve", line.body
        )
    )[:3]


def _unreadable(hit: LineMatch) -> Explanation | None:
    if in_build(hit):
        return None  # a package's own, rules/scripts.py
    file = hit["file"]
    said = _below(hit)
    why = "; ".join(
        line.body.strip().removeprefix("Caused by: ").removeprefix("cause: ") for line in said
    )[:250]
    return Explanation(
        "requirements-syntax",
        f"{file} of the project cannot be read{f': {why.rstrip(chr(46))}' if why else ''}.",
        "Send this to the content's author; nothing on this server is wrong. An older tool may not know what a newer one wrote.",
        f"Correct {file}, and try the same command before deploying.",
        said,
    )


def _no_table(hit: LineMatch) -> Explanation:
    what = re.sub(r"[`'\"\[\]]", "", hit["what"]).strip()
    return Explanation(
        "requirements-syntax",
        f"{hit['file']} has no {what}, which the installer needs to know what to install.",
        SEND,
        f"Add {what} (name, version, dependencies) to {hit['file'].rsplit('/', 1)[-1]}, or deploy a requirements.txt.",
    )


def _absent(hit: LineMatch) -> Explanation | None:
    if in_build(hit) or goes_on(hit) or not says_error(hit):
        return None  # tools look for several such files and say which they lack
    file = hit["file"]
    return Explanation(
        "requirements-file-missing",
        f"The installer is to use {file}, and there is no such file.",
        "Check that the bundle or image holds the file; a command that insists on a lock file (--frozen, --locked) needs it.",
        f"Make it (`uv lock`, `poetry lock`, `pdm lock`, `pipenv lock`), and deploy {file.rsplit('/', 1)[-1]} with the content.",
    )


def _outdated(hit: LineMatch) -> Explanation | None:
    if goes_on(hit) or not says_error(hit):
        return None
    file = hit["file"]
    return Explanation(
        "dependency-conflict",
        f"{file[0].upper() + file[1:]} does not fit what the file that it was made from requires, and the installer was told not to change it.",
        "The contradiction is between the author's two files: send this line to the content's author.",
        "Make the lock file anew (`uv lock`, `poetry lock`, `pdm lock`, `pipenv lock`), and deploy it.",
    )


def _other_platform(hit: LineMatch) -> Explanation:
    return Explanation(
        "no-compatible-file",
        f"The lockfile was made for other systems or Pythons than this server's: {hit.line.body.removeprefix('error: ')[:200].rstrip('.')}.",
        "Send this to the content's author; a Python that the lockfile names may help where it is the Python that differs.",
        "Add this server's system to `environments` in [tool.uv] (or take that line out), run `uv lock`, and deploy again.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("compatible with the lockfile", "compatible with the lock file"),
        r"not compatible with the lock ?file",
        _other_platform,
    ),
    rule(
        ("arse", "nvalid", "oad", "ead"),
        rf"^(?:error: |ERROR:? |× |Error: )*(?:Failed to|[Cc]ould not|[Cc]annot|[Uu]nable to) (?:parse|load|read|decode|deserialize):? ['\"`]?(?P<file>{_FILE})['\"`]?(?:[:.]|$| as| file)|"
        rf"^(?:error: |ERROR:? |Error: )*(?P<file2>{_FILE}) (?:is not valid|is invalid|could not be parsed|contains errors)",
        _unreadable,
    ),
    rule(
        ("table", "section", "ield"),
        rf"[Nn]o (?P<what>['\"`\[]*[\w.-]{{1,60}}['\"`\]]* (?:table|section|field)s?) (?:was |is |were )?(?:found )?in:? ['\"`]?(?P<file>{_FILE})|"
        rf"(?P<file2>{_FILE})['\"`]? (?:has no|does not (?:have|contain)(?: a| an)?|is missing(?: a| the)?) (?P<what2>['\"`\[]*[\w.-]{{1,60}}['\"`\]]* (?:table|section|field))",
        _no_table,
    ),
    rule(
        ("o such", "ot found", "nable to find", "ould not find", "oes not exist", "o lock", "o `", "annot find", "issing"),
        rf"(?:[Nn]o|[Uu]nable to find|[Cc]ould not find|[Cc]annot find|[Cc]ouldn't find|[Mm]issing)(?: a| an| the| any)? ?(?:file |lock ?file )?(?:at |named |called )?['\"`]?(?P<file>{_FILE})['\"`]?(?: (?:file|found|could|was|in|at)\b|[.,:]|$)|"
        rf"['\"`]?(?P<file2>{_FILE})['\"`]?:? (?:(?:was|is|could|file) )?(?:not (?:be )?found|does not exist|doesn't exist|No such file)",
        _absent,
    ),
    rule(
        ("utdated", "ut of date", "t match", "not match", "out of sync", "up to date", "up-to-date"),
        rf"(?P<file>{_FILE})(?: hash| \(\w{{1,40}}\))? (?:is (?:outdated|out[ -]of[ -](?:date|sync)|not up[ -]to[ -]date)|(?:does not|doesn't) match|may be out)",
        _outdated,
    ),
)  # fmt: skip
