"""What differs between the packages of two environments."""

from __future__ import annotations

from ..frozen import frozen
from ..package_names import normalize
from .listing import Environment


@frozen
class PackageChange:
    """One package that is not the same in both. before, after: its version; None: not there."""

    name: str
    before: str | None
    after: str | None


def compare_packages(before: Environment, after: Environment) -> tuple[PackageChange, ...]:
    """Return the packages that differ, by name; an incomplete environment has none."""
    old, new = _versions(before), _versions(after)
    return tuple(
        PackageChange(shown, old.get(name, ("", None))[1], new.get(name, ("", None))[1])
        for name, (shown, _) in sorted({**old, **new}.items())
        if old.get(name, ("", None))[1] != new.get(name, ("", None))[1]
    )


def _versions(environment: Environment) -> dict[str, tuple[str, str | None]]:
    """Return name and version of each package by its normalized name."""
    marker = environment.marker
    packages = marker.packages if marker is not None else ()
    return {normalize(name): (name, version) for name, version in packages}
