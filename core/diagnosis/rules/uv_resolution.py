"""Versions that uv cannot find or bring together: one sentence over several lines, told apart by what it holds."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile
from typing import Final

from ...package_names import normalize
from ..facts import python_of
from ..log_lines import Line
from ..rule import (
    Explanation,
    LineMatch,
    Rule,
    rule,
)
from .conflicts import CONFLICT_AUTHOR, CONFLICT_REMEDY
from .connection_errors import REMEDIES, explain_trouble, of_uv, trouble_in
from .missing_versions import no_project


# uv tells one explanation over several lines; what kind it is stands in the middle of a sentence.
def _uv(hit: LineMatch) -> Explanation | None:
    lines = (hit.line, *_chain_lines(hit))
    text = re.sub(r"\s+", " ", " ".join(line.body.strip().lstrip("│╰├─▶ ") for line in lines))
    text = text.split("error: No solution found", 1)[-1][:6000]
    text = re.sub(r"\{[^{}]{1,200}\}", "", text)  # a marker behind a name
    told_first = text.partition(" hint:")[0]
    sentence = re.sub(r"^.*?[Bb]ecause", "Because", told_first, count=1)[:500].rstrip()
    hints = text.partition("hint:")[2]
    evidence = tuple(takewhile(_is_of_chain, lines[1:6])) or lines[1:4]
    if "ecause" not in text:
        return None
    if "network was disabled" in hints:
        return Explanation(
            "index-unreachable",
            f"uv is told to do without the network (--offline, UV_OFFLINE), and its cache does not hold all that is wanted: {sentence[:250].rstrip('.')}.",
            "Let builds use the network, or fill uv's cache once with it.",
            evidence=evidence,
        )
    if trouble := trouble_in(hints):
        return of_uv(explain_trouble(trouble, hints, "", evidence))
    if policy := _hidden_by_policy(hints):
        return _policy(policy, text, evidence)
    if found := re.search(
        r"current Python version \((?P<have>[\d.]{3,10})\) does not satisfy Python(?P<needs>[<>=!~][^\s,]{1,30}(?:,[<>=!~][^\s,]{1,30})*)",
        text,
    ):
        what = re.search(r"(?:and|ecause) (?P<what>\S{1,100}) depends on Python", text)
        package = what["what"] if what else "A requirement"
        return Explanation(
            "requires-python",
            f"{package} needs Python {found['needs'].rstrip(',')}; this build uses Python {found['have']}.",
            f"Add an installation that satisfies Python {found['needs'].rstrip(',')}, or have the author pin an older version.",
            f"Deploy with a Python that satisfies {found['needs'].rstrip(',')}, or pin a version that supports Python {found['have']}.",
            evidence,
        )
    if found := re.search(
        r"requested Python version \((?P<have>[^)]{1,30})\) does not satisfy Python(?P<needs>[<>=!~][^\s]{1,30})",
        text,
    ):
        asked = re.search(
            r"(?P<what>\S{1,100}) depends on Python|(?:you require|project depends on|project requires) (?P<what2>[^\s,]{1,100})",
            text,
        )
        package = (asked["what"] or asked["what2"]) if asked else "A requirement"
        return Explanation(
            "requires-python",
            f"{package} needs Python {found['needs'].rstrip(',')}; asked for was Python {found['have']}.",
            "Add an installation that satisfies it, or have the author pin an older version.",
            "Deploy with another Python, or pin an older version.",
            evidence,
        )
    if found := re.search(
        r"(?P<what>\S{1,100}) was yanked(?: \(reason: (?P<why>[^)]{1,120})\))?", text
    ):
        why = f" ({found['why']})" if found["why"] else ""
        return Explanation(
            "version-not-found",
            f"{found['what'].replace('==', ' ')} was withdrawn (yanked) by its makers{why}.",
            "Send that to the content's author; nothing on this server is wrong.",
            "Pin another release; uv and pip take a yanked one only where it is pinned with == by the project itself.",
            evidence,
        )
    if found := re.search(r"(?P<what>\S{1,100}) has an invalid package format", text):
        return Explanation(
            "wheel-broken",
            f"The file of {found['what']} that the index sends is damaged, or no package at all.",
            "Look at what comes (`curl -L`): a login page or a cut file; clear the mirror's copy and uv's cache (`uv cache clean`), then build again.",
            "Pin another release of the package.",
            evidence,
        )
    if found := re.search(
        r"(?P<what>\S{1,100}) has no (?:wheels|source distribution|usable wheels|.{0,40}platform tag|.{0,30}wheels with a matching)|(?P<what2>\S{1,100}) is unusable because no wheels are available",
        text,
    ):
        return Explanation(
            "no-compatible-file",
            f"The index has {found['what'] or found['what2']}, but no file of it fits this Python or platform: {sentence[:250]}.",
            "Provide a file for this server: a Python that the release supports, a newer operating system, or a wheel built here on an internal index.",
            "Pin a version that has a file for this server or a source archive.",
            evidence,
        )
    if found := re.search(
        r"(?P<what>\S{1,100}) was not found in the (?:package registry|provided package locations|cache)|(?P<what2>\S{1,100}) (?:was not found|has no versions)|there are no versions of (?P<what3>[\w.-]{1,100}) and",
        text,
    ):
        remedy, author = REMEDIES["package-not-found"]
        name = found["what"] or found["what2"] or found["what3"]
        asked = re.search(r"you require ([\w.-]{1,100})", text)
        if asked and asked[1] == name and (known := no_project(name, name)):
            return replace(known, evidence=evidence)
        return of_uv(
            Explanation(
                "package-not-found",
                f"The index lists no file for {name}: the name is unknown there.",
                remedy,
                author,
                evidence,
            )
        )
    if (
        found := re.search(
            r"(?:there (?:is|are) no versions? of|only (?!the following)[\w.\[\]-]{1,100}[<>=!~]\S{1,60} (?:is|are) available|only the following versions? of) ?(?P<what>\S{0,100})",
            text,
        )
    ) and _asks_for_what_is_not_there(text):
        python = python_of(hit.case)
        return Explanation(
            "version-not-found",
            f"The index has no such version{f' for Python {python}' if python else ''}: {sentence[:300]}",
            "If that version exists elsewhere, check which index is asked and whether its copy is up to date.",
            "Pin a version that exists.",
            evidence,
        )
    return _contradiction(text, sentence, evidence)


_POLICY: Final = re.compile(
    r"`(?P<what>[\w.-]{1,100})` (?:was filtered|.{0,80}(?:filtered|excluded|limited)) .{0,60}`?(?P<option>exclude-newer|--exclude-newer|UV_EXCLUDE_NEWER)|"
    r"(?P<option2>exclude-newer|--exclude-newer|--uploaded-prior-to|no-binary|only-binary|no-build|prerelease\S{0,20})"
)


def _hidden_by_policy(hints: str) -> str:
    found = _POLICY.search(hints)
    return (found["option"] or found["option2"]) if found else ""


def _policy(option: str, text: str, evidence: tuple[Line, ...]) -> Explanation:
    wanted = re.search(
        r"(?:you require|depends on|no versions? of) (?P<what>[\w.\[\]-]{1,100}\S{0,60})", text
    )
    what = (wanted["what"] if wanted else "a package").rstrip(",.")
    if option.startswith("prerelease"):
        return Explanation(
            "version-not-found",
            f"Only pre-releases of {what} are there, and uv takes those only where they are asked for.",
            "Send that to the content's author; nothing on this server is wrong.",
            f"Pin the pre-release of {what} with ==, or allow them (`--prerelease allow`, [tool.uv] prerelease).",
            evidence,
        )
    return Explanation(
        "version-not-found",
        f"A policy hides versions of {what} that the index has: {option} leaves out what was uploaded later or has no wheel.",
        f"If the policy is the server's, see whether it is meant so ({option} in uv.toml, pip's configuration or build-environment).",
        f"Pin an older version of {what}, or take {option} out of the project's own settings.",
        evidence,
    )


_DEPENDENCY: Final = re.compile(
    r"(?P<who>[\w.\[\]:-]{1,120}(?:[<>=!~]=?[^\s,]{1,60})?) depends on (?P<what>(?!Python)(?P<name>[\w.-]{1,100})(?:\[[^\]]{1,60}\])?[^\s]{0,120}?)(?=[,.]?(?:\s|$))"
)


_REQUIRED: Final = re.compile(
    r"(?:you require|your project (?:depends on|requires)|and you require) (?P<what>(?P<name>[\w.-]{1,100})(?:\[[^\]]{1,60}\])?[^\s]{0,120}?)(?=[,.]?(?:\s|$))"
)


def _contradiction(text: str, sentence: str, evidence: tuple[Line, ...]) -> Explanation:
    """Who wants what of the package that uv's sentence is about."""
    wants: dict[str, dict[str, str]] = {}
    for found in _DEPENDENCY.finditer(text):
        whats = wants.setdefault(normalize(found["name"]), {})
        whats.setdefault(
            found["what"].rstrip(".,"), f"{found['who']} wants {found['what'].rstrip('.,')}"
        )
    for found in _REQUIRED.finditer(text):
        whats = wants.setdefault(normalize(found["name"]), {})
        whats.setdefault(
            found["what"].rstrip(".,"), f"the requirements ask for {found['what'].rstrip('.,')}"
        )
    most = max(wants.values(), key=len) if wants else dict[str, str]()
    if len(most) > 1:
        said = "; ".join(list(most.values())[:3])
    else:
        words = sentence[:260].rsplit(" ", 1)[0] if len(sentence) > 260 else sentence
        said = words.rstrip(".,")
    extras = {
        found["who"].partition("[")[0]
        for found in _DEPENDENCY.finditer(text)
        if "[" in found["who"]
    }
    groups = len(most) > 1 and len(extras) == 1 and "are incompatible" in text
    return Explanation(
        "dependency-conflict",
        f"Two extras of {next(iter(extras))} contradict each other: {said}."
        if groups
        else f"The requirements contradict each other: {said}.",
        CONFLICT_REMEDY,
        "Declare the two extras as conflicting ([tool.uv] conflicts in pyproject.toml), so that uv resolves them apart, or let both ask for the same versions."
        if groups
        else CONFLICT_AUTHOR,
        evidence,
    )


