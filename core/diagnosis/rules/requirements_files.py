"""The requirements as a file: whether it is there, its encoding, what it includes; lock files that stand in its place."""

from __future__ import annotations

import re
from typing import Final

from ..rule import (
    Explanation,
    LineMatch,
    Rule,
    rule,
)
from .shared import in_build
from .speakers import Speaker, speaker_of

_SAVE_AS_UTF8 = "Save requirements.txt as UTF-8 (PowerShell: `pip freeze | Out-File -Encoding utf8 requirements.txt`)."


def _missing_file(hit: LineMatch) -> Explanation:
    path = hit["path"].strip("'\" ")
    return Explanation(
        "requirements-file-missing",
        f"The requirements or constraints file {path} is not there.",
        "Check that the bundle holds the file that its manifest names (python.package_manager.package_file).",
        f"Deploy again with {path.rsplit('/', 1)[-1]} among the files; a `-r` or `-c` line counts as well.",
    )


def _in_a_circle(hit: LineMatch) -> Explanation | None:
    what = hit["what"]
    if not what and not any("req_file.py" in line.body for line in hit.log.lines):
        return None
    return Explanation(
        "requirements-syntax",
        f"A requirements file includes itself{f': {what}' if what else ''}.",
        "Send that to the content's author; nothing on this server is wrong.",
        "Remove the line `-r FILE` that leads back to the file it stands in.",
    )


def _encoding(hit: LineMatch) -> Explanation | None:
    if speaker_of(hit) is Speaker.CONTENT:
        return None  # rules/serving.py
    text = "\n".join(line.body for line in (*hit.before(8), hit.line, *hit.after(8)))
    if not re.search(
        r"req_file|requirements|_decode_req_file|auto_decode|\.txt|encoding\.py", text
    ):
        return None
    found = re.search(
        r"'(?P<codec>[\w-]{1,20})' codec can't decode byte (?P<byte>0x[0-9a-f]{2}) in position (?P<at>\d{1,9})",
        hit.line.body,
    )
    detail = f" (byte {found['byte']} at position {found['at']})" if found else ""
    return _not_utf8(detail)


def _plain_encoding(hit: LineMatch) -> Explanation | None:
    text = "\n".join(line.body for line in (*hit.before(4), hit.line, *hit.after(2)))
    if ".txt" not in text and "equirements" not in text:
        return None
    return _not_utf8()


def _not_utf8(detail: str = "") -> Explanation:
    return Explanation(
        "requirements-encoding",
        f"The requirements file is not UTF-8{detail}.",
        "Send it back to the content's author, or convert it (`iconv -f latin1 -t utf-8`).",
        _SAVE_AS_UTF8,
    )


def in_utf16(place: str) -> Explanation:
    """Of a place (a line of some file) where tools met zeros between letters."""
    return Explanation(
        "requirements-encoding",
        f"{place[0].upper() + place[1:]} has zeros between its letters: the file is UTF-16.",
        "Send it back to the content's author, or convert it (`iconv -f utf-16 -t utf-8`).",
        _SAVE_AS_UTF8,
    )


def _lock_file(hit: LineMatch) -> Explanation:
    after = tuple(line for line in hit.after(7) if line.body.strip())
    said = [
        line.body.strip() for line in after if not re.match(r"\s*\d* ?\||[\^~ ]+$|# ", line.body)
    ]
    why = " ".join(said[:4]).replace("Caused by: ", "")
    return Explanation(
        "requirements-syntax",
        f"uv cannot read {hit['file']}{f': {why[:250]}' if why else ''}.",
        "Send this to the content's author; a newer uv wrote the file, or somebody edited or merged it by hand.",
        f"Remove {hit['file']}, run `uv lock`, and deploy again.",
        after[:4],
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("recursively references itself", "RecursionError: maximum recursion depth exceeded"),
        r"(?P<what>/\S{1,300} recursively references itself in \S{1,300})|^RecursionError: maximum recursion depth",
        _in_a_circle,
    ),
    rule(
        ("s a directory",),
        r"(?:Could not open requirements file: \[Errno 21\] Is a directory: u?'|failed to read from file `)(?P<path>[^'`]{1,300})['`](?:: Is a directory|$)",
        lambda hit: Explanation(
            "requirements-file-missing",
            f"{hit['path']}, which is named as the requirements or constraints file, is a directory.",
            "Check that the bundle holds the file that its manifest names (python.package_manager.package_file).",
            f"Deploy again with a file {hit['path'].rsplit('/', 1)[-1]}, not a directory of that name.",
        ),
    ),
    rule("Failed to parse `", r"Failed to parse `(?P<file>[^`]{0,200}\.lock)`", _lock_file),
    rule(
        ("needs to be updated, but", "is out of date. Expected", "was last generated"),
        r"[Tt]he lockfile at `(?P<file>[^`]{1,200})` needs to be updated, but|Your (?P<file2>Pipfile\.lock) \(\w{1,10}\) is out of date|pyproject\.toml changed significantly since (?P<file3>poetry\.lock) was last generated",
        lambda hit: Explanation(
            "dependency-conflict",
            f"{hit['file']} does not fit what the file that it was made from requires, and the installer was told not to change it.",
            "The contradiction is between the author's two files: send this line to the content's author.",
            f"Make {hit['file']} anew (`uv lock`, `pipenv lock`, `poetry lock`), and deploy again.",
        ),
    ),
    rule(
        (
            "Could not open requirements file",
            "failed to read from file",
            "File not found: ",
            "Error while finding requirements",
        ),
        r"(?:Could not open requirements file: \[Errno 2\] No such file or directory: u?|Could not open requirements file \S{0,40}: ?|File not found: |failed to read from file )[`'\"]?(?P<path>[^'\"`]{1,400})",
        _missing_file,
    ),
    rule(
        "No such file or directory: '",
        r"No such file or directory: u?'(?P<path>[^']{0,300}(?:requirements|constraints)[^'/]{0,40}\.(?:txt|in))'",
        lambda hit: None if in_build(hit) else _missing_file(hit),  # a setup.py reads such too
    ),
    rule(
        ("UnicodeDecodeError", "embedded null "),
        r"UnicodeDecodeError: |ValueError: (?:\w{1,40}: )?embedded null (?:byte|character)",
        _encoding,
    ),
    rule(
        ("stream did not contain valid UTF-8", "not valid UTF-8", "invalid utf-8"),
        r"did not contain valid UTF-8|not valid UTF-8|invalid utf-8",
        _plain_encoding,
    ),
)
