"""Deploys content, builds it again, or tries a build once more: from a bundle to a build that is
finished, because all was there already, or to one that a worker has begun."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BuildError, StateError
from ..state_dir import make_folder, now, prepare
from ..store import BundleRow, ContentRow, open_store
from .events import Notice
from .finish import Ending, completed, finish, row_of
from .kept import kept_bundle
from .listing import find, find_content
from .model import Asked, Build, Considered, Environment, Kind, Python
from .record import Record, Writer, create

if TYPE_CHECKING:
    from ..content import Bundle
    from ..environments import EnvironmentSpec, Marker
    from ..installations import Analysis, Installation
    from ..matching import Decision, Request
    from ..settings import Settings
    from .requirements import Wanted


@dataclass(frozen=True, slots=True)
class Site:
    """What builds are made from.

    run_as: who runs the programs of a build, where that is not whoever asks for it.
    analyse: gives the start-up analysis, from the cache where it holds.
    """

    state_dir: Path
    settings: Settings
    run_as: str | None
    analyse: Callable[[], Analysis]

    @property
    def bundles(self) -> Path:
        return self.state_dir / "bundles"

    @property
    def builds(self) -> Path:
        return self.state_dir / "builds"


def deploy(site: Site, bundle: str | Path, content: str | None = None) -> Build:
    """Make or update a piece of content from a bundle.

    content: its name; None: the bundle's. Returns the build, finished if a complete environment was
    there or nothing matches, else running, on its own.

    Raises BundleError for the bundle, BuildError (``python-disabled``, ``content-name``) for what
    may not be built, StateError where the state directory cannot be written.
    """
    from ..content import open_bundle

    _refuse_disabled(site.settings)
    opened = open_bundle(bundle)
    name = opened.name if content is None else _checked_name(content)
    return _Deployment(site, "deploy", name, opened, given=str(bundle)).run()


def rebuild(site: Site, content: str, *, afresh: bool = False) -> Build:
    """Build deployed content again, with the Python that was chosen when it was deployed.

    Only if that is gone or unusable it is matched again, and both facts are told.

    afresh: make its environment again even if it is complete. Raises as `deploy`, and StateError
    (``content-unknown``) where there is no such content.
    """
    _refuse_disabled(site.settings)
    found = find_content(site.state_dir, content)
    bundle = _kept_bundle(site, found.bundle)
    return _Deployment(
        site, "rebuild", content, bundle, given=str(bundle.path), kept=found.python, afresh=afresh
    ).run()


def retry(site: Site, build: str) -> Build:
    """Build once more what a build was asked to: the same bundle, the same Python if it still can.

    Raises as `rebuild`, and StateError (``build-unknown``, ``build-running``).
    """
    _refuse_disabled(site.settings)
    old = find(site.state_dir, build).build()
    if old.is_running:
        raise StateError(f"build {old.id} still runs: cancel it first", code="build-running")
    bundle = _kept_bundle(site, old.asked.digest)
    return _Deployment(
        site,
        "retry",
        old.content,
        bundle,
        given=old.asked.bundle,
        kept=old.python,
        retried=old.id,
    ).run()


@dataclass(slots=True)
class _Deployment:
    """One build on its way from a bundle to its worker."""

    site: Site
    kind: Kind
    content: str
    bundle: Bundle
    given: str
    kept: Python | None = None
    retried: str | None = None
    afresh: bool = False
    notices: list[str] = field(default_factory=list[str])

    def run(self) -> Build:
        from ..content import keep, request

        wanted = request(self.bundle)
        installation, rule, decision = self._choose(wanted)
        self._warn()
        prepare(
            self.site.state_dir,
            group=self.site.settings.state_group,
            passable=self.site.run_as is not None,
        )
        try:
            bundle = keep(self.bundle, make_folder(self.site.bundles))
            record, lock = create(self.site.builds)
        except OSError as error:
            raise _unwritable(error) from None
        try:
            python = None
            if installation is not None:
                python = Python(str(installation.version), _executable(installation), rule)
            build = Build(
                id=record.id,
                content=self.content,
                outcome="running",
                phase="match",
                reused=False,
                python=python,
                environment=None,
                folder=record.folder,
                started=now(),
                finished=None,
                asked=self._asked(wanted),
                considered=_considered(decision),
                reason=decision.reason,
                notices=tuple(self.notices),
            )
            return self._begin(record, lock, build, bundle, installation)
        except OSError as error:
            _discard(record)
            raise _unwritable(error) from None
        except StateError:
            _discard(record)
            raise
        finally:
            os.close(lock)

    def _begin(
        self, record: Record, lock: int, build: Build, bundle: Path, chosen: Installation | None
    ) -> Build:
        """Write the record's beginning, then end it at once or hand it to a worker."""
        writer = Writer(record)
        try:
            writer.phase("match", build.asked.request)
            for notice in self.notices:
                writer.event(Notice(time.time(), writer.offset, notice))
            writer.log(f"Bundle requested Python version {build.asked.request}; {_chosen(build)}\n")
            if chosen is None or build.python is None:
                return self._end(record, writer, build, _no_match(build))
            if not self._manages:
                return self._unmanaged(record, writer, build, chosen)
            return self._environment(record, writer, lock, build, bundle, chosen)
        finally:
            writer.close()

    def _environment(
        self,
        record: Record,
        writer: Writer,
        lock: int,
        build: Build,
        bundle: Path,
        chosen: Installation,
    ) -> Build:
        from ..environments import complete, hold, location
        from .requirements import wanted

        needed = wanted(self.bundle, self.site.settings.effective_prohibited)
        if needed.skipped:
            writer.log(f"Skipped packages: {', '.join(needed.skipped)}\n")
        spec = self._spec(chosen, needed, writer)
        path = location(self.site.state_dir, spec)
        build = replace(
            build, skipped=needed.skipped, environment=Environment(path.name, str(path))
        )
        if not self.afresh:
            with hold(path, shared=True, wait=False) as held:
                marker = complete(path) if held else None
                if marker is not None:
                    return self._reuse(record, writer, build, marker)
        return self._hand_over(record, lock, build, bundle, needed, spec, path)

    @property
    def _manages(self) -> bool:
        """Whether packages are installed at all: server and author may both say no."""
        by_author = self.bundle.manifest.environment_management
        return self.site.settings.environment_management and by_author is not False

    def _choose(self, wanted: Request) -> tuple[Installation | None, str, Decision]:
        """The installation, the rule that chose it, and the decision of today."""
        from ..installations import candidates
        from ..matching import Matcher, Policy

        installations = self.site.analyse().installations
        policy = Policy.parse(self.site.settings.version_matching)
        everyone = candidates(installations)
        decision = Matcher(everyone, policy).decide(wanted)
        if self.kept is not None:
            problem = _why_not(self.kept, installations)
            if problem is None:
                return _same(self.kept, installations), self.kept.rule, decision
            self.notices.append(
                f"Python {self.kept.version} ({self.kept.executable}), chosen when this was "
                f"deployed, {problem}; matched again: {decision.reason}"
            )
        for installation, candidate in zip(installations, everyone, strict=True):
            if candidate is decision.selected and decision.rule is not None:
                return installation, decision.rule.value, decision
        return None, "", decision

    def _warn(self) -> None:
        """Say beforehand what may not be as expected."""
        from .logout import warning

        self.notices.extend(self.bundle.warnings)
        if os.geteuid() == 0 and self.site.run_as is None:
            self.notices.append(
                "this builds as root, so that whatever a package's installation runs is root, too: "
                "set run-as to another user"
            )
        ends_at_logout = warning()
        if ends_at_logout is not None:
            self.notices.append(ends_at_logout)

    def _asked(self, wanted: Request) -> Asked:
        settings = self.site.settings
        return Asked(
            kind=self.kind,
            by=user_name(),
            bundle=self.given,
            digest=self.bundle.digest,
            request=wanted.text,
            matching=settings.version_matching,
            creator=settings.environment_creator,
            installer=settings.installer,
            prohibited=settings.effective_prohibited,
            retried=self.retried,
        )

    def _spec(self, chosen: Installation, needed: Wanted, writer: Writer) -> EnvironmentSpec:
        from ..environments import (
            EnvironmentSpec,
            choose_installer,
            interpreter_identity,
            read_configuration,
        )

        settings = self.site.settings
        configuration = read_configuration(settings.build_environment)
        assert chosen.version is not None
        requirements = "\n".join(needed.lines)
        choice = choose_installer(
            settings.installer, chosen.version, configuration, requirements, self.site.run_as
        )
        if choice.reason is not None:
            writer.log(f"pysteward: {choice.reason}\n")
        executable = _executable(chosen)
        return EnvironmentSpec(
            executable=executable,
            interpreter=interpreter_identity(executable),
            version=chosen.version,
            requirements=requirements,
            configuration=configuration.digest,
            creator=settings.environment_creator,
            installer=choice.installer,
            files=needed.files,
        )

    def _reuse(self, record: Record, writer: Writer, build: Build, marker: Marker) -> Build:
        writer.log(f"Using cached environment: {marker.identity}\n")
        lines = completed(build, marker.packages)
        ending = Ending(
            "succeeded",
            lines,
            reused=True,
            packages=marker.packages,
            installer=marker.installer,
        )
        return self._end(record, writer, build, ending)

    def _unmanaged(
        self, record: Record, writer: Writer, build: Build, chosen: Installation
    ) -> Build:
        """Nothing is installed: the environment is the installation itself."""
        by = "the bundle" if self.site.settings.environment_management else "the server's settings"
        prefix = Path(_executable(chosen)).parent.parent
        lines = (
            f"Environment management is off ({by}): no packages are installed",
            f"Using the installation's own packages: {prefix}",
            *completed(build, ())[1:],
        )
        build = replace(build, environment=Environment(None, str(prefix)))
        return self._end(record, writer, build, Ending("succeeded", lines, packages=()))

    def _end(self, record: Record, writer: Writer, build: Build, ending: Ending) -> Build:
        """End a build that needs no worker."""
        self._record_content(build)
        return finish(record, writer, build, ending, self.site.state_dir)

    def _hand_over(
        self,
        record: Record,
        lock: int,
        build: Build,
        bundle: Path,
        needed: Wanted,
        spec: EnvironmentSpec,
        path: Path,
    ) -> Build:
        from .job import Job, encode
        from .starting import start

        settings = self.site.settings
        job = Job(
            state_dir=self.site.state_dir,
            spec=spec,
            path=path,
            bundle=bundle if needed.files else None,
            package_file=needed.package_file,
            texts={name: data.decode("latin-1") for name, data in needed.texts.items()},
            prohibited=settings.effective_prohibited,
            build_environment=dict(settings.build_environment),
            run_as=self.site.run_as,
            time_limit=settings.build_timeout,
            places=settings.parallel_builds,
            afresh=self.afresh,
        )
        with start(record, lock) as give:
            # The worker starts up while the record gets onto the disk.
            record.write(build)
            self._record_content(build)
            give(encode(job))
        return build

    def _record_content(self, build: Build) -> None:
        with open_store(self.site.state_dir) as store, store.change():
            store.put_bundle(
                BundleRow(
                    build.asked.digest, self.bundle.path.name, self.bundle.size, build.started
                )
            )
            store.put_build(row_of(build))
            before = store.content(self.content)
            store.put_content(
                ContentRow(
                    name=self.content,
                    bundle=build.asked.digest,
                    request=build.asked.request,
                    python=build.python.version if build.python else None,
                    executable=build.python.executable if build.python else None,
                    rule=build.python.rule if build.python else None,
                    # It keeps its old environment until the new one is complete.
                    environment=before[0].environment if before else None,
                    build=build.id,
                    created=build.started,
                    updated=build.started,
                )
            )