def _asks_for_what_is_not_there(text: str) -> bool:
    """Whether all that uv's explanation calls a dependency is what it calls absent: nothing is in conflict."""
    absent = set(re.findall(r"there (?:is|are) no versions? of ([^\s,]{1,160})", text))
    limited = set(
        re.findall(r"only ([\w.-]{1,100})(?:\[[^\]]{0,60}\])?[<>=!~]\S{1,60} (?:is|are) ", text)
    )
    limited |= set(re.findall(r"only the following versions? of ([\w.-]{1,100})", text))
    required = re.search(
        r"you require ([\w.-]{1,100})[^\s]{0,100} and ([\w.-]{1,100})[<>=!~]", text
    )
    if required and required[1] != required[2] and f"depends on {required[1]}" in text:
        return False  # two that do not go together
    wanted = re.findall(r"depends on (?!Python)(([\w.-]{1,100})[^\s,]{0,160})", text)
    return all(whole.rstrip(".,") in absent or name in limited for whole, name in wanted)


def _no_file(hit: LineMatch) -> Explanation:
    """uv has the version from its own lock, which holds for other platforms too."""
    after = tuple(line for line in hit.after(4) if line.body.startswith("hint:"))
    hint = " ".join(line.body for line in after)
    here = re.search(r"You're (?:on|using) (?P<what>[^,]{1,100}),", hint)
    only = re.search(
        r"only has wheels (?:for|with) the following [^:]{1,40}: (?P<what>.{1,300}?)(?:;|$)", hint
    )
    return Explanation(
        "no-compatible-file",
        f"The index has {hit['what'].replace('==', ' ')}, but no file of it fits this Python or platform"
        f"{f'; this is {here[1]}' if here else ''}{f'; there are wheels for {only[1]}' if only else ''}.",
        "Provide a file for this server: a Python that the release supports, a newer operating system, or a wheel built here on an internal index.",
        "Pin a version that has a file for this server or a source archive.",
        after,
    )


