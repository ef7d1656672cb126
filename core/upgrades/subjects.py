"""What would move: the content of a state directory, or a directory of bundles, as subjects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import list_content
from ..bundles import stored_bundle
from ..errors import BundleError, UsageError
from ..matching import NO_PYTHON, Candidate, parse_request
from ..state import open_database
from ..versions import PythonVersion
from .preflight import PreflightQuestion, merged, preflight_question
from .simulation import Effect, Subject, UpgradeSimulation

if TYPE_CHECKING:
    from ..bundles import Bundle

OnProblem = Callable[[Path, BundleError], object]
Bundles = Mapping[str, Callable[[], Path | None]]
"""By a subject's name, what finds its bundle; None where that is no longer kept."""


def deployed(state_dir: Path) -> tuple[tuple[Subject, ...], Bundles]:
    """Return all content that needs Python, by name, with its bundles. Raises StateError.

    Content that a server of a cluster has is left out: that server's own plan moves it.
    """
    with open_database(state_dir) as store:
        rows = [row for row in store.pythons_of_content() if row[2] != NO_PYTHON]
    if any(row[3] is not None and row[5] is None for row in rows):
        elsewhere = {each.name for each in list_content(state_dir) if each.server is not None}
        rows = [row for row in rows if row[0] not in elsewhere]
    # Content asks for few distinct things, and has few distinct Pythons.
    requests = {text: parse_request(text) for text in {row[2] for row in rows}}
    pythons = {
        (version, executable): Candidate(PythonVersion.parse(version), executable)
        for version, executable in {(row[3], row[4]) for row in rows}
        if version is not None
    }
    subjects = tuple(
        Subject(name, requests[request], pythons.get((version or "", executable)))
        for name, _, request, version, executable, _ in rows
    )
    return subjects, _Kept(state_dir, {row[0]: row[1] for row in rows})


def in_directory(
    directory: Path, on_problem: OnProblem, without_python: list[str] | None = None
) -> tuple[tuple[Subject, ...], Bundles]:
    """Return every bundle in a directory that needs Python; what cannot be used is told and passed
    over.

    without_python: takes the names of the bundles that need none. Raises UsageError where there is
    no such directory.
    """
    from ..bundles import open_bundle, request_of

    if not directory.is_dir():
        raise UsageError("there is no such directory", file=directory)
    subjects: list[Subject] = []
    for path in sorted(directory.iterdir()):
        if path.name.endswith((".tar.gz", ".tgz", ".tar")) or (path / "manifest.json").is_file():
            try:
                bundle = open_bundle(path)
                if bundle.needs_python:
                    subjects.append(Subject(path.name, request_of(bundle)))
                elif without_python is not None:
                    without_python.append(path.name)
            except BundleError as problem:
                on_problem(path, problem)
    return tuple(subjects), {
        subject.name: lambda path=directory / subject.name: path for subject in subjects
    }


def questions_of(
    simulation: UpgradeSimulation,
    bundles: Bundles,
    prohibited: tuple[str, ...],
    on_problem: OnProblem,
    variables: Mapping[str, str] | None = None,
) -> tuple[PreflightQuestion, ...]:
    """Return what a preflight of that change asks: each distinct list on each new Python once.

    variables: what ``${NAME}`` stands for in requirements (``build-environment``). A bundle that
    cannot be used is told and passed over.
    """
    return merged(_questions(simulation, bundles, prohibited, on_problem, variables))


def _questions(
    simulation: UpgradeSimulation,
    bundles: Bundles,
    prohibited: tuple[str, ...],
    on_problem: OnProblem,
    variables: Mapping[str, str] | None,
) -> Iterator[PreflightQuestion]:
    from dataclasses import replace

    for change in simulation.changes:
        version = change.after.version if change.after else None
        if change.fate not in (Effect.MOVES, Effect.GAINS) or version is None:
            continue
        path = bundles[change.subject.name]() if change.subject.name in bundles else None
        if path is None:
            continue
        try:
            bundle = _opened(path)
            if bundle.manifest.wants_packages:  # else nothing is installed
                named = replace(bundle, name=change.subject.name)
                yield preflight_question(named, prohibited, version, variables)
        except BundleError as problem:
            on_problem(path, problem)


def _opened(path: Path) -> Bundle:
    from ..bundles import open_bundle

    return open_bundle(path)


class _Kept(Mapping[str, Callable[[], Path | None]]):
    """Looks a bundle up only when it is asked for: there may be very many."""

    def __init__(self, state_dir: Path, digests: Mapping[str, str]) -> None:
        self._state_dir = state_dir
        self._digests = digests

    def __getitem__(self, name: str) -> Callable[[], Path | None]:
        digest = self._digests[name]
        return lambda: stored_bundle(self._state_dir, digest)

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)