def user_name() -> str:
    """Who asks."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user {os.getuid()}"


def _refuse_disabled(settings: Settings) -> None:
    if not settings.enabled:
        raise BuildError(
            "Python content is disabled: set Enabled = true in section [Python]",
            code="python-disabled",
            file=settings.file,
        )


def _checked_name(name: str) -> str:
    if not name.strip() or len(name) > 200 or not name.isprintable() or "/" in name:
        raise BuildError(
            f"{name[:200]!r} cannot be the name of content: use 1 to 200 printable characters "
            "without a slash",
            code="content-name",
        )
    return name


def _kept_bundle(site: Site, digest: str) -> Bundle:
    from ..content import open_bundle

    path = kept_bundle(site.state_dir, digest)
    if path is not None:
        return open_bundle(path)
    raise StateError(
        "the bundle is no longer there: deploy it again", code="bundle-gone", file=site.bundles
    )


def _executable(installation: Installation) -> str:
    return installation.executable or installation.path


def _same(kept: Python, installations: tuple[Installation, ...]) -> Installation | None:
    return next((each for each in installations if _executable(each) == kept.executable), None)


def _why_not(kept: Python, installations: tuple[Installation, ...]) -> str | None:
    """Why content cannot keep its Python; None where it can."""
    found = _same(kept, installations)
    if found is None:
        return "is no longer configured"
    if not found.usable:
        return f"is unusable: {' '.join(problem.message for problem in found.reasons_against)}"
    if str(found.version) != kept.version:
        return f"is {found.version} now"
    return None


def _considered(decision: Decision) -> tuple[Considered, ...]:
    return tuple(
        Considered(
            str(line.candidate.version) if line.candidate.version else None,
            line.candidate.executable,
            line.verdict.value,
            line.why,
        )
        for line in decision.considered
    )


def _chosen(build: Build) -> str:
    if build.python is None:
        return "no installation matches"
    return f"using {build.python.executable} which has version {build.python.version}"


def _no_match(build: Build) -> Ending:
    return Ending(
        "failed",
        (f"pysteward: {build.reason}",),
        findings=(
            {
                "code": "no-python-match",
                "role": "cause",
                "cause": build.reason,
                "remedy": "Install a Python that matches, or change VersionMatching.",
                "author_remedy": "Deploy from one of the versions at hand, or ask for one of them.",
                "evidence": [
                    {
                        "source": "log",
                        "line": 2,
                        "text": f"pysteward: {build.reason}",
                    }
                ],
            },
        ),
    )


def _discard(record: Record) -> None:
    """Remove a record that could not be begun."""
    import shutil

    shutil.rmtree(record.folder, ignore_errors=True)


def _unwritable(error: OSError) -> StateError:
    import errno

    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return StateError(
        "the disk is full: make room and try again"
        if is_full
        else f"the state directory cannot be written: {error.strerror}",
        code="no-space" if is_full else "state-unwritable",
        file=error.filename,
    )
