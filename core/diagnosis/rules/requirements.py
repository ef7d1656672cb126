"""The lines of the requirements, and the paths and addresses that they name."""

from __future__ import annotations

import re
from typing import Final

from ..requirement_lines import is_conda_line
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .requirements_files import in_utf16
from .shared import in_build
from .speakers import Speaker, speaker_of

_FROM: Final = re.compile(
    r"\(from (?:line (?P<line>\d{1,6}) of (?P<file>[^()]{1,300})|-[rc] (?P<file2>[^()]{1,300}) \(line (?P<line2>\d{1,6})\))\)"
)
_A_PATH: Final = re.compile(r"^['\"]?(?:/|\.{1,2}/|[A-Za-z]:\\|file:)|@ ?(?:git\+)?file:")
_QUOTED: Final = re.compile(r"^(?P<quote>['\"])(?P<what>.{1,300}?)(?P=quote)(?:: |$)")
_AUTHORS: Final = "Send the line to the content's author; nothing on this server is wrong."
_ZEROS: Final = r"\x00"


def _syntax(hit: LineMatch) -> Explanation | None:
    what = hit["what"].strip()
    if "setup command:" in hit.line.body:
        return None  # a package's own list, rules/scripts.py
    quoted = _QUOTED.match(what)
    bare = quoted["what"] if quoted else what.strip("'\"")
    if _A_PATH.search(bare):
        return _on_the_authors_disk(bare)
    place = _place(hit)
    if _ZEROS in what or what.startswith((r"\xff\xfe", r"\xfe\xff")):
        return in_utf16(place)
    if _names_an_address(bare):
        return _too_modern(place, bare)
    if is_conda_line(bare):
        return Explanation(
            "requirements-syntax",
            hit.case.context.conda_list
            or f"{place[0].upper() + place[1:]} is a line of conda's list, with a build that no index has: {bare[:150]}.",
            "Have the author make the list for pip; nothing on this server is wrong.",
            "Make the list for pip: `pip list --format=freeze`; conda's own list cannot be installed.",
        )
    if len(bare) > 2 and bare[0] in "'\"‘’“”`" and bare[-1] in "'\"‘’“”`":
        return Explanation(
            "requirements-syntax",
            f"{place[0].upper() + place[1:]} is written in quotes, which belong to a shell and not into the file: {bare[:150]}.",
            _AUTHORS,
            f"Write {bare.strip(chr(39) + chr(34) + '‘’“”`')[:150]} there, without the quotes.",
        )
    return Explanation(
        "requirements-syntax",
        f"{place[0].upper() + place[1:]} is no requirement{f': {what[:150]}' if what else ''}.",
        _AUTHORS,
        "Correct that line: NAME==VERSION, with two equals signs, one requirement a line (PEP 508).",
    )


def _place(hit: LineMatch) -> str:
    for line in (hit.line, *hit.after(4)):
        if found := _FROM.search(line.body):
            file = (found["file"] or found["file2"]).strip().rsplit("/", 1)[-1]
            return f"line {found['line'] or found['line2']} of {file}"
    return "a line of the requirements"


def _names_an_address(what: str) -> bool:
    return bool(re.match(r"[\w.-]{1,100}(?:\[[^\]]{0,60}\])? ?@ ?[\w+]{3,12}://", what))


def _too_modern(place: str, what: str) -> Explanation:
    return Explanation(
        "pip-too-old",
        f"{place[0].upper() + place[1:]} names an address (PEP 508), which the pip in use is too old to read: {what[:150]}.",
        "Upgrade pip in the installation (`python -m pip install --upgrade pip`).",
        "Replace `NAME @ ADDRESS` by the address alone, or by NAME==VERSION.",
    )


def _uv_syntax(hit: LineMatch) -> Explanation:
    """uv names the file and the position, and quotes the line below the reason."""
    after = tuple(line for line in hit.after(6) if line.body.strip())
    reason = next(
        (
            found[1]
            for line in after
            if (found := re.match(r"(?:cause|Caused by): (.{1,200})", line.body))
        ),
        "",
    )
    quoted = next(
        (line.body.strip() for line in after if not re.match(r"cause|Caused|[\^~ ]+$", line.body)),
        "",
    )
    if _A_PATH.search(quoted):
        return _on_the_authors_disk(quoted)
    file = hit["file"].rsplit("/", 1)[-1]
    if reason.endswith("found ``"):  # a zero, which does not show
        return in_utf16(f"a line of {file}")
    return Explanation(
        "requirements-syntax",
        f"A line of {file} is no requirement: {quoted[:150]}{f' ({reason})' if reason else ''}.",
        _AUTHORS,
        "Correct that line: NAME==VERSION, with two equals signs, one requirement a line (PEP 508).",
        after[:3],
    )


