"""Requirements that contradict each other, in the words of both of pip's resolvers and of uv."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final

from ...package_names import normalize
from ..facts import python_of
from ..log_lines import Line
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .connection_errors import REMEDIES, explain_trouble, of_uv, trouble_in

_CONFLICT_REMEDY: Final = (
    "The contradiction is in the requirements: send these lines to the content's author."
)
_CONFLICT_AUTHOR: Final = "Loosen one of the versions named here, or leave it to pip (`pip install` in a fresh environment, then `pip freeze`)."


def _impossible(hit: LineMatch) -> Explanation | None:
    after = hit.after(24)
    proof: list[Line] = []
    inside = False
    for line in after:
        if line.body.startswith(("The conflict is caused by", "The conflicts are caused by")):
            inside = True
        elif inside and not line.body.strip():
            break
        elif inside:
            proof.append(line)
    if not proof:
        proof = [line for line in hit.before(12) if _REASON.search(line.body)]
    unavailable = _without_files(hit)
    decisive = _against_a_pin(proof)
    if unavailable and not decisive and _pin_is_admitted(unavailable[0], proof):
        return _no_file_for(hit, unavailable, proof)
    proof = decisive or proof
    because = "; ".join(_in_our_words(line.body) for line in proof[:4])
    named = _named("-r " if decisive else hit["what"], proof)
    contradict = (
        f"{' and '.join(named[:3])} contradict each other"
        if len(named) > 1
        else f"{named[0]} contradicts what else is required"
        if named
        else "The requirements contradict each other"
    )
    by_server = any("(constraint)" in line.body for line in proof)
    return Explanation(
        "dependency-conflict",
        f"{contradict}{f': {because}' if because else ''}.",
        "A constraint takes part in it (`-c` in the requirements, PIP_CONSTRAINT or `constraint` in pip's configuration): if it is the server's, see whether it is still wanted. "
        + _CONFLICT_REMEDY
        if by_server
        else _CONFLICT_REMEDY,
        _CONFLICT_AUTHOR,
        tuple(proof[:4]),
    )


_UNAVAILABLE: Final = "have no matching distributions available for your environment"


def _without_files(hit: LineMatch) -> list[str]:
    """The packages of which pip says, below a conflict, that no file fits."""
    names: list[str] = []
    inside = False
    for line in hit.after(24):
        if _UNAVAILABLE in line.body:
            inside = True
        elif inside and re.fullmatch(r"[\w.\[\]-]{1,100}", line.body.strip()):
            names.append(line.body.strip())
        elif inside and line.body.strip():
            break
    return names


def _pin_is_admitted(name: str, proof: list[Line]) -> bool:
    """Whether one line pins the package, and every other line on it admits that version."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    wanted = re.compile(
        rf"(?:requested (?:\(constraint\) )?|depends on ){re.escape(name)}(?:\[.{{0,60}}\])?(?P<what>[<>=!~].{{0,200}})$",
        re.IGNORECASE,
    )
    whats = [found["what"] for line in proof if (found := wanted.search(line.body.strip()))]
    about = re.compile(
        rf"(?:requested (?:\(constraint\) )?|depends on ){re.escape(name)}\b", re.IGNORECASE
    )
    if sum(bool(about.search(line.body)) for line in proof) != len(whats):
        return False
    pins = [what[2:] for what in whats if what.startswith("==") and "*" not in what]
    try:
        return len(pins) == 1 and all(
            SpecifierSet(what.replace(" and ", ",")).contains(pins[0], prereleases=True)
            for what in whats
        )
    except (InvalidSpecifier, InvalidVersion):
        return False


def _no_file_for(hit: LineMatch, names: list[str], proof: list[Line]) -> Explanation:
    """pip calls it a conflict where a package that several ask for has no file that fits here."""
    wanted = [
        found["what"]
        for line in proof
        if (found := re.match(r"The user requested (?P<what>[^(]\S{0,200})", line.body.strip()))
    ]
    what = next((one for one in wanted if one.lower().startswith(names[0].lower())), names[0])
    python = python_of(hit.case)
    local = "+" in what
    return Explanation(
        "no-compatible-file",
        f"No file of {what} fits this server{f' (Python {python})' if python else ''}: nothing contradicts it, but the index that is asked has none for this Python and system."
        + (
            " The part behind + is a build of its own, which other indexes than the usual one offer."
            if local
            else ""
        ),
        "Provide a file for this server: a Python that the release supports, or a wheel built here on an internal index"
        + (", or the index that has such builds (`extra-index-url`)." if local else "."),
        f"Pin a version of {names[0]} that has a file for this Python"
        + (f", or leave out what stands behind + ({what.partition('+')[0]})." if local else "."),
        tuple(proof[:3]),
    )


_ASKS: Final = re.compile(r"The user requested (?P<by>\(constraint\) )?(?P<what>.{1,200})")
_WANTS: Final = re.compile(r"(?P<who>\S{1,100} \S{1,60}) depends on (?P<what>.{1,200})")


