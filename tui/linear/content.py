"""Deployed content in lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import StewardError
from .builds import build_lines, watch
from .page import LinearRow, Page, must_change

if TYPE_CHECKING:
    from ...core.content import ContentStatus
    from ...core.services import ContentService


class ContentPage(Page):
    name = "content"
    title = "Content"
    empty = "Nothing is deployed yet: deploy PATH deploys a bundle."

    @property
    def _service(self) -> ContentService:
        service = self.context.backend.content
        if service is None:
            raise StewardError(self.context.backend.why_read_only or "there is no content")
        return service

    def _all(self) -> tuple[ContentStatus, ...]:
        if self.context.backend.content is None:
            return ()
        return self._service.list(self.context.session.installations)

    def rows(self) -> Sequence[LinearRow]:
        return [LinearRow(each.content.name, _words(each), _columns(each)) for each in self._all()]

    def detail(self, key: str) -> Sequence[str]:
        each = next((each for each in self._all() if each.content.name == key), None)
        if each is None:
            raise StewardError(f"there is no content {key!r}")
        content = each.content
        lines = [f"{_words(each)}."]
        if content.python is not None:
            lines.append(f"It runs {content.python.executable}, chosen by {content.python.rule}.")
        if content.environment is not None:
            lines.append(f"Its environment lies in {content.environment.path}.")
        lines += [f"Deployed {content.created}, updated {content.updated}."]
        lines += [each.need.why] if each.need is not None else []
        lines += [*each.changes, *([each.new_deploy] if each.new_deploy else [])]
        packages = self._service.packages(content)
        lines += [f"{len(packages)} packages: {_joined(packages)}."] if packages else []
        if each.rollback.python is not None:
            lines.append(f"Roll back returns to its environment of Python {each.rollback.python}.")
        return lines

    def do_deploy(self, rest: str) -> None:
        """``deploy PATH [NAME]``."""
        must_change(self.context)
        path, _, name = rest.partition(" ")
        if not path:
            path = self.context.ask("Path of the bundle:")
        if not path:
            return
        bundle, given = Path(path).expanduser(), name.strip() or None
        self._build(self._service.deploy(bundle, given, confirm=self.context.agrees))

    def do_rebuild(self, rest: str) -> None:
        """``rebuild [NUMBER...]``: without numbers the marked ones, else the selected one."""
        must_change(self.context)
        names = self.chosen("content", rest)
        keeps = "It keeps its Python" if len(names) == 1 else "Each keeps its Python"
        if self.context.agrees(f"Rebuild {', '.join(names)}? {keeps} while that is usable."):
            for name in names:
                self._build(self._service.rebuild(name))

    def do_rebuild_changed(self, _rest: str) -> None:
        must_change(self.context)
        names = [each.content.name for each in self._all() if each.is_outdated]
        if not names:
            raise StewardError("no content is out of date")
        if self.context.agrees(f"Rebuild {', '.join(names)}?"):
            for name in names:
                self._build(self._service.rebuild(name))

    def do_roll_back(self, _rest: str) -> None:
        must_change(self.context)
        name = self.wanted("content")
        if self.context.agrees(f"Roll {name} back to its previous environment?"):
            now = self._service.roll_back(name)
            version = now.python.version if now.python is not None else "unknown"
            self.context.say(f"{name} uses its previous environment again, of Python {version}.")

    def do_remove(self, rest: str) -> None:
        must_change(self.context)
        names = self.chosen("content", rest)
        if self.context.agrees(
            f"Remove {', '.join(names)}, with all bundles and the records of the builds?"
        ):
            for name in names:
                self._service.remove(name)
            self.selected, self.marked = None, []
            self.context.say("Removed. Environments stay.")

    def do_check(self, _rest: str) -> None:
        must_change(self.context)
        self._build(self._service.check(self.wanted("content")))

    def do_render(self, rest: str) -> None:
        """``render [PATH]``: write its document as HTML."""
        must_change(self.context)
        name = self.wanted("content")
        target = Path(rest or f"{name}.html").expanduser().absolute()
        run = self._service.render(name)
        self._build(run)
        self.context.say(f"The document is in {self._service.write_document(run, target)}.")

    def do_last_run(self, _rest: str) -> None:
        run = self._service.last_run(self.wanted("content"))
        if run is None:
            raise StewardError("it was not run yet")
        for line in build_lines(run):
            self.context.say(line)

    def do_build(self, _rest: str) -> None:
        name = self.wanted("content")
        builds = [each.content.build for each in self._all() if each.content.name == name]
        self.context.open_page("builds", builds[0])

    def do_simulate(self, _rest: str) -> None:
        name = self.wanted("content")
        texts = [each.content.request for each in self._all() if each.content.name == name]
        self.context.open_page("simulator", texts[0])

    def _build(self, build: object) -> None:
        from ...core.builds import Build

        service = self.context.backend.builds
        if isinstance(build, Build) and service is not None:
            self.selected = build.content
            watch(self.context, service, build)


def _words(each: ContentStatus) -> str:
    content = each.content
    python = f"Python {content.python.version}" if content.python else "no Python"
    today = each.need.urgency.word if each.need is not None else ""
    if not today and each.is_outdated:
        today = "out of date"
    told = f", {today}" if today else ""
    return f"{content.name}, asks for {content.request}, {python}, {content.outcome}{told}"


def _columns(each: ContentStatus) -> dict[str, str | float]:
    content = each.content
    return {
        "content": content.name,
        "request": content.request,
        "python": str(content.python.version) if content.python else "",
        "outcome": content.outcome,
        "updated": content.updated,
    }


def _joined(packages: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {version}" for name, version in packages)
