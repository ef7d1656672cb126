"""Builds in lines: what each came to, its log, and how a running one goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core import builds
from ...core.builds import Finished, Notice, PackageEvent, Phase, Waiting
from ...core.errors import StewardError
from .page import LinearRow, Page, PageContext

if TYPE_CHECKING:
    from ...core.builds import Build
    from ...core.findings import Finding
    from ...core.services import BuildService

_LOG_LINES = 200
_EVERY = 10  # packages between two lines


class BuildsPage(Page):
    name = "builds"
    title = "Builds"
    empty = "There are no builds yet: deploy a bundle on the page content."

    @property
    def _service(self) -> BuildService:
        service = self.context.backend.builds
        if service is None:
            raise StewardError(self.context.backend.why_read_only or "there are no builds")
        return service

    def rows(self) -> Sequence[LinearRow]:
        if self.context.backend.builds is None:
            return ()
        return [
            LinearRow(
                entry.row.id,
                f"{entry.row.content}, {entry.row.outcome}, Python {entry.row.python or 'none'}, "
                f"begun {entry.row.started}",
                {
                    "content": entry.row.content,
                    "outcome": entry.row.outcome,
                    "python": str(entry.row.python or ""),
                    "started": entry.row.started,
                },
            )
            for entry in self._service.list()
        ]

    def detail(self, key: str) -> Sequence[str]:
        return build_lines(self._service.show(key))

    def do_show(self, rest: str) -> None:
        """The end of the log; ``show all`` for all of it, ``show WORDS`` for lines with them."""
        lines = self._log()
        if rest and rest != "all":
            found = [
                f"Line {number}: {line}"
                for number, line in enumerate(lines, 1)
                if rest.lower() in line.lower()
            ]
            self.context.say(f"{len(found)} of {len(lines)} lines.")
            lines = found
        elif not rest and len(lines) > _LOG_LINES:
            self.context.say(f"The last {_LOG_LINES} of {len(lines)} lines; show all reads all.")
            lines = lines[-_LOG_LINES:]
        for line in lines:
            self.context.say(line)

    def _log(self) -> list[str]:
        log = self._service.record(self.wanted("build")).log
        with open(log, encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()

    def do_open(self, rest: str) -> None:
        """``open PATH``: say what an exported record holds."""
        path = rest or self.context.ask("Path of an exported build record:")
        if not path:
            return
        with self._service.open_exported(Path(path).expanduser().absolute()) as record:
            for line in build_lines(record.read()):
                self.context.say(line)

    def do_cancel(self, _rest: str) -> None:
        build = self.wanted("build")
        if self.context.agrees("Cancel this build and stop all its processes?"):
            was_running = self._service.cancel(build)
            self.context.say("Cancelling the build." if was_running else "It had already ended.")

    def do_retry(self, _rest: str) -> None:
        build = self.wanted("build")
        if self.context.agrees("Run this build again?"):
            watch(self.context, self._service, self._service.retry(build))

    def do_export(self, rest: str) -> None:
        build = self.wanted("build")
        path = self._service.export(build, Path(rest or f"{build}.tar.gz").expanduser())
        self.context.say(f"The record is in {path.absolute()}.")

    def do_remove(self, rest: str) -> None:
        chosen = self.chosen("build", rest)
        many = "the record of this build" if len(chosen) == 1 else f"{len(chosen)} records"
        if self.context.agrees(f"Remove {many}?"):
            for build in chosen:
                self._service.remove(build)
            self.selected, self.marked = None, []
            self.context.say("Removed.")

    def do_diagnose(self, _rest: str) -> None:
        self.context.open_page("diagnosis", self.wanted("build"))


def build_lines(build: Build) -> list[str]:
    """Return a build in sentences."""
    python = build.python
    lines = [
        f"Build {build.id} of {build.content}: {build.outcome}.",
        f"Python {python.version}, chosen by {python.rule}." if python else "No Python matched.",
        f"Begun {build.started}, " + (f"ended {build.finished}." if build.finished else "it runs."),
    ]
    if build.environment is not None:
        reused = " was reused" if build.reused else ""
        lines.append(f"Environment {build.environment.id}{reused}.")
    if build.check is not None:
        lines.append(f"Starts: {build.check.starts}. {build.check.why}")
    for finding in build.all_findings:
        lines += finding_lines(finding)
    return lines


def finding_lines(finding: Finding) -> list[str]:
    """Return a finding in sentences, with the lines that prove it."""
    lines = [f"{finding.role}: {finding.code}. {finding.cause}", f"Remedy: {finding.remedy}"]
    if finding.author_remedy:
        lines.append(f"For the author: {finding.author_remedy}")
    lines += [f"{each.source}, line {each.line}: {each.text}" for each in finding.evidence]
    return lines


def watch(context: PageContext, service: BuildService, build: Build) -> None:
    """Say how a build goes on, each change once, until it ends. Ctrl-C leaves it running."""
    context.say(f"Build {build.id} of {build.content} has begun. Ctrl-C leaves it running.")
    phase, installed, found = "", 0, 0
    try:
        for event in builds.follow(service.record(build.id), log=False):
            if isinstance(event, Phase) and event.name != phase:
                phase = event.name
                context.say(f"{phase}." if not event.detail else f"{phase}: {event.detail}.")
            elif isinstance(event, PackageEvent):
                found += event.action == "found"
                installed += event.action == "installed"
                if event.action == "installed" and installed % _EVERY == 0:
                    context.say(f"{installed} of {max(found, installed)} packages are installed.")
            elif isinstance(event, Waiting):
                context.say(
                    "It waits for a free place."
                    if event.build is None
                    else f"It waits for build {event.build}, which makes the same environment."
                )
            elif isinstance(event, Notice):
                context.say(event.text)
            elif isinstance(event, Finished):
                break
    except KeyboardInterrupt:
        context.say("The build continues; the page builds shows it.")
        return
    for line in build_lines(service.show(build.id)):
        context.say(line)
