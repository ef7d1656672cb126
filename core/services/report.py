"""Report service: one text about a server, for someone who does not work on it."""

from __future__ import annotations

import os
import platform
import stat
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__, builds, content, environments, settings as settings_room
from ..distributions import this_distribution
from ..errors import StateError, StewardError
from ..file_io import read_regular, replace_file
from ..processes import find_confinement
from ..safe_text import safe_line
from ..secrets import SHORTEST_SECRET, KnownSecrets, mask_secrets
from ..server import Server
from ..state import DATABASE, why_damaged
from ..times import now
from ..users import user_name

if TYPE_CHECKING:
    from ..builds import Build

_FAILURES = 5
_LAST_LINES = 40
_LARGEST_LOG = 64 * 1024 * 1024
_LONGEST_LINE = 1000
_MOST_BUILDS = 200
"""How many builds are looked at for failures, the newest first."""

_PROGRAMS = ("textual", "rich", "packaging", "virtualenv", "tomlkit", "uv")


class ReportService:
    """A report about one server. Methods raise StewardError and may block."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def write(self, file: Path, *, force: bool = False) -> None:
        """Write the report, whole; only the user can read it. force: replace a file.

        Raises: StateError (``report-exists``, ``report-unwritable``).
        """
        if os.path.lexists(file) and not force:
            raise StateError(
                "this exists already: give another name, or --force to replace it",
                code="report-exists",
                file=file,
            )
        text = "".join(f"{line}\n" for line in self.lines())
        try:
            replace_file(file, text.encode("utf-8", "backslashreplace"), mode=0o600)
        except OSError as error:
            raise StateError(
                f"the report cannot be written: {error.strerror}",
                code="report-unwritable",
                file=file,
            ) from None

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report: no secret, nothing that a terminal would obey.

        A part that cannot be found out says why; the others are complete.
        """
        yield f"pysteward report, {now()}, by {user_name()} on {platform.node()}"
        mask = self._masking()
        for title, part in self._parts():
            yield from ("", f"== {title}", "")
            try:
                for line in part():
                    yield safe_line(mask(line))[:_LONGEST_LINE]
            except (StewardError, OSError) as error:
                yield safe_line(mask(f"cannot be found out: {error}"))

    def _masking(self) -> Callable[[str], str]:
        try:
            active = self._server.settings
        except StewardError:
            return mask_secrets
        given = environments.known_secrets(active.build_environment, active.secret_variables)
        checked = KnownSecrets(
            {each for each in active.check_environment.values() if len(each) >= SHORTEST_SECRET}
        )
        return lambda line: checked.mask_values(given.mask(line))

    def _parts(self) -> tuple[tuple[str, Callable[[], Iterator[str]]], ...]:
        return (
            ("Versions", _versions),
            ("Settings", self._settings),
            ("Analysis of the installations", self._analysis),
            ("pip's configuration", self._pip),
            ("Disk", self._disk),
            ("State directory", self._state),
            ("Content", self._content),
            (f"Last failures (at most {_FAILURES})", self._failures),
        )

    def _settings(self) -> Iterator[str]:
        active = self._server.settings
        yield f"file: {active.file or 'none: the embedded default'}"
        for setting in settings_room.SETTINGS:
            for number, value in enumerate(settings_room.values_of(active, setting) or ["-"]):
                origin = settings_room.origin_of(active, setting, number)
                yield f"{setting.toml} = {value}  ({origin})"
        for warning in active.warnings:
            where = [str(part) for part in (warning.file, warning.line) if part is not None]
            yield f"warning: {':'.join(where)}: {warning.message}"
        yield f"run-as, as it is: {self._server.run_as or 'the user who runs pysteward'}"
        found = find_confinement()
        yield f"builds are confined by: {found.tool or 'nothing'} {found.reason}".rstrip()

    def _analysis(self) -> Iterator[str]:
        analysis = self._server.analysis()
        for each in analysis.installations:
            state = "usable" if each.usable else "unusable"
            yield f"{each.version or '?'}  {each.path}  {state}"
            yield f"  pip {each.pip or '-'}, virtualenv {each.virtualenv or '-'}, venv {each.venv}"
            yield from (f"  {problem.code}: {problem.message}" for problem in each.problems)
        yield from ("", *analysis.log)

    def _pip(self) -> Iterator[str]:
        active = environments.read_configuration(self._server.settings.build_environment)
        yield from (f"file: {file}" for file in active.files)
        yield from active.lines()

    def _disk(self) -> Iterator[str]:
        for directory in dict.fromkeys((_existing(self._server.state_dir), Path("/tmp"))):
            status = os.statvfs(directory)
            free, total = status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize
            yield f"{directory}: {free >> 20} of {total >> 20} MiB free"
            yield f"  {status.f_favail} of {status.f_files} inodes free"

    def _state(self) -> Iterator[str]:
        state_dir = self._server.state_dir
        yield from _modes(state_dir)
        for name in sorted(os.listdir(state_dir)):
            yield from _modes(state_dir / name)
        if (state_dir / DATABASE).exists():
            yield f"database: {why_damaged(state_dir / DATABASE) or 'sound'}"

    def _content(self) -> Iterator[str]:
        for each in builds.list_content(self._server.state_dir):
            python = each.python.version if each.python else "no Python"
            yield f"{each.name}: asked for {each.request}, has {python}, last build {each.outcome}"
            target = content.rollback_target(each)
            if each.put_back is not None:
                yield f"  rolled back {each.put_back}"
            if target.why_not is None:
                yield f"  can be rolled back to Python {target.python}"

    def _failures(self) -> Iterator[str]:
        state_dir = self._server.state_dir
        failed = [
            row
            for row in builds.list_builds(state_dir)[:_MOST_BUILDS]
            if row.outcome in ("failed", "interrupted")
        ]
        for row in failed[:_FAILURES]:
            yield f"build {row.id} of {row.content}: {row.outcome}"
            try:
                yield from map("  {}".format, _failure(builds.show(state_dir, row.id)))
            except StewardError as error:
                yield f"  its record cannot be read: {error}"
            yield ""


