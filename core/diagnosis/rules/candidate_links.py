"""The files of a project that pip passed over, and why, as its lines and its full log tell; no rules of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from ...package_names import normalize
from ..facts import archive_of
from ..log_lines import Line
from ..rule import BuildLogs

_REQUIRES = re.compile(r"(?P<version>[^\s;:,]{1,60}) Requires-Python (?P<needs>[^;]{1,200})")
_LINK_REQUIRES = re.compile(
    r"Link requires a different Python \((?P<python>[\d.]{1,20}) not in: u?'(?P<needs>[^']{1,200})'\): (?P<url>\S{1,1000})"
)
_LINK_SKIPPED = re.compile(
    r"Skipping link: (?P<why>.{1,400}?): (?P<url>(?:https?|file)://\S{1,1000})"
)
# As pip 9 to 19 say it.
_OLD_REQUIRES = re.compile(
    r"The package (?P<url>\S{1,1000}) .{0,1000}?\(requires-python:(?P<needs>[^)]{1,200})\) is incompatible"
)
_OLD_SKIPPED = re.compile(
    r"Skipping link (?P<url>(?:https?|file)://\S{1,1000}) .{0,1000}?; (?P<why>[^;]{1,300})$"
)
_TAGS = re.compile(r"tags(?: match:|) ?\(?(?P<tags>[\w, .-]{1,300})")
CLAUSE = re.compile(r"(?P<operator>===|==|~=|!=|<=|>=|<|>)\s*(?P<version>[^,;\s]{1,60})")


class Wanted(NamedTuple):
    """A requirement as an installer quotes it."""

    name: str
    specifier: str
    text: str

    def admits(self, version: str) -> bool:
        """Whether a version satisfies it; what is no version does not."""
        if not self.specifier:
            return True
        from packaging.specifiers import InvalidSpecifier, SpecifierSet
        from packaging.version import InvalidVersion, Version

        try:
            return SpecifierSet(self.specifier).contains(Version(version), prereleases=True)
        except (InvalidSpecifier, InvalidVersion):
            return f"=={version}" in self.specifier.replace(" ", "")

    @property
    def pinned(self) -> bool:
        return self.specifier.startswith("==") and "," not in self.specifier


class Why(NamedTuple):
    """Why a file of a project was passed over."""

    code: str
    version: str
    detail: str
    line: Line


def requirement_in(text: str) -> Wanted:
    """The requirement at the beginning of the text, without where it came from."""
    bare = re.split(r"\s\(from |;", text.strip()[:500], maxsplit=1)[0].strip().rstrip(".")
    name = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}", bare)
    clauses = ",".join(f"{found[1]}{found[2]}" for found in CLAUSE.finditer(bare))
    return Wanted(name[0] if name else bare, clauses, bare or text[:80])


def passed_over(case: BuildLogs, wanted: Wanted) -> list[Why]:
    """The files or versions of a project that would satisfy the requirement, and why each did not do."""
    project = normalize(wanted.name)
    admitted: dict[str, bool] = {}
    found: list[Why] = []
    for name, why in _all_passed_over(case):
        if name is not None and name != project:
            continue
        if why.version not in admitted:
            admitted[why.version] = wanted.admits(why.version)
        if admitted[why.version]:
            found.append(why)
    return found


@lru_cache(maxsize=1)
def _all_passed_over(case: BuildLogs) -> list[tuple[str | None, Why]]:
    return [
        (None if name is None else normalize(name), why)
        for line in case.lines()
        for name, why in _passed_over_in(line)
    ]


# pip's line of ignored versions names no packages. These stand in it wherever numpy or scipy is
# wanted on a newer Python, whatever failed.
_OFTEN_IGNORED: Final = {
    (version, needs): name
    for name, needs, versions in (
        ("numpy", "<3.11,>=3.7", "1.21.2 1.21.3 1.21.4 1.21.5 1.21.6"),
        ("numpy", "<3.13,>=3.9", "1.26.0 1.26.1"),
        ("scipy", "<3.10,>=3.7", "1.6.2 1.6.3 1.7.0 1.7.1"),
        ("scipy", "<3.11,>=3.7", "1.7.2 1.7.3"),
        ("scipy", "<3.11,>=3.8", "1.8.0 1.8.1"),
        ("scipy", "<3.12,>=3.8", "1.9.0 1.9.1 1.10.0 1.10.1"),
        ("scipy", "<3.13,>=3.9", "1.11.0 1.11.1 1.11.2 1.11.3"),
    )
    for version in versions.split()
}


def _often_ignored(version: str, needs: str) -> str | None:
    return _OFTEN_IGNORED.get((version, ",".join(sorted(needs.strip(" .").split(",")))))


def _passed_over_in(line: Line) -> Iterator[tuple[str | None, Why]]:
    """Project (None: the one whose failure follows) and reason of each file the line speaks of."""
    body = line.body
    if "require a different python version" in body or "requires a different python" in body:
        for found in _REQUIRES.finditer(body):
            yield (
                _often_ignored(found["version"], found["needs"]),
                Why("requires-python", found["version"], found["needs"].strip().rstrip("."), line),
            )
    elif "Link requires a different Python" in body:
        if (found := _LINK_REQUIRES.search(body)) and (
            archive := archive_of(found["url"].split("#")[0])
        ):
            yield archive[0], Why("requires-python", archive[1], found["needs"], line)
    elif "The package " in body and "(requires-python:" in body:
        found = _OLD_REQUIRES.search(body)
        if found and (archive := archive_of(found["url"].split("#")[0])):
            yield archive[0], Why("requires-python", archive[1], found["needs"], line)
    elif "Skipping link" in body and (
        found := _LINK_SKIPPED.search(body) or _OLD_SKIPPED.search(body)
    ):
        archive = archive_of(found["url"].split("#")[0])
        if archive and ("tags" in found["why"] or "is not compatible" in found["why"]):
            tags = _TAGS.search(found["why"])
            yield (
                archive[0],
                Why(
                    "no-compatible-file",
                    archive[1],
                    tags["tags"].strip() if tags else found["why"],
                    line,
                ),
            )
        elif archive and (
            "No sources permitted" in found["why"] or "No binaries permitted" in found["why"]
        ):
            yield archive[0], Why("no-compatible-file", archive[1], found["why"], line)