def _in_our_words(text: str) -> str:
    """A line of pip's list of what is in conflict: who wants what."""
    text = " ".join(text.split())
    if found := _ASKS.match(text):
        return f"{'a constraint allows' if found['by'] else 'the requirements ask for'} {found['what']}"
    if found := _WANTS.match(text):
        return f"{found['who']} wants {found['what']}"
    return text


_PIN: Final = re.compile(
    r"The user requested (?:\(constraint\) )?(?P<name>[\w.-]{1,100})(?:\[.{0,60}\])?==(?P<version>[^\s*,;]{1,60})$"
)
_DEPENDS: Final = re.compile(
    r"\S{1,100} \S{1,60} depends on (?P<name>[\w.-]{1,100})(?:\[.{0,60}\])?(?P<specifier>[<>=!~][^;]{0,200})"
)


def _against_a_pin(proof: list[Line]) -> list[Line]:
    """Of all that asks for a package which one line pins: the pin and what does not admit it."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    for line in proof:
        if (pin := _PIN.match(line.body.strip())) is None:
            continue
        against: list[Line] = []
        for other in proof:
            found = _DEPENDS.match(other.body.strip())
            if found is None or normalize(found["name"]) != normalize(pin["name"]):
                continue
            try:
                specifier = SpecifierSet(found["specifier"].replace(" and ", ","))
                if not specifier.contains(pin["version"], prereleases=True):
                    against.append(other)
            except (InvalidSpecifier, InvalidVersion):
                return []
        if against:
            return [line, *against]
    return []


_REASON: Final = re.compile(r"^The user requested |^\S{1,100} \S{1,60} depends on ")


def _named(what: str, proof: list[Line]) -> list[str]:
    """The requirements in conflict; for one that pip calls by its line only, the package."""
    named = [
        part for part in re.split(r", | and ", what) if part and not part.startswith(("-r ", "-c "))
    ]
    if named and "None" not in named and "-r " not in what and "-c " not in what:
        return named
    named = [part for part in named if part != "None"]  # a folder whose name pip does not know yet
    for line in proof:
        if found := re.match(r"(?P<name>\S{1,100}) (?P<version>\S{1,60}) depends on ", line.body):
            named.append(f"{found['name']}=={found['version']}")
        elif found := re.match(
            r"The user requested (?:\(constraint\) )?(?P<what>\S{1,200})", line.body
        ):
            named.append(found["what"])
    return list(dict.fromkeys(named))


def _legacy(hit: LineMatch) -> Explanation:
    """What pip says of an environment it has already put together (exit status 0)."""
    return Explanation(
        "dependency-conflict",
        f"{hit['package']} {hit['version']} requires {hit['wanted'].rstrip(',')}, but {hit['have'].rstrip(',')} is installed: the environment may fail when it runs.".replace(
            "  ", " "
        ),
        _CONFLICT_REMEDY,
        _CONFLICT_AUTHOR,
    )


def _double(hit: LineMatch) -> Explanation:
    return Explanation(
        "dependency-conflict",
        f"A package is required twice, in ways that contradict each other: {hit['what'][:250].rstrip('.')}.",
        _CONFLICT_REMEDY,
        "Name each package once in requirements.txt.",
    )


def _conflicting_urls(hit: LineMatch) -> Explanation:
    addresses = tuple(
        takewhile(lambda line: line.body.lstrip().startswith("- "), hit.after(6)),
    )
    named = " and ".join(line.body.strip().removeprefix("- ")[:200] for line in addresses)
    return Explanation(
        "dependency-conflict",
        f"{hit['package']} is required from addresses that contradict each other{f': {named}' if named else ''}.",
        _CONFLICT_REMEDY,
        "Name each package once in requirements.txt.",
        addresses,
    )


def _too_deep(hit: LineMatch) -> Explanation:
    return Explanation(
        "dependency-conflict",
        "pip gave up its search for versions that fit each other: the requirements leave too much open, or contradict each other.",
        "Send that to the content's author; a newer pip searches better.",
        "Pin more of the packages (`pip freeze` in an environment that works).",
    )


def _constraint(hit: LineMatch) -> Explanation:
    return Explanation(
        "dependency-conflict",
        f"A requirement and a constraint contradict each other: {hit.line.body[:250].rstrip('.')}.",
        "Compare the constraints (`-c`, PIP_CONSTRAINT) with the requirements.",
        "Loosen the version in requirements.txt.",
    )


# uv tells one explanation over several lines; what kind it is stands in the middle of a sentence.
def _uv(hit: LineMatch) -> Explanation | None:
    lines = (hit.line, *_chain_lines(hit))
    text = re.sub(r"\s+", " ", " ".join(line.body.strip().lstrip("│╰├─▶ ") for line in lines))
    text = text.split("error: No solution found", 1)[-1][:6000]
    text = re.sub(r"\{[^{}]{1,200}\}", "", text)  # a marker behind a name
    told_first = text.partition(" hint:")[0]
    sentence = re.sub(r"^.*?[Bb]ecause", "Because", told_first, count=1)[:500].rstrip()
    hints = text.partition("hint:")[2]
    evidence = tuple(lines[1:6])
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
        _CONFLICT_REMEDY,
        "Declare the two extras as conflicting ([tool.uv] conflicts in pyproject.toml), so that uv resolves them apart, or let both ask for the same versions."
        if groups
        else _CONFLICT_AUTHOR,
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


def _chain_lines(hit: LineMatch) -> tuple[Line, ...]:
    taken: list[Line] = []
    for line in hit.after(24):
        if re.match(r"(?:error|ERROR|warning)[: ]|Traceback", line.body):
            break
        taken.append(line)
    return tuple(taken)


_OF_POETRY: Final = re.compile(
    r"(?P<who>[\w.-]{1,100})(?: \([^)]{1,40}\))? (?:also )?depends on (?P<name>[\w.-]{1,100}) \((?P<what>[^)]{1,80})\)"
)
_PYTHON_OF_POETRY: Final = re.compile(
    r"(?P<who>[\w.-]{1,100})(?: \([^)]{1,40}\))? requires Python (?P<needs>[<>=!~^][^\s]{1,60}?)(?=[,.]?(?:\s|$))"
)


def _poetry(hit: LineMatch) -> Explanation:
    """poetry ends its explanation with this line; who wants what stands before."""
    around = tuple(line for line in (*hit.before(16), hit.line) if line.body.strip())
    text = " ".join(" ".join(line.body.split()) for line in around)
    if found := _PYTHON_OF_POETRY.search(text):
        return Explanation(
            "requires-python",
            f"{found['who']} needs Python {found['needs']}, and the project admits others too.",
            "Send that to the content's author; nothing on this server is wrong.",
            f"Narrow the project's own range of Pythons to {found['needs']} in pyproject.toml, or pin an older {found['who']}.",
            around[-4:],
        )
    wants: dict[str, dict[str, str]] = {}
    for found in _OF_POETRY.finditer(text):
        whats = wants.setdefault(normalize(found["name"]), {})
        whats.setdefault(found["what"], f"{found['who']} wants {found['name']} {found['what']}")
    most = max(wants.values(), key=len) if wants else dict[str, str]()
    said = "; ".join(list(most.values())[:3])
    return Explanation(
        "dependency-conflict",
        f"The requirements contradict each other{f': {said}' if said else ''}.",
        _CONFLICT_REMEDY,
        "Loosen one of the versions in pyproject.toml, and run `poetry lock`.",
        around[-4:],
    )


RULES: Final[tuple[Rule, ...]] = (
    rule("version solving failed", r"version solving failed", _poetry),
    rule(
        ("conflicting dependencies", "conflicting requirements"),
        r"Cannot install (?P<what>.{1,600}?) because these package versions have conflicting (?:dependencies|requirements)",
        _impossible,
    ),
    rule(
        "ResolutionImpossible",
        r"^(?:ERROR: )?ResolutionImpossible:? [Ff]or help",
        _impossible,
        Layer.EXIT,
    ),
    rule(
        (", but you",),
        r"(?P<package>[\w.\[\]-]{1,100}) (?P<version>\d[\w.+!-]{0,60}) (?:has requirement|requires) (?P<wanted>[^;]{1,200}?)(?:; .{1,200}?)?, but you(?:'ll|'ve| will)? have (?P<have>[\w.\[\]-]{1,100} [\w.+!-]{1,60})",
        _legacy,
        Layer.WARNING,
    ),
    rule(
        "which is not installed",
        r"(?P<package>[\w.\[\]-]{1,100}) (?P<version>\d[\w.+!-]{0,60}) requires (?P<wanted>[^;]{1,200}?), which is (?P<have>not installed)",
        lambda hit: _legacy_missing(hit),
        Layer.WARNING,
    ),
    rule("Double requirement given", r"Double requirement given: (?P<what>.{1,300})", _double),
    rule(
        ("resolution-too-deep", "ResolutionTooDeep", "exceeded maximum depth", "resolver exceeded"),
        r"resolution-too-deep|ResolutionTooDeep|exceeded maximum depth",
        _too_deep,
    ),
    rule(
        "Could not satisfy constraints",
        r"Could not satisfy constraints for|conflicts with the constraint",
        _constraint,
    ),
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


def _legacy_missing(hit: LineMatch) -> Explanation:
    return Explanation(
        "dependency-conflict",
        f"{hit['package']} {hit['version']} requires {hit['wanted']}, which is not installed: the environment may fail when it runs.",
        "Add what is missing to the requirements, or remove it from the prohibited packages if it stands there.",
        "Add what is missing to requirements.txt.",
    )
