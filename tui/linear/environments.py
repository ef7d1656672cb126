"""Environments in lines: what they hold, who uses them, how much room they take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core import environments as room
from ...core.errors import StewardError
from ..terminal.build_strip import size_text
from .page import LinearRow, Page, PageContext, must_change

if TYPE_CHECKING:
    from ...core.environments import Environment, Usage
    from ...core.services import EnvironmentService, Verified

_MOST_DEFECTS = 50


class EnvironmentsPage(Page):
    name = "environments"
    title = "Environments"
    empty = "There are no environments yet; they come with the first deploy."

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._known: tuple[Environment, ...] = ()
        self._usage: Usage | None = None
        self._verified: dict[str, Verified] = {}

    @property
    def _service(self) -> EnvironmentService:
        service = self.context.backend.environments
        if service is None:
            raise StewardError(self.context.backend.why_read_only or "there are no environments")
        return service

    def rows(self) -> Sequence[LinearRow]:
        if self.context.backend.environments is None:
            return ()
        before, self._known = self._known, self._service.list()
        if self._usage is None or before != self._known:
            self._usage = self._service.sizes(self._known)
        return [self._row(each) for each in self._known]

    def show(self) -> None:
        super().show()
        if self._usage is not None and self._known:
            self.context.say(f"All together {size_text(self._usage.total)}, shared files once.")

    def _row(self, each: Environment) -> LinearRow:
        size, count = self._size(each), len(each.marker.packages) if each.marker else 0
        words = (
            f"{_users(each)}, {size_text(size)}, Python {each.python}, {count} packages, "
            f"{self._state(each)}, last used {each.last_used or 'not known'}, {each.identity}"
        )
        return LinearRow(
            each.identity,
            words,
            {
                "used": _users(each),
                "size": size,
                "python": each.python,
                "packages": count,
                "state": self._state(each),
                "last": each.last_used or "",
            },
        )

    def _size(self, each: Environment) -> int:
        return self._usage.sizes.get(each.path, 0) if self._usage is not None else 0

    def _state(self, each: Environment) -> str:
        verified = self._verified.get(each.identity)
        if verified is None or each.state != "complete":
            return each.state
        return "damaged" if verified.defects else "verified"

    def detail(self, key: str) -> Sequence[str]:
        each, marker = self._found(key), self._found(key).marker
        lines = [f"{self._row(each).words}."]
        if each.executable is not None:
            lines.append(f"Made for {each.executable}.")
        if each.previous_of:
            lines.append(f"Rollback returns {', '.join(each.previous_of)} to it.")
        lines.append(f"Created {each.created or 'not known'} by {each.installer}, in {each.path}.")
        verified = self._verified.get(key)
        defects = verified.defects if verified is not None else ()
        lines += [f"Defect: {defect.message}." for defect in defects[:_MOST_DEFECTS]]
        if len(defects) > _MOST_DEFECTS:
            lines.append(f"And {len(defects) - _MOST_DEFECTS} more.")
        if marker is not None:
            lines += [f"Warning: {complaint}" for complaint in marker.complaints]
            lines += [f"{name} {version}" for name, version in marker.packages]
        return lines

    def _found(self, key: str) -> Environment:
        each = next((each for each in self._known if each.identity == key), None)
        if each is None:
            raise StewardError(f"there is no environment {key!r}")
        return each

    def open_with(self, argument: str) -> None:
        self.rows()
        super().open_with(argument)

    def do_verify(self, rest: str) -> None:
        """``verify [NUMBER...]``: without numbers the marked ones, else the selected one."""
        self._verify([self._found(key) for key in self.chosen("environment", rest)])

    def do_verify_all(self, _rest: str) -> None:
        self.rows()
        self._verify(self._known)

    def _verify(self, chosen: Sequence[Environment]) -> None:
        damaged = 0
        for each in self._service.verify(chosen):
            self._verified[each.environment.identity] = each
            damaged += bool(each.defects)
            self.context.say(f"{_users(each.environment)}: {self._state(each.environment)}.")
            for defect in each.defects[:_MOST_DEFECTS]:
                self.context.say(f"Defect: {defect.message}.")
        self.context.say(f"{_many(len(chosen))} verified, {damaged} damaged.")

    def do_rebuild(self, rest: str) -> None:
        must_change(self.context)
        chosen = [self._found(key) for key in self.chosen("environment", rest)]
        names = [name for each in chosen for name in each.used_by]
        if not names:
            raise StewardError("no content uses it; prune removes what is not needed")
        if not self.context.agrees(f"Rebuild {', '.join(names)}?"):
            return
        for started in self._service.rebuild(chosen):
            if started.problem is not None:
                self.context.say(f"{started.content}: {started.problem}")
            elif started.build is not None:
                self.context.say(f"{started.content}: build {started.build.id} has begun.")
        self.context.say("The page builds shows them.")

    def do_prune(self, _rest: str) -> None:
        must_change(self.context)
        plan, _ = self._service.prune_plan(room.Criteria(unused=True, python_gone=True))
        if not plan.removals:
            self.context.say("Nothing to prune: all environments are needed.")
            return
        freed = self._service.sizes([each.environment for each in plan.removals]).freed
        for word, removals in (("Removed would be", plan.removals), ("Kept would be", plan.kept)):
            for each in removals:
                self.context.say(
                    f"{word} {each.environment.identity}, Python {each.environment.python}: "
                    f"{each.reason}"
                )
        if self.context.agrees(f"Remove {_many(len(plan.removals))} and free {size_text(freed)}?"):
            gone = 0
            for removed in self._service.remove(plan.removals):
                gone += removed.refused is None
                if removed.refused is not None:
                    self.context.say(f"{removed.environment.identity}: {removed.refused}")
            self.context.say(f"{_many(gone)} removed.")

    def do_compare(self, rest: str) -> None:
        """``compare NUMBER``: the selected one with that; without a number the marked one with
        the selected one."""
        keys = [self.wanted("environment"), *self.numbered(rest)] if rest else self._marked_pair()
        if len(set(keys)) != 2:
            raise StewardError("compare takes the number of another environment")
        before, after = map(self._found, keys)
        self.context.say(f"From {_users(before)}, Python {before.python}.")
        self.context.say(f"To {_users(after)}, Python {after.python}.")
        changes = room.compare_packages(before, after)
        for change in changes:
            if change.before is None:
                self.context.say(f"Added: {change.name} {change.after}")
            elif change.after is None:
                self.context.say(f"Removed: {change.name} {change.before}")
            else:
                self.context.say(f"Changed: {change.name} from {change.before} to {change.after}")
        if not changes:
            self.context.say("Their packages are the same.")

    def _marked_pair(self) -> list[str]:
        return [*self.marked[:1], self.wanted("environment")]

    def do_content(self, _rest: str) -> None:
        each = self._found(self.wanted("environment"))
        if not each.used_by:
            raise StewardError("no content uses it")
        self.context.open_page("content", each.used_by[0])


def _users(each: Environment) -> str:
    if each.used_by:
        return ", ".join(each.used_by)
    if each.previous_of:
        return f"rollback of {', '.join(each.previous_of)}"
    return "no content"


def _many(count: int) -> str:
    return f"{count} environment{'s' * (count != 1)}"