def _uv_position(hit: LineMatch) -> Explanation:
    """uv tells where it stumbled, without the line."""
    file = hit["file"].rsplit("/", 1)[-1]
    if hit["what"].startswith("Unexpected '',"):  # a zero, which does not show
        return in_utf16(f"line {hit['line']} of {file}")
    return Explanation(
        "requirements-syntax",
        f"Line {hit['line']} of {file} is no requirement: {hit['what'][0].lower() + hit['what'][1:]}.",
        _AUTHORS,
        "Correct that line: NAME==VERSION, with two equals signs, one requirement a line (PEP 508).",
    )


def _marker(hit: LineMatch) -> Explanation | None:
    if in_build(hit):
        return None  # that of a package, rules/scripts.py
    quoted = re.match(r"Invalid marker: '(.{1,200})', parse error", hit["what"])
    after = next((line.body.strip() for line in hit.after(1)), "")
    return Explanation(
        "requirements-syntax",
        f"What follows the semicolon in a line of the requirements is no marker: {quoted[1] if quoted else after[:150]}.",
        _AUTHORS,
        "Correct that line: `; python_version < '3.9'`, with quotes around the value (PEP 508).",
        () if quoted else hit.after(1),
    )


def _option(hit: LineMatch) -> Explanation | None:
    program = re.search(r"(?P<name>[\w.-]{2,40}): error: ", hit.line.body)
    if program and not program["name"].startswith(("pip", "__main__")):
        return None  # another program's option
    if option := hit["option"]:
        if not any(re.search(r"\bpip[\d.]{0,5}\b", line.body) for line in hit.before(8)):
            return None
        return Explanation(
            "pip-option",
            f"pip is called with {option}, which it does not know: this pip is older than that option, or it is misspelled.",
            f"Leave {option} out, or update that pip (`python -m pip install --upgrade pip`).",
        )
    return Explanation(
        "requirements-syntax",
        f"The requirements hold an option that this pip does not know: {hit.line.body[:150].rstrip('.')}.",
        "Send the line to the content's author; a newer pip in the installation may know the option.",
        "Remove or correct that line of requirements.txt.",
    )


def _no_setup_script(hit: LineMatch) -> Explanation:
    directory = hit["path"].strip("'\"") or "A directory"
    return Explanation(
        "setup-script-failed",
        f"{directory}, which the requirements name, is no Python project that this pip can install: it has no setup.py.",
        "Have the author correct the line of requirements.txt that names it; if the directory has a pyproject.toml, a newer pip can install it.",
        "Correct the line of requirements.txt: the directory must hold a Python project.",
    )


def _local_path(hit: LineMatch) -> Explanation | None:
    path = hit["path"].strip("'\"")
    if speaker_of(hit) is Speaker.CONTENT:
        return None  # rules/serving.py
    named = any(line.body.startswith(f"Processing {path}") for line in hit.before(6))
    return None if _of_the_build(path) and not named else _on_the_authors_disk(path)


def _on_the_authors_disk(path: str) -> Explanation:
    by_conda = (
        " (conda writes such lines; `pip list --format=freeze` does not)"
        if re.search(r"feedstock_root|/croot/|conda|/ci/|/work(?:/|$)|/bld/", path)
        else ""
    )
    return Explanation(
        "requirements-local-path",
        f"The requirements name {path[:200]}, a path on the author's own disk, which is not on this server.",
        f"Send the line to the content's author; nothing on this server is wrong{by_conda}.",
        f"Replace `NAME @ file:///…` and local paths by NAME==VERSION{by_conda}.",
    )


def _of_the_build(path: str) -> bool:
    """Paths that pip, virtualenv or the build made themselves."""
    return bool(
        re.search(
            r"/pip-|/tmp/(?!.*/(?:work|build)$)|/site-packages/|/dist-packages/|/bin/|/lib(?:64)?/python\d|\.dist-info|/wheels/|/python-environments/|/proc/|/dev/|/usr/|/etc/",
            path,
        )
    )


def _some_path(hit: LineMatch) -> Explanation:
    path = (hit["path"] or "a local path").strip("'\"`")
    if other := re.search(r"/(?P<what>\w{2,8}\+\w{3,6}:/{1,2}.{1,200})", path):
        return _no_such_address(other["what"])
    if _names_an_address(path) and not _A_PATH.search(path):
        return _too_modern(_place(hit), path)
    return _on_the_authors_disk(path)


