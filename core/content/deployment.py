"""One build on its way from a bundle to its worker, or to its end if there is nothing to build."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..builds import (
    Asked,
    Build,
    BuildPlaces,
    BuildResult,
    EnvironmentRef,
    Kind,
    Launcher,
    LocalLauncher,
    Python,
    Record,
    RecordWriter,
    completed,
    create_record,
)
from ..bundles import stored_bundle
from ..errors import StateError, StewardError
from ..removal import remove_tree
from ..secrets import mask_secrets
from ..server import Server
from ..state import (
    BundleRow,
    Database,
    lacks_space,
    make_directory,
    no_space,
    open_database,
)
from ..times import now
from ..users import user_name
from .build_check import BuildCheck
from .content_row import record_content
from .messages import chosen, no_match, requested, warnings, warnings_without_python
from .python_choice import choose
from .specification import spec_of

if TYPE_CHECKING:
    from ..bundles import Bundle, InstallRequirements
    from ..environments import EnvironmentSpec, Marker
    from ..running import RunJob
    from .lock_choice import LockChoice, Resolving


@dataclass(slots=True, eq=False, repr=False)
class Deployment:
    """One build on its way from a bundle to its worker. on: where it is made; None: here."""

    server: Server
    kind: Kind
    content: str
    bundle: Bundle
    given: str
    kept: Python | None = None
    retried: str | None = None
    afresh: bool = False
    check: BuildCheck | None = None
    resolving: Resolving = "if-needed"
    notices: list[str] = field(default_factory=list[str])
    replaces: str | None = None
    on: BuildPlaces | None = None
    _starting: Launcher | None = None
    _store: Database | None = None
    _needs_python: bool = True

    def run(self) -> Build:
        """Make the record, decide, and end the build or hand it to its worker."""
        server = self.server
        self._needs_python = self.bundle.needs_python
        if self.check is None and server.settings.check_after_build:
            self.check = BuildCheck()
        self.notices += server.prepare_state()
        try:
            record, lock = create_record(server.builds)
        except OSError as error:
            raise _unwritable(error, self.server.builds) from None
        with ExitStack() as stack:
            stack.callback(os.close, lock)
            stack.callback(self._close_store)
            try:
                launch = self.on.launcher if self.on else LocalLauncher
                self._starting = stack.enter_context(launch(record, lock))
                if self._will_build():
                    self._start_worker()
                build = self._begin(record)
                self._prune_builds()
                return build
            except OSError as error:
                remove_tree(record.directory)
                raise _unwritable(error, self.server.builds) from None
            except BaseException as error:
                # Interrupted before there was anything to tell, it leaves nothing either.
                if isinstance(error, StewardError) or not record.is_begun:
                    remove_tree(record.directory)
                raise

    def _prune_builds(self) -> None:
        """Remove the records beyond ``keep-builds``; where that fails, the next deploy does it."""
        limit = self.server.settings.keep_builds
        if limit is not None:
            from ..builds import prune_builds
            from ..settings import parse_retention

            with suppress(StewardError, OSError):
                prune_builds(self.server.state_dir, parse_retention(limit))

    def _will_build(self) -> bool:
        """Return whether a worker is needed most likely: then it may start up while the rest is
        found out.

        None is, where an environment that was made of the same bundle is still there.
        """
        state_dir, digest = self.server.state_dir, self.bundle.digest
        if not self._needs_python or self.on is not None:
            return False
        is_asked = self.afresh or self.check is not None or self.resolving == "always"
        if is_asked or stored_bundle(state_dir, digest) is None:
            return True
        self._store = open_database(state_dir)  # it stays open, for the end is near
        return not any(map(os.path.isdir, self._store.made_of(digest)))

    def _start_worker(self) -> Launcher:
        # A connection must not be carried across a fork (sqlite.org, "How To Corrupt", 2.6).
        self._close_store()
        assert self._starting is not None
        self._starting.start()
        return self._starting

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None

    def _begin(self, record: Record) -> Build:
        """Write the record's beginning, then end it at once or hand it to a worker."""
        from ..bundles import request_of

        started = now()
        if not self._needs_python:
            return self._without_python(record, started)
        wanted = request_of(self.bundle)
        installed = self.on.installations() if self.on else self.server.analysis().installations
        choice = choose(wanted, self.kept, installed, self.server.settings)
        self.notices += warnings(self.server, self.bundle, choice.notice)
        build = Build(
            id=record.id,
            content=self.content,
            outcome="running",
            phase="match",
            reused=False,
            python=choice.python,
            environment=None,
            directory=record.directory,
            started=started,
            finished=None,
            asked=self._asked(wanted.text),
            considered=choice.considered,
            reason=choice.decision.reason,
            notices=tuple(self.notices),
            use_anyway=self.check is not None and self.check.use_anyway,
        )
        writer = RecordWriter(record, build)
        try:
            writer.phase("match", build.asked.request)
            self._tell(writer)
            asked = requested(self.bundle.manifest, wanted.text)
            writer.log(f"Bundle requested Python version {asked}; {chosen(build)}\n")
            if choice.python is None:
                return self._finish(
                    writer, no_match(choice.decision, installed, 3 if self.replaces else 2)
                )
            if not self._manages:
                return self._unmanaged(writer, choice.python)
            return self._environment(writer, choice.python)
        finally:
            writer.close()

    def _without_python(self, record: Record, started: str) -> Build:
        """Record content that needs no Python: nothing is installed for it."""
        from ..matching import NO_PYTHON

        self.notices += warnings_without_python(self.bundle)
        build = Build(
            id=record.id,
            content=self.content,
            outcome="running",
            phase="match",
            reused=False,
            python=None,
            environment=None,
            directory=record.directory,
            started=started,
            finished=None,
            asked=self._asked(NO_PYTHON),
            reason="This content needs no Python.",
            notices=tuple(self.notices),
        )
        writer = RecordWriter(record, build)
        try:
            writer.phase("match", NO_PYTHON)
            self._tell(writer)
            line = "This content needs no Python: nothing is installed"
            return self._finish(writer, BuildResult("succeeded", (line,), packages=()))
        finally:
            writer.close()

    def _tell(self, writer: RecordWriter) -> None:
        """Write the notices, and what content is replaced."""
        for notice in self.notices:
            writer.notice(notice)
        if self.replaces is not None:
            writer.log(f"pysteward: {self.replaces}\n")

    def _environment(self, writer: RecordWriter, chosen: Python) -> Build:
        from ..bundles import wanted
        from ..environments import complete, conditions_of, location
        from ..state import hold
        from .lock_choice import choose_lock

        settings = self.server.settings
        needed = wanted(self.bundle, settings.effective_prohibited, settings.build_environment)
        if needed.skipped:
            writer.log(
                f"Skipped packages: {', '.join(map(mask_secrets, needed.skipped_as_written))}\n"
            )
        spec = spec_of(
            settings, self.bundle.manifest, chosen, needed, self.server.run_as, writer.log
        )
        base = location(self.server.state_dir, spec)
        choice = choose_lock(
            self.server.state_dir,
            self.content,
            self.kind,
            conditions_of(spec, settings.effective_prohibited),
            resolving=self.resolving,
            retried=self.retried,
        )
        if choice.notice is not None:
            writer.log(f"pysteward: {choice.notice}\n")
            writer.notice(choice.notice)
        path, marker = base, None
        if self.resolving != "always" and self.on is None:
            path, marker = self._place(base, choice)
        writer.update(skipped=needed.skipped, environment=EnvironmentRef(path.name, str(path)))
        if marker is not None and not self.afresh and self.check is None:
            with hold(path, shared=True, wait=False) as held:
                marker = complete(path) if held else None
                if marker is not None:
                    return self._reuse(writer, marker)
        return self._hand_over(writer, needed, spec, path, base, choice)

    def _place(self, base: Path, choice: LockChoice) -> tuple[Path, Marker | None]:
        """Return where the environment lies, and its marker where it is complete."""
        from .lock_choice import find_place

        with ExitStack() as stack:
            store = self._store or stack.enter_context(open_database(self.server.state_dir))
            return find_place(base, choice.lock, store, self.content)

    @property
    def _manages(self) -> bool:
        """Whether packages are installed at all: server and author may both say no."""
        return self.server.settings.environment_management and self.bundle.manifest.wants_packages

    def _asked(self, request: str) -> Asked:
        settings = self.server.settings
        return Asked(
            kind=self.kind,
            by=user_name(),
            bundle=self.given,
            digest=self.bundle.digest,
            request=request,
            matching=settings.version_matching,
            creator=settings.environment_creator,
            installer=settings.installer,
            prohibited=settings.effective_prohibited,
            retried=self.retried,
        )

    def _reuse(self, writer: RecordWriter, marker: Marker) -> Build:
        writer.log(f"Using cached environment: {marker.identity}\n")
        result = BuildResult(
            "succeeded",
            completed(writer.build, marker.packages),
            reused=True,
            packages=marker.packages,
            installer=marker.installer,
        )
        return self._finish(writer, result)

    def _unmanaged(self, writer: RecordWriter, chosen: Python) -> Build:
        """Nothing is installed: the environment is the installation itself."""
        by_settings = not self.server.settings.environment_management
        by = "the settings say so" if by_settings else "the bundle says so"
        prefix = Path(chosen.executable).parent.parent
        lines = (
            f"Environment management is off ({by}): no packages are installed",
            f"Using the installation's own packages: {prefix}",
            *completed(writer.build, ())[1:],
        )
        writer.update(environment=EnvironmentRef(None, str(prefix)))
        check = None
        if self.check is not None:
            from ..running import CheckResult

            why = "without an environment of its own it is checked by content check only"
            check = CheckResult("not-checked", why)
        return self._finish(writer, BuildResult("succeeded", lines, packages=(), check=check))

    def _finish(self, writer: RecordWriter, result: BuildResult) -> Build:
        """End a build that needs no worker."""
        self._keep()
        build = writer.build
        return writer.finish(
            result, database=self._store, first=lambda store: self._record_content(store, build)
        )

    def _hand_over(
        self,
        writer: RecordWriter,
        needed: InstallRequirements,
        spec: EnvironmentSpec,
        path: Path,
        base: Path,
        choice: LockChoice,
    ) -> Build:
        from ..builds import BuildJob, encode_job

        worker = self._start_worker()
        bundle = self._keep()  # the worker starts up while the record gets onto the disk
        writer.save()
        build = writer.build
        with open_database(self.server.state_dir) as store, store.change():
            self._record_content(store, build)
        settings = self.server.settings
        job = BuildJob(
            state_dir=self.server.state_dir,
            spec=spec,
            path=path,
            bundle=bundle if needed.files else None,
            package_file=needed.package_file,
            texts={name: data.decode("latin-1") for name, data in needed.texts.items()},
            prohibited=settings.effective_prohibited,
            build_environment=dict(settings.build_environment),
            run_as=self.server.run_as,
            time_limit=settings.build_timeout,
            places=settings.parallel_builds,
            on_finish=settings.on_finish,
            afresh=self.afresh,
            check=self._check_job(bundle, path),
            secret_names=settings.secret_variables,
            lock=choice.text,
            base=base,
            refresh=self.resolving == "always",
            is_locked=self.resolving == "never",
            is_confined=settings.confinement != "off",
            index_options=needed.index_options,
            store=settings.wheel_links if settings.wheel_store else None,
        )
        worker.give(encode_job(job))
        return build

    def _check_job(self, bundle: Path, path: Path) -> RunJob | None:
        if self.check is None:
            return None
        from ..environments import interpreter_of
        from .runs import run_job

        options = self.check.options
        python = interpreter_of(path)
        return run_job(self.server, self.bundle.manifest, bundle, path, python, options)

    def _keep(self) -> Path:
        from ..bundles import store_bundle

        return store_bundle(self.bundle, make_directory(self.server.bundles))

    def _record_content(self, store: Database, build: Build) -> None:
        row = BundleRow(build.asked.digest, self.bundle.path.name, self.bundle.size, build.started)
        record_content(store, row, build, needs_python=self._needs_python)


def _unwritable(error: OSError, directory: Path) -> StateError:
    """Return the error that says why a build cannot be recorded. directory: of all records."""
    if lacks_space(error):
        return no_space(error.filename or directory)
    return StateError(
        f"the state directory cannot be written: {error.strerror}",
        code="state-unwritable",
        file=error.filename,
    )
