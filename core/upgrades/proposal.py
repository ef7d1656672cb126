"""A change of installations and policy that somebody considers: what is there today, what would be.

Hypothetical and real installations mix: a version stands for one that need not exist, a path for
one that does and is analyzed. Shared by the command and the screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import UsageError
from ..frozen import frozen
from ..installations import analyze, candidates
from ..matching import Matcher, Policy, SetEntry, hypothetical
from ..server import Server
from ..versions import PythonVersion, selected_by
from .settings_change import SettingsChange


@frozen
class Proposal:
    """The change, as matching sees it and as the settings would.

    hypothetical: versions to add that have no path, and so cannot be written into the settings.
    unusable: sentences about those to add that could not be used.
    """

    before: Matcher
    after: Matcher
    changes: SettingsChange
    hypothetical: tuple[str, ...] = ()
    unusable: tuple[str, ...] = ()

    @property
    def why_not_applicable(self) -> str | None:
        """Why it can be simulated only; None where it can be done."""
        if self.hypothetical:
            versions = ", ".join(self.hypothetical)
            return f"Python {versions} is only supposed here: install it, then add it by its path"
        return self.unusable[0] if self.unusable else None


def propose(
    today: Sequence[SetEntry],
    policy: Policy,
    *,
    add: Sequence[SetEntry] = (),
    remove: Sequence[SetEntry] = (),
    matching: Policy | None = None,
) -> Proposal:
    """Put a change together."""
    gone = {id(each) for each in remove}
    left = [each for each in today if id(each) not in gone]
    after = Matcher(
        tuple(each.candidate for each in (*left, *add)), matching if matching else policy
    )
    changes = SettingsChange(
        add=tuple(each.path for each in add if each.path is not None),
        remove=tuple(each.path for each in remove if each.path is not None),
        matching=matching.value if matching is not None and matching is not policy else None,
    )
    supposed = tuple(str(each.candidate.version) for each in add if each.path is None)
    unusable = tuple(
        f"{each.path} cannot be used: {each.candidate.unusable.rstrip('.')}"
        for each in add
        if each.path is not None and each.candidate.unusable is not None
    )
    before = Matcher(tuple(each.candidate for each in today), policy)
    return Proposal(before, after, changes, supposed, unusable)


def configured(server: Server) -> tuple[SetEntry, ...]:
    """Return the installations of the settings, as analyzed."""
    installations = server.analysis().installations
    return tuple(
        SetEntry(candidate, installation.path)
        for installation, candidate in zip(installations, candidates(installations), strict=True)
    )


def supposed(texts: Sequence[str]) -> tuple[SetEntry, ...]:
    """Hypothetical installations: lists of versions, separated by commas. Raises RequestError."""
    return tuple(
        SetEntry(hypothetical(PythonVersion.parse(text)))
        for listed in texts
        for text in listed.split(",")
        if text.strip()
    )


def to_add(texts: Sequence[str], server: Server) -> tuple[SetEntry, ...]:
    """Return what `--add` names: versions that need not exist, or paths, which are analyzed.

    Raises RequestError for what is neither.
    """
    paths = [text for text in texts if "/" in text]
    return (*_analyzed(paths, server), *supposed([text for text in texts if "/" not in text]))


def to_remove(texts: Sequence[str], today: Sequence[SetEntry]) -> tuple[SetEntry, ...]:
    """Return what `--remove` names: by version (3.8: every 3.8.x) or by path.

    Raises RequestError, or UsageError, where there is no such installation.
    """
    found: list[SetEntry] = []
    versions = [each.candidate.version for each in today if each.candidate.version is not None]
    for listed in texts:
        for text in listed.split(","):
            if "/" in text:
                meant = [each for each in today if text in (each.path, each.candidate.executable)]
                if not meant:
                    raise UsageError(f"no installation lies at {text.strip()}")
            else:
                selected = selected_by(text, versions)
                meant = [each for each in today if each.candidate.version in selected]
            found += [each for each in meant if each not in found]
    return tuple(found)


def _analyzed(paths: Sequence[str], server: Server) -> tuple[SetEntry, ...]:
    if not paths:
        return ()
    settings = server.settings
    found = analyze(
        paths,
        creator=settings.environment_creator,
        run_as=server.run_as,
        build_environment=settings.build_environment,
    ).installations
    return tuple(
        SetEntry(candidate, installation.path)
        for installation, candidate in zip(found, candidates(found), strict=True)
    )
