"""Finding a version: unknown projects and versions, other Pythons, files for other platforms.

pip ends all of these in ``Could not find a version that satisfies the requirement``; what stands
before it, or in pip's full log, tells them apart.
"""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..facts import archive_of, pip_of, python_of
from ..log_lines import Line
from ..module_names import WHEELS_ONLY, is_standard, owner_of
from ..rule import (
    BuildLogs,
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .candidate_links import (
    CLAUSE,
    Wanted,
    passed_over,
    requirement_in,
)
from .connection_errors import (
    REMEDIES,
    URL,
    explain_trouble,
    names_a_host,
    troubles_with,
    where_of,
)

_ORIGIN = re.compile(r"\(from (?P<origin>.{1,300})\)\s*$")

_REFUSED: Final = re.compile(
    r"(?:WARNING: )?Ignoring version (?P<version>\S{1,60}) of (?P<name>\S{1,100}) since it has invalid metadata"
)


# No version begins with another letter than v, or has one that is not ASCII.
_NO_VERSION: Final = re.compile(r"[=<>~]=?=? ?(?:(?!v\d)[A-Za-z]|[^,;]{0,40}[^\x00-\x7f])")


def _not_found(hit: LineMatch) -> Explanation | None:
    """The line with the list of versions that the index has for this Python."""
    body = hit.line.body
    head, _, rest = body.partition("(from versions:")
    quoted = re.split(r"satisf(?:ies|y) the requirement", head, maxsplit=1)[-1]
    origin = _ORIGIN.search(quoted.strip())
    wanted = requirement_in(quoted)
    versions = [part.strip() for part in rest.partition(")")[0].split(",")]
    versions = [part for part in versions if part and part != "none"]
    brought_by = _brought_by(origin["origin"]) if origin else ""
    if not rest and _was_discarded(hit, wanted):
        return None
    if _NO_VERSION.search(wanted.text):
        return Explanation(
            "requirements-syntax",
            f"{wanted.text} asks for something that is no version.",
            "Send the line to the content's author; nothing on this server is wrong.",
            f"Pin a version of {wanted.name} that exists, in digits and plain letters (PEP 440).",
        )
    explanation = (
        _other_python(hit, wanted, brought_by)
        or _index_trouble(hit, wanted, versions)
        or _no_fitting_file(hit, wanted, brought_by)
    )
    if explanation:
        return explanation
    if not versions and (yanked := _yanked(hit, wanted, brought_by)):
        return yanked
    if versions:
        return _unknown_version(hit, wanted, versions, brought_by)
    if not rest and wanted.specifier and "any downloads" not in head:
        return _nothing_fits(hit, wanted, brought_by)
    return _unknown_project(hit, wanted, brought_by)


def _was_discarded(hit: LineMatch, wanted: Wanted) -> bool:
    """pip 20.3 to 21 look for another file when one does not build, and end with this line."""
    project = normalize(wanted.name)
    return any(
        normalize(archive[0]) == project
        for line in hit.log.back_from(hit.index)
        if "Discarding " in line.body and (archive := archive_of(line.body.split("#")[0]))
    )


def _brought_by(origin: str) -> str:
    """What asked for a requirement, in words; nothing for a line of a requirements file."""
    parent = origin.split("->")[0].strip()
    return "" if parent.startswith(("-r", "-c")) else f", which {parent} needs"


def _other_python(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation | None:
    ignored = [why for why in passed_over(hit.case, wanted) if why.code == "requires-python"]
    if not ignored:
        return None
    python = python_of(hit.case)
    least = min(ignored, key=lambda why: _least_python(why.detail))
    needs = least.detail
    what = (
        f"{wanted.name} {least.version}"
        if wanted.pinned
        else f"every version of {wanted.name} that satisfies {wanted.text}"
    )
    what = what if wanted.specifier else f"every version of {wanted.name} on the index"
    return Explanation(
        "requires-python",
        f"{what[0].upper() + what[1:] if what.startswith('every') else what}{brought_by} needs Python {needs}; this build uses {f'Python {python}' if python else 'another'}.",
        f"Add an installation that satisfies Python {needs} (`pysteward upgrade plan --add` shows what would move), or have the author pin an older version.",
        f"Deploy with a Python that satisfies {needs}, or pin a version of {wanted.name} that supports Python {python or 'in use'}.",
        (least.line,),
    )


def _least_python(needs: str) -> tuple[int, ...]:
    """The lowest version that a specifier of Pythons names as its lower bound."""
    found = re.search(r">=?\s*(\d{1,3}(?:\.\d{1,3}){0,2})", needs)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


def _index_trouble(hit: LineMatch, wanted: Wanted, versions: list[str]) -> Explanation | None:
    """Why the index page could not be read, where pip saw no version at all."""
    if versions:
        return None
    troubles = troubles_with(hit.case, wanted.name)
    for trouble, line in troubles:
        if trouble.code == "package-not-found":
            break
        if trouble.code == "index-not-an-index":
            return _no_index(line, (line, hit.line))
        named = [other for _, other in troubles if names_a_host(other.body)]
        text = line if names_a_host(line.body) or not named else named[0]
        where = where_of(text.body) if names_a_host(text.body) else _asked(hit, line)
        return explain_trouble(
            trouble, line.body, f" (pip looked there for {wanted.name})", (line,), where
        )
    page = _page_without_links(hit.case, wanted)
    return _no_index(page, (page, hit.line)) if page and not troubles else None


def _asked(hit: LineMatch, line: Line) -> str:
    """The index that pip asked, of those that it told of: the one under whose address the line's path lies."""
    told_of = [
        address[0].rstrip("/")
        for other in hit.log.lines
        if any(mark in other.body for mark in _INDEX_MARKS)
        for address in URL.finditer(other.body, 0, 2000)
    ]
    path = line.body.rsplit("': ", 1)[-1].rstrip("/")
    folder = path.rsplit("/", 1)[0]
    fitting = [address for address in told_of if folder and address.endswith((path, folder))]
    return where_of(" ".join((fitting or told_of)[:1]))


def _no_index(line: Line, evidence: tuple[Line, ...]) -> Explanation:
    where = where_of(line.body)
    return Explanation(
        "index-not-an-index",
        f"What answers at {where} is no package index: its page holds no files; it may be a login or block page.",
        f"Open that address from this server, as the build's user (`curl -L`), and see which page comes; "
        f"correct `index-url` in /etc/pip.conf (it usually ends in /simple) or let the server pass {where}'s login.",
        None,
        evidence,
    )


_INDEX_MARKS: Final = ("Looking in indexes", "Getting page ")
_PAGE_MARKS: Final = ("Fetched page", "Getting page", "Analyzing links from page")


def _page_without_links(case: BuildLogs, wanted: Wanted) -> Line | None:
    """The line that an index page was fetched, if pip's full log names no file from it."""
    page: Line | None = None
    project = normalize(wanted.name)
    for line in case.lines():
        body = line.body
        if any(mark in body for mark in _PAGE_MARKS) and f"/{project}" in body.lower().replace(
            "_", "-"
        ):
            page = line
        elif page is not None and (
            "Found link" in body
            or "Link requires" in body
            or "(requires-python:" in body
            or ("Skipping link" in body and "not a file" not in body)
        ):
            return None
    return page


def _no_fitting_file(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation | None:
    skipped = [why for why in passed_over(hit.case, wanted) if why.code == "no-compatible-file"]
    if not skipped:
        return None
    last = skipped[-1]
    python = python_of(hit.case)
    versions = sorted({why.version for why in skipped})
    shown = wanted.text if wanted.specifier else f"{wanted.name} {versions[-1]}"
    glibc = re.search(r"manylinux_(\d+)_(\d+)", last.detail)
    hint = (
        f" Its wheel needs glibc {glibc[1]}.{glibc[2]} or newer; `ldd --version` shows this server's."
        if glibc and all("manylinux" in why.detail for why in skipped)
        else ""
    )
    return Explanation(
        "no-compatible-file",
        f"The index has {shown}{brought_by}, but only in files for other systems or Pythons "
        f"({last.detail}){f', not for Python {python} here' if python else ''}.{hint}",
        "Provide a file for this server: a Python that the release supports, a newer operating system "
        "or C library, or a wheel built here (`pip wheel`) on an internal index.",
        f"Pin a version of {wanted.name} that has a file for this server or a source archive.",
        tuple(why.line for why in skipped[-2:]),
    )


def _unknown_version(
    hit: LineMatch, wanted: Wanted, versions: list[str], brought_by: str
) -> Explanation:
    admitted = any(wanted.admits(version) for version in versions)
    if admitted and (refused := _refused_metadata(hit, wanted)):
        return refused
    if admitted and wanted.pinned:
        return Explanation(
            "dependency-conflict",
            f"{wanted.text}{brought_by} exists, but a constraint or another requirement rules it out.",
            "Compare the constraints (`-c`, PIP_CONSTRAINT) with the requirements.",
            f"Loosen the version of {wanted.name}.",
        )
    pip = pip_of(hit.case)
    old = pip is not None and tuple(int(part) for part in pip.split(".")[:2]) < (20, 3)
    if normalize(wanted.name) in WHEELS_ONLY and (old or versions[-1].startswith("0.1.2")):
        return _no_wheel_read(hit, wanted, brought_by)
    shown = ", ".join(versions[-5:])
    others = f" and {len(versions) - 5} older" if len(versions) > 5 else ""
    return Explanation(
        "version-not-found",
        f"The index has no version of {wanted.name} for this Python that satisfies {wanted.text}{brought_by}; "
        f"it offers {shown}{others}.",
        f"If {wanted.text} exists elsewhere, check which index is asked (`pip config list`) and whether "
        "its copy is up to date; versions for other Pythons are not offered.",
        f"Pin a version that exists for this Python, such as {wanted.name}=={_newest(versions)}.",
    )


def _refused_metadata(hit: LineMatch, wanted: Wanted) -> Explanation | None:
    """pip 24.1 and newer pass over releases whose metadata break PEP 440 or PEP 508."""
    project = normalize(wanted.name)
    for index, line in enumerate(hit.log.lines[: hit.index]):
        found = _REFUSED.match(line.body)
        if found is None or normalize(found["name"]) != project:
            continue
        if not wanted.admits(found["version"]):
            continue
        after = hit.log.after(index, 4)
        upper = re.search(r"use pip<([\d.]{1,8})", " ".join(line.body for line in after))
        bound = upper[1].rstrip(".") if upper else "24.1"
        why = next((one.body.strip() for one in after[1:] if CLAUSE.search(one.body)), "")
        return Explanation(
            "version-not-found",
            f"{wanted.name} {found['version']} exists, but this pip refuses it, because its metadata are not "
            f"valid{f' ({why})' if why else ''}: pip {bound} and newer insist on PEP 440 and PEP 508.",
            f"Have the author pin a release with valid metadata; as a stopgap, let the environment have pip<{bound}.",
            f"Pin another release of {wanted.name}, one with valid metadata.",
            (line, *after[:3]),
        )
    return None


def _yanked(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation | None:
    """Since pip 22.3 a line before says which versions it left out because they were withdrawn."""
    for line in hit.before(5):
        if found := _YANKED.match(line.body):
            return Explanation(
                "version-not-found",
                f"Every version of {f'{wanted.name} that satisfies {wanted.text}' if wanted.specifier else wanted.name}{brought_by} was withdrawn (yanked) by its makers: {found['versions'][:150]}.",
                "Send that to the content's author; nothing on this server is wrong.",
                f"Pin another package, or one of these versions with == if it must be: pip takes a yanked version of {wanted.name} only so.",
                (line,),
            )
    return None


_YANKED: Final = re.compile(
    r"(?:ERROR: )?Ignored the following yanked versions: (?P<versions>.{1,400})"
)


def _nothing_fits(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation:
    """pip 20.3 to 21.0 do not say which versions there are, or whether there is any."""
    remedy, author = REMEDIES["package-not-found"]
    return Explanation(
        # What another package asks for exists; of the author's own line that cannot be known.
        "version-not-found" if brought_by else "package-not-found",
        f"pip finds nothing that satisfies {wanted.text}{brought_by}, and does not say whether the index knows {wanted.name}: "
        "that version may not exist, not for this Python, or be ruled out by a constraint.",
        f"{remedy} A newer pip names the versions that exist (`pip index versions {wanted.name}` as well).",
        f"Pin a version of {wanted.name} that exists for this Python." if brought_by else author,
    )


def _unknown_project(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation:
    remedy, _ = REMEDIES["package-not-found"]
    name = normalize(wanted.name)
    if name == "pkg-resources":
        return Explanation(
            "package-not-found",
            f"{wanted.text} is no package: `pip freeze` of older Debian and Ubuntu writes that line for a part of setuptools.",
            "Have the author remove the line; nothing on this server is wrong.",
            f"Remove {wanted.text} from requirements.txt.",
        )
    if owner := owner_of(name):
        return Explanation(
            "package-not-found",
            f"{wanted.text} is a package of {owner}, which its own installer brings; no index has it.",
            "Have the author take the line out; nothing on this server is wrong.",
            f"Remove {wanted.text} from requirements.txt; make the list in a virtual environment (`pip freeze` there), not of the whole system.",
        )
    if not brought_by and is_standard(wanted.name):
        return Explanation(
            "package-not-found",
            f"{wanted.name} is a module of Python's own standard library: there is no package of that name to install.",
            "Have the author take the line out; nothing on this server is wrong.",
            f"Remove {wanted.text} from requirements.txt: `import {wanted.name}` works without.",
        )
    if name in WHEELS_ONLY:
        return _no_wheel_read(hit, wanted, brought_by)
    return Explanation(
        "package-not-found",
        f"The index lists no file for {wanted.name}{brought_by}: the name is unknown there, or the index did not say why.",
        f"{remedy} pip's full log (`--log`) tells whether the index refused, failed or does not know it.",
        f"Check the spelling of {wanted.name} in requirements.txt; it is not always the name that is imported.",
    )


def _no_wheel_read(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation:
    """Of a package that is known and has wheels only: none of them fits, or pip cannot read them."""
    pip, python = pip_of(hit.case), python_of(hit.case)
    if pip and tuple(int(part) for part in pip.split(".")[:2]) < (20, 3):
        return Explanation(
            "pip-too-old",
            f"pip {pip} finds no file of {wanted.text}{brought_by}: it is too old to read the wheels that {wanted.name} has for Linux.",
            "Upgrade pip in the installation (`python -m pip install --upgrade pip`).",
            f"Pin a release of {wanted.name} that was made when that pip was current.",
        )
    return Explanation(
        "no-compatible-file",
        f"No file of {wanted.text}{brought_by} fits this server{f' (Python {python})' if python else ''}: {wanted.name} has wheels only, each for some Pythons and systems.",
        f"See which Pythons {wanted.name} supports, and which index is asked (`pip config list`); a pip older than 20.3 does not read its wheels.",
        f"Pin a release of {wanted.name} that supports the Python in use, or deploy with another Python.",
    )


def _newest(versions: list[str]) -> str:
    plain = [version for version in versions if re.fullmatch(r"[\d.]+(?:\.post\d+)?", version)]
    return (plain or versions)[-1]


def _no_matching(hit: LineMatch) -> Explanation | None:
    """pip's last line; by itself only where the line with the versions is not there."""
    wanted = requirement_in(hit["what"])
    if _was_discarded(hit, wanted) or any(
        "Could not find a version that satisfies" in line.body for line in hit.log.lines
    ):
        return None
    return (
        _other_python(hit, wanted, "")
        or _index_trouble(hit, wanted, [])
        or _no_fitting_file(hit, wanted, "")
        or _unknown_project(hit, wanted, "")
    )


def _metadata_requires(hit: LineMatch) -> Explanation | None:
    if any(line.body.endswith(_OF_VIRTUALENV) for line in hit.before(8)):
        return None  # that one was not asked for: rules/environments.py
    python = hit["python"] or python_of(hit.case) or "in use"
    return Explanation(
        "requires-python",
        f"{hit['what']} needs Python {hit['needs']}; this build uses Python {python}.",
        f"Add an installation that satisfies Python {hit['needs']}, or have the author pin an older version.",
        f"Deploy with a Python that satisfies {hit['needs']}, or pin a version that supports Python {python}.",
    )


# As virtualenv below 20 quotes the pip that it runs.
_OF_VIRTUALENV: Final = (" setuptools pip:", " setuptools pip wheel:")

RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("satisfies the requirement", "satisfy the requirement"),
        r"Could not find (?:a version|any downloads) that satisf(?:ies|y) the requirement",
        _not_found,
        Layer.SYMPTOM,
    ),
    rule(
        "No matching distribution found",
        r"No matching distribution found for (?P<what>.{1,300})",
        _no_matching,
        Layer.EXIT,
    ),
    rule(
        ("requires a different Python", "requires Python '"),
        r"(?:Package |ERROR: |^)(?P<what>'?[\w.\[\]-]{1,100}'?(?:[ =-]{1,4}[\w.]{1,40})?) requires (?:a different )?Python:? '?"
        r"(?:(?P<python>[\d.]{3,12}) not in '?)?(?P<needs>[^']{1,100})'(?: but the running Python is (?P<python2>[\d.]{3,12}))?",
        _metadata_requires,
    ),
)