def _failure(build: Build) -> Iterator[str]:
    """Yield what is known about a failed build, and the end of its log."""
    yield f"started {build.started}, ended {build.finished or '-'}, in phase {build.phase}"
    yield f"asked for {build.asked.request} ({build.asked.kind}); {build.reason}"
    for finding in build.findings:
        yield f"{finding.role} {finding.code}: {finding.cause}"
        yield f"  remedy: {finding.remedy}"
        for evidence in finding.evidence:
            yield f"  {evidence.source}:{evidence.line}: {evidence.text}"
    try:
        text = read_regular(build.log, _LARGEST_LOG).decode("utf-8", "replace")
    except OSError as error:
        yield f"its log cannot be read: {error.strerror}"
        return
    lines = text.splitlines()
    if len(lines) > _LAST_LINES:
        yield f"... {len(lines) - _LAST_LINES} lines of the log are left out"
    yield from (f"| {line}" for line in lines[-_LAST_LINES:])


def _versions() -> Iterator[str]:
    yield f"pysteward {__version__}"
    yield f"runs on Python {platform.python_version()}, {sys.executable}"
    yield f"{this_distribution() or 'unknown distribution'}, {platform.platform()}"
    for name in _PROGRAMS:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed"


def _modes(path: Path) -> Iterator[str]:
    """Yield the permissions and the owner of a file, as ls(1) shows them."""
    status = os.lstat(path)
    group = _group_name(status.st_gid)
    yield f"{stat.filemode(status.st_mode)} {user_name(status.st_uid)}:{group} {path}"


def _group_name(number: int) -> str:
    import grp

    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)


def _existing(path: Path) -> Path:
    """Return a directory, or the one above it that exists."""
    while not path.exists():
        path = path.parent
    return path
