"""Installations in lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import StewardError
from ...core.source_builds import PythonOptions
from .builds import watch
from .page import LinearRow, Page, must_change


class InstallationsPage(Page):
    name = "installations"
    title = "Installations"
    empty = "No installation is configured: discover finds some."

    def rows(self) -> Sequence[LinearRow]:
        session = self.context.session
        rows: list[LinearRow] = []
        for number, each in enumerate(session.installations):
            verdict = "usable" if each.usable else "unusable"
            warned = f" with {len(each.warnings)} warnings" if each.usable and each.warnings else ""
            end = each.end_of_life
            past = "since" if end is not None and end < session.today else "until"
            support = f", security fixes {past} {end:%Y-%m}" if end is not None else ""
            support = support.replace("fixes since", "fixes ended")
            words = (
                f"Python {each.version or 'unknown'}, {verdict}{warned}, {each.path}, "
                f"pip {each.pip or 'missing'}{support}, "
                f"{session.used_by(each)} content items"
            )
            columns: dict[str, str | float] = {
                "python": str(each.version or ""),
                "state": verdict,
                "path": each.path,
                "content": session.used_by(each),
            }
            rows.append(LinearRow(str(number), words, columns))
        return rows

    def detail(self, key: str) -> Sequence[str]:
        each = self.context.session.installations[int(key)]
        lines = [f"{self.rows()[int(key)].words}."]
        for problem in each.problems:
            lines.append(f"{problem.severity}: {problem.message}")
            lines += [f"Remedy: {problem.remedy}"] if problem.remedy else []
        return lines

    def do_copy_remedy(self, _rest: str) -> None:
        each = self.context.session.installations[int(self.wanted("installation"))]
        remedies = [problem.remedy for problem in each.problems if problem.remedy]
        self.context.say(remedies[0] if remedies else "This installation has no remedy.")

    def do_run_remedy(self, _rest: str) -> None:
        must_change(self.context)
        each = self.context.session.installations[int(self.wanted("installation"))]
        commands = [problem.command for problem in each.problems if problem.command is not None]
        if not commands:
            raise StewardError("no remedy of this installation can be run from here")
        self.context.say(" ".join(commands[0]))
        if self.context.agrees("Run this remedy?"):
            running = self.context.backend.run_remedy(commands[0])
            for line in running:
                self.context.say(line)
            self.context.say("It worked." if running.status == 0 else "It failed.")
            self.context.analyze()

    def do_analyze(self, _rest: str) -> None:
        must_change(self.context)
        self.context.analyze(fresh=True)
        self.show()

    def do_discover(self, _rest: str) -> None:
        """Find what is not configured, check it, and add what is asked for."""
        must_change(self.context)
        found = [each for each in self.context.backend.discover() if not each.is_configured]
        if not found:
            self.context.say("No other Python was found on this machine.")
            return
        checked = self.context.backend.examine([each.path for each in found], lambda _: None)
        for number, each in enumerate(checked.installations, 1):
            word = "usable" if each.usable else "unusable"
            why = f": {each.problems[0].message}" if each.problems else ""
            self.context.say(f"{number}. Python {each.version}, {word}, {each.path}{why}")
        answer = self.context.ask("Numbers to add, or nothing:")
        chosen = [int(word) for word in answer.replace(",", " ").split() if word.isdigit()]
        paths = [found[n - 1].path for n in chosen if 1 <= n <= len(found)]
        if paths:
            self.context.offer(self.context.backend.add_to_setting("executables", paths))

    def do_install(self, rest: str) -> None:
        """``install ARCHIVE [PREFIX]``: what it takes, a question, and the build."""
        must_change(self.context)
        service, builds = self.context.backend.python_builds, self.context.backend.builds
        archive, _, prefix = rest.partition(" ")
        archive = archive or self.context.ask("Path of Python-3.x.y.tgz or .tar.xz:")
        if not archive or service is None or builds is None:
            return
        place = Path(prefix.strip()).expanduser() if prefix.strip() else None
        if place is not None and not place.is_absolute():
            raise StewardError("the prefix must begin with /")
        recipe = service.recipe(Path(archive).expanduser().absolute(), place)
        self.context.say(f"Python {recipe.source.version}, into {recipe.prefix}.")
        self.context.say(f"Configured with {' '.join(recipe.options)}.")
        for sentence in recipe.missing:
            self.context.say(f"Missing: {sentence}")
        if self.context.agrees("Build it?"):
            build = service.build(recipe.source.path, PythonOptions(recipe.prefix))
            watch(self.context, builds, build)
            self.context.say("adopt adds it to the settings.")

    def do_adopt(self, _rest: str) -> None:
        """Add the newest Python that was built here to the settings."""
        must_change(self.context)
        service = self.context.backend.python_builds
        built = service.unadopted(self.context.session.installations) if service else ()
        python = built[0].python if built else None
        if python is None:
            raise StewardError("no Python was built here that the settings lack")
        self.context.offer(self.context.backend.add_to_setting("executables", [python.executable]))

    def do_log(self, _rest: str) -> None:
        for line in self.context.session.log:
            self.context.say(line)