def _is_of_chain(line: Line) -> bool:
    """Whether a line below uv's headline is part of its explanation: it is drawn or indented so."""
    return (
        line.depth >= _INDENT or any(mark in line.text for mark in "╰├│▶") or "hint:" in line.body
    )


_INDENT: Final = 4


def _chain_lines(hit: LineMatch) -> tuple[Line, ...]:
    taken: list[Line] = []
    for line in hit.after(24):
        if re.match(r"(?:error|ERROR|warning)[: ]|Traceback", line.body):
            break
        taken.append(line)
    return tuple(taken)


def _conflicting_urls(hit: LineMatch) -> Explanation:
    addresses = tuple(
        takewhile(lambda line: line.body.lstrip().startswith("- "), hit.after(6)),
    )
    named = " and ".join(line.body.strip().removeprefix("- ")[:200] for line in addresses)
    return Explanation(
        "dependency-conflict",
        f"{hit['package']} is required from addresses that contradict each other{f': {named}' if named else ''}.",
        CONFLICT_REMEDY,
        "Name each package once in requirements.txt.",
        addresses,
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("No solution found", "Error resolving dependencies: "),
        r"No solution found when resolving|^Error resolving dependencies: (?=Because)",
        _uv,
    ),
    rule(
        "the project's Python requirement",
        r"(?P<what>The .{1,80}?) resolved to Python (?P<have>[\d.]{1,12}), which is incompatible with the project's Python requirement: `(?P<needs>[^`]{1,60})`",
        lambda hit: Explanation(
            "requires-python",
            f"The project needs Python {hit['needs']}; asked for was Python {hit['have']}.",
            "Add an installation that satisfies it, or have the author ask for another Python.",
            f"Deploy with a Python that satisfies {hit['needs']}, or widen requires-python in pyproject.toml.",
        ),
    ),
    rule(
        ("t be installed because it ", "with neither wheels nor source"),
        r"[Dd]istribution `?(?P<what>[\w.-]{1,100}==[^\s`]{1,60})(?: @ [^\s`]{1,300})?`? (?:can't be installed because it (?:doesn't have|has neither)|with neither wheels nor)",
        _no_file,
    ),
    rule(
        "conflicting URLs",
        r"Requirements contain conflicting URLs for package [`'](?P<package>[^`']{1,100})",
        _conflicting_urls,
    ),
)