def _no_such_address(what: str) -> Explanation:
    return Explanation(
        "requirements-syntax",
        f"A requirement names an address of a kind that the installer does not know: {what[:150]}.",
        _AUTHORS,
        "Replace it by NAME==VERSION from the index, or by an address that begins with git+https:// or https://.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("Invalid requirement", "invalid requirement"),
        r"Invalid requirement:? ?(?P<what>[^(]{0,200})",
        _syntax,
    ),
    rule("InvalidRequirement", r"InvalidRequirement: (?P<what>.{1,200})", _syntax, Layer.SYMPTOM),
    rule(
        "Couldn't parse requirement in",
        r"Couldn't parse requirement in `?(?P<file>[^`]{1,300}?)`?(?: at position|$)",
        _uv_syntax,
    ),
    rule(
        ("Unsupported requirement in", "Expected package name", "Expected end or semicolon"),
        r"Unsupported requirement in |Expected (?:package name|end or semicolon)",
        _syntax,
    ),
    rule(
        " at ",
        r"^error: (?P<what>(?:Une|E)xpected .{1,200}?) at (?P<file>\S{1,300}):(?P<line>\d{1,6}):\d{1,6}$",
        _uv_position,
    ),
    rule(
        ("Missing distribution spec", "Expected "),
        r"ValueError: \([\"'](?:Missing distribution spec|Expected [^\"]{3,40}? in)[\"'], u?[\"'](?P<what>.{1,200}?)[\"'](?:\)|, 'at')",
        _syntax,
    ),
    rule(
        "Unsupported URL prefix",
        r"Unsupported URL prefix `[^`]{1,20}` in URL: `(?P<what>[^`]{1,200})`(?: \((?P<why>[^)]{1,60})\))?",
        lambda hit: Explanation(
            "requirements-syntax",
            f"A requirement names an address that uv cannot use: {hit['what']}{' (' * bool(hit['why'])}{hit['why']}{')' * bool(hit['why'])}.",
            "Let pip install this content; uv knows git only.",
            "Replace the version-control address by NAME==VERSION from the index, or by one of git.",
        ),
    ),
    rule("InvalidMarker: ", r"InvalidMarker: (?P<what>.{1,300})", _marker, Layer.SYMPTOM),
    rule(
        ("hash algorithms for --hash", "Unsupported hash algorithm"),
        r"(?P<what>Allowed hash algorithms for --hash are .{1,80}|Unsupported hash algorithm .{1,200})",
        _option,
    ),
    rule(
        "setup.py",
        r"Directory (?P<path>'.{1,300}') is not installable\. File 'setup\.py' not found|"
        r"File \"setup\.py\" not found\. Directory cannot be installed in editable mode: (?P<path2>\S{1,300})$",
        _no_setup_script,
    ),
    rule(
        ("Invalid URL '", "has an invalid package name"),
        r"due to an? \w{1,30}: Invalid URL '(?P<what>[^']{1,200})': No scheme supplied|The wheel filename \"(?P<what2>[^\"]{1,300})\" has an invalid package name",
        _syntax,
    ),
    rule(
        "is not a valid editable requirement",
        r"(?P<what>\S{1,200}) is not a valid editable requirement",
        _syntax,
    ),
    rule(
        ("no such option", "unrecognized arguments", "Invalid option"),
        r"^(?:ERROR: |error: )?(?:Invalid option|.{0,120}error: (?:no such option|unrecognized arguments))|Usage: .{0,80}no such option|^no such option: (?P<option>-{1,2}[\w-]{1,60})$",
        _option,
        Layer.SYMPTOM,
    ),
    rule(
        ("No such file or directory: '", "No such file or directory: u'"),
        r"(?:due to an? (?:OSError|EnvironmentError|IOError)|OSError|FileNotFoundError|IOError|EnvironmentError): \[Errno 2\] No such file or directory: u?['\"](?P<path>(?:/|[A-Za-z]:\\\\)[^'\"]{1,400})['\"]",
        _local_path,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "should either be a path to a local project",
            "Invalid requirement: '/",
            "which doesn't exist",
            "does not exist",
            "looks like a path. File",
            "istribution not found at",
            "is not a valid path",
            "Failed to read from the distribution",
        ),
        r"(?P<path>\S{1,400}) (?:should either be a path to a local project|is not a valid editable)|Requirement ['\"](?P<path2>[^'\"]{1,400})['\"] looks like a filename, but the file does not exist|[Dd]istribution not found at: (?P<path3>(?:file://)?/\S{1,400})|looks like a path\. (?:File|The path does exist).{0,40}",
        _some_path,
    ),
)
