"""Requirements that contradict each other, in the words of both of pip's resolvers."""

from __future__ import annotations

import re
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

CONFLICT_REMEDY: Final = (
    "The contradiction is in the requirements: send these lines to the content's author."
)


CONFLICT_AUTHOR: Final = "Loosen one of the versions named here, or leave it to pip (`pip install` in a fresh environment, then `pip freeze`)."


def _impossible(hit: LineMatch) -> Explanation | None:
    after = hit.after(24)
    proof: list[Line] = []
    inside = False
    for line in after:
        if line.body.startswith(("The conflict is caused by", "The conflicts are caused by")):
            inside = True
        elif inside and (not line.body.strip() or line.body.startswith("To fix this")):
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
        + CONFLICT_REMEDY
        if by_server
        else CONFLICT_REMEDY,
        CONFLICT_AUTHOR,
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
    named = [
        part for part in named if part != "None"
    ]  # a directory whose name pip does not know yet
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
        CONFLICT_REMEDY,
        CONFLICT_AUTHOR,
    )


def _legacy_missing(hit: LineMatch) -> Explanation:
    return Explanation(
        "dependency-conflict",
        f"{hit['package']} {hit['version']} requires {hit['wanted']}, which is not installed: the environment may fail when it runs.",
        "Add what is missing to the requirements, or remove it from the prohibited packages if it stands there.",
        "Add what is missing to requirements.txt.",
    )


def _double(hit: LineMatch) -> Explanation:
    return Explanation(
        "dependency-conflict",
        f"A package is required twice, in ways that contradict each other: {hit['what'][:250].rstrip('.')}.",
        CONFLICT_REMEDY,
        "Name each package once in requirements.txt.",
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


def _of_pdm(hit: LineMatch) -> Explanation:
    """pdm lists below its headline who wants what."""
    said = [
        " ".join(line.body.split())
        for line in hit.after(6)
        if re.search(r"requires|depends|\(from ", line.body) and "you could" not in line.body
    ][:3]
    about_python = any("requires python" in one for one in said)
    return Explanation(
        "requires-python" if about_python else "dependency-conflict",
        f"pdm finds no versions that fit {'every Python that the project admits' if about_python else 'each other'}{f': {chr(59).join(said)[:250]}' if said else ''}.",
        CONFLICT_REMEDY,
        "Narrow requires-python in pyproject.toml to what the packages support, or loosen the versions; then `pdm lock`."
        if about_python
        else "Loosen one of the versions in pyproject.toml, and run `pdm lock`.",
        hit.after(3),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule("[ResolutionImpossible]", r"^\[ResolutionImpossible\]", _of_pdm),
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
        _legacy_missing,
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
)
