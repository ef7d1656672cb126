"""Do the installed packages fit together? What ``pip check`` asks, without starting a pip."""

from __future__ import annotations

import platform
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName, default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from ..findings import Finding
from ..frozen import frozen
from ..package_names import normalize
from .inventory import InstalledPackage

MOST_FINDINGS = 200
"""What does not fit may be any number of packages."""

_MOST_OF_ONE = (
    3  # requirements of one package that are named; a package can claim to need any number
)
_LONGEST = 500  # characters of a cause: names and versions are a package's own text

_INSTALLED_AS_ANOTHER = frozenset({"distribute"})  # old pips install setuptools for it


@frozen
class Target:
    """The interpreter for which markers are evaluated.

    version: its full version. platform: its ``sys.platform`` (``linux2`` on Python 2).
    implementation: its ``sys.implementation.name``, empty on Python 2.
    """

    version: str
    platform: str
    implementation: str

    def markers(self) -> dict[str, str]:
        """The PEP 508 environment, as the packaging inside that interpreter's pip makes it."""
        numbers = self.version.split(".")
        names = {"cpython": "CPython", "": "CPython", "pypy": "PyPy"}
        environment = {key: str(value) for key, value in default_environment().items()}
        return environment | {
            "python_version": ".".join(numbers[:2]),
            "python_full_version": self.version,
            "implementation_name": self.implementation,
            "implementation_version": self.version if self.implementation else "0",
            "platform_python_implementation": names.get(self.implementation, platform.system()),
            "sys_platform": self.platform,
            "extra": "",
        }


def check(distributions: Sequence[InstalledPackage], target: Target) -> tuple[Finding, ...]:
    """Return what does not fit, in the order of the packages' names: the first `MOST_FINDINGS`, and
    one more that says so where there are others."""
    found = tuple(islice(_findings(distributions, target), MOST_FINDINGS + 1))
    if len(found) <= MOST_FINDINGS:
        return found
    more = f"there is more that does not fit: only the first {MOST_FINDINGS} are shown"
    return (*found[:-1], replace(found[-1], cause=more))


def _findings(distributions: Sequence[InstalledPackage], target: Target) -> Iterator[Finding]:
    installed = {item.key: item for item in distributions}
    environment = target.markers()
    for item in distributions:
        yield from _broken(item)
        if installed[item.key] is not item:
            yield _twice(item, installed[item.key])
        yield from _wrong_python(item, target)
        yield from _unmet(item, installed, environment)


def brought_in(
    distributions: Sequence[InstalledPackage], prohibited: Collection[str], target: Target
) -> tuple[Finding, ...]:
    """Return the prohibited packages that are there all the same, and which packages asked for
    them."""
    unwanted = {normalize(name) for name in prohibited}
    present = [item for item in distributions if item.key in unwanted]
    if not present:
        return ()
    environment = target.markers()
    findings: list[Finding] = []
    for item in present:
        by = [
            other.name
            for other in distributions
            if any(
                normalize(requirement.name) == item.key
                for requirement in _needs(other, environment)
            )
        ]
        who = f"brought in by {', '.join(by)}" if by else "brought in by no installed package"
        findings.append(
            _warning(
                "prohibited-dependency",
                f"{item.name} {item.version} is prohibited and was installed, {who}",
                item.name,
            )
        )
    return tuple(findings)


def absent(
    requirements: Sequence[str], distributions: Sequence[InstalledPackage], target: Target
) -> tuple[str, ...]:
    """Return the packages that were required by name and are not there, though the installer was
    content: a ``target``, ``user`` or ``dry-run`` in its configuration does that."""
    installed = {item.key for item in distributions}
    environment = target.markers()
    missing: list[str] = []
    for line in requirements:
        requirement = _applicable(line.partition(" --")[0], environment)
        if requirement is not None and requirement.url is None:
            key = normalize(requirement.name)
            if key not in installed and key not in _INSTALLED_AS_ANOTHER:
                missing.append(requirement.name)
    return tuple(missing)


def _warning(code: str, cause: str, package: str) -> Finding:
    remedy = f"Change what the requirements say of {package[:_LONGEST]}."
    if len(cause) > _LONGEST:
        cause = f"{cause[:_LONGEST]}…"
    return Finding(code, "warning", cause, remedy, None, ())


def _broken(item: InstalledPackage) -> Iterator[Finding]:
    if not item.version:
        yield _warning(
            "incomplete-package",
            f"{item.name} has no readable metadata ({item.info.name})",
            item.name,
        )
    elif not item.has_record:
        yield _warning(
            "incomplete-package",
            f"{item.name} {item.version} has no list of its files (RECORD)",
            item.name,
        )


def _twice(item: InstalledPackage, other: InstalledPackage) -> Finding:
    return _warning(
        "duplicate-package",
        f"{item.name} is installed twice: {item.version or '?'} and {other.version or '?'}",
        item.name,
    )


def _wrong_python(item: InstalledPackage, target: Target) -> Iterator[Finding]:
    if not item.requires_python:
        return
    try:
        fits = SpecifierSet(item.requires_python).contains(target.version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return
    if not fits:
        yield _warning(
            "requires-python",
            f"{item.name} {item.version} needs Python {item.requires_python}, "
            f"this is {target.version}",
            item.name,
        )


def _unmet(
    item: InstalledPackage, installed: dict[str, InstalledPackage], environment: dict[str, str]
) -> Iterator[Finding]:
    """Yield a finding for each requirement that is not met, or one for all if there are many."""
    who = f"{item.name} {item.version}"
    causes: list[str] = []
    others: list[str] = []
    for requirement in _needs(item, environment):
        other = installed.get(normalize(requirement.name))
        if other is None:
            causes.append(f"{who} requires {requirement.name}, which is not installed")
            others.append(requirement.name)
        elif not _satisfies(requirement, other.version):
            wanted = _plain(requirement)
            causes.append(
                f"{who} has requirement {wanted}, but you have {other.name} {other.version}"
            )
            others.append(wanted)
    if len(causes) > _MOST_OF_ONE:
        some = ", ".join(each[:100] for each in others[:_MOST_OF_ONE])
        more = len(causes) - _MOST_OF_ONE
        causes = [f"{len(causes)} requirements of {who} are not met: {some} and {more} more"]
    for cause in causes:
        yield _warning("dependency-conflict", cause, item.name)


def _needs(item: InstalledPackage, environment: dict[str, str]) -> Iterator[Requirement]:
    """Yield the requirements that apply here; those of extras do not: it is not recorded who chose
    them."""
    for line in item.requires:
        requirement = _applicable(line, environment)
        if requirement is not None:
            yield requirement


def _applicable(line: str, environment: dict[str, str]) -> Requirement | None:
    """Return the requirement, if it is one and its marker applies.

    Old packages hold lines that no standard allows; pip's own check passes them over as well.
    """
    try:
        requirement = Requirement(line)
        applies = requirement.marker is None or requirement.marker.evaluate(environment)
    except (InvalidRequirement, InvalidVersion, UndefinedComparison, UndefinedEnvironmentName):
        return None
    return requirement if applies else None


def _satisfies(requirement: Requirement, version: str) -> bool:
    if requirement.url is not None:
        return True
    try:
        return requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True


def _plain(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"
