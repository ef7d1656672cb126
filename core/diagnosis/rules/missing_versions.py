"""Why an index has no file for a name or version, where its pages were read; no rules of its own."""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..facts import pip_of, python_of
from ..module_names import WHEELS_ONLY, is_standard, owner_of, provider_of, system_of
from ..rule import (
    Explanation,
    LineMatch,
)
from .candidate_links import (
    CLAUSE,
    Wanted,
)
from .connection_errors import (
    REMEDIES,
)


def unknown_project(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation:
    remedy, _ = REMEDIES["package-not-found"]
    if known := no_project(wanted.name, wanted.text, brought_by):
        return known
    if system := system_of(normalize(wanted.name)):
        return Explanation(
            "no-compatible-file",
            f"{wanted.text}{brought_by} has files for {system} only: there is none for this server.",
            "Send that to the content's author; nothing on this server is wrong.",
            f'Take {wanted.name} out of requirements.txt, or keep it to that system: `{wanted.text}; sys_platform == "{"win32" if system == "Windows" else "darwin"}"`.',
        )
    if normalize(wanted.name) in WHEELS_ONLY:
        return no_wheel_read(hit, wanted, brought_by)
    return Explanation(
        "package-not-found",
        f"The index lists no file for {wanted.name}{brought_by}: the name is unknown there, or the index did not say why.",
        f"{remedy} pip's full log (`--log`) tells whether the index refused, failed or does not know it.",
        f"Check the spelling of {wanted.name} in requirements.txt; it is not always the name that is imported.",
    )


def no_project(project: str, text: str, brought_by: str = "") -> Explanation | None:
    """Names that requirements list by mistake: no index has them, whatever installs.

    text: the requirement as it was asked for. brought_by: what asked for it, in words.
    """
    name = normalize(project)
    if name == "pkg-resources":
        return Explanation(
            "package-not-found",
            f"{text} is no package: `pip freeze` of older Debian and Ubuntu writes that line for a part of setuptools.",
            "Have the author remove the line; nothing on this server is wrong.",
            f"Remove {text} from requirements.txt.",
        )
    if owner := owner_of(name):
        return Explanation(
            "package-not-found",
            f"{text} is a package of {owner}, which its own installer brings; no index has it.",
            "Have the author take the line out; nothing on this server is wrong.",
            f"Remove {text} from requirements.txt; make the list in a virtual environment (`pip freeze` there), not of the whole system.",
        )
    if not brought_by and is_standard(project):
        return Explanation(
            "package-not-found",
            f"{project} is a module of Python's own standard library: there is no package of that name to install.",
            "Have the author take the line out; nothing on this server is wrong.",
            f"Remove {text} from requirements.txt: `import {project}` works without.",
        )
    if not brought_by and (distribution := provider_of(project)):
        return Explanation(
            "package-not-found",
            f"The index has no package {project}: that is the name that is imported, and the package is called {distribution}.",
            "Send that to the content's author; nothing on this server is wrong.",
            f"Write {distribution} in place of {text} in requirements.txt.",
        )
    return None


def no_wheel_read(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation:
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


def nothing_fits(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation:
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


def newest(versions: list[str]) -> str:
    plain = [version for version in versions if re.fullmatch(r"[\d.]+(?:\.post\d+)?", version)]
    return (plain or versions)[-1]


def yanked(hit: LineMatch, wanted: Wanted, brought_by: str) -> Explanation | None:
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


def refused_metadata(hit: LineMatch, wanted: Wanted) -> Explanation | None:
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


_REFUSED: Final = re.compile(
    r"(?:WARNING: )?Ignoring version (?P<version>\S{1,60}) of (?P<name>\S{1,100}) since it has invalid metadata"
)
