"""Settings in lines: values, changes after their difference, undo and backups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.errors import StewardError
from ...core.settings import SETTINGS, Kind, Setting, origin_of, values_of
from .page import LinearRow, Page


class SettingsPage(Page):
    name = "settings"
    title = "Settings"

    def rows(self) -> Sequence[LinearRow]:
        settings = self.context.session.settings
        if settings is None:
            return ()
        return [
            LinearRow(
                setting.field,
                f"{setting.toml}: {', '.join(values_of(settings, setting)) or 'not set'}, "
                f"from {origin_of(settings, setting)}",
                {"setting": setting.toml, "origin": origin_of(settings, setting)},
            )
            for setting in SETTINGS
        ]

    def detail(self, key: str) -> Sequence[str]:
        settings, setting = self.context.session.settings, self._setting(key)
        values = values_of(settings, setting) if settings is not None else []
        choices = ", ".join(setting.choices) or setting.kind.value
        lines = [f"{setting.toml}. {setting.meaning}", f"It can be {choices}."]
        lines += [f"Value {number}: {value}." for number, value in enumerate(values, 1)]
        reason = self.context.backend.why_no_edit()
        return [*lines, f"It cannot be changed: {reason}."] if reason is not None else lines

    def _setting(self, key: str) -> Setting:
        return next(setting for setting in SETTINGS if setting.field == key)

    def _editable(self) -> str:
        reason = self.context.backend.why_no_edit()
        if reason is not None:
            raise StewardError(reason)
        return self.wanted("setting")

    def do_edit(self, rest: str) -> None:
        name = self._editable()
        self.context.offer(self.context.backend.set_setting(name, rest))

    def do_add(self, rest: str) -> None:
        name = self._editable()
        self.context.offer(self.context.backend.add_to_setting(name, [rest]))

    def do_remove(self, rest: str) -> None:
        """``remove ITEM``; without an item the setting gets its default."""
        name = self._editable()
        self.context.offer(self.context.backend.remove_from_setting(name, rest or None))

    def _move(self, rest: str, by: int) -> None:
        """Move an item of a list; rest: its number."""
        name, settings = self._editable(), self.context.session.settings
        setting = self._setting(name)
        if setting.kind is not Kind.LIST or settings is None:
            raise StewardError("it is not a list")
        values = list(values_of(settings, setting))
        number = int(rest) if rest.isdigit() else 0
        if not 1 <= number <= len(values):
            raise StewardError("the number of an item is needed")
        if not 1 <= number + by <= len(values):
            raise StewardError("it is the first item" if by < 0 else "it is the last item")
        values.insert(number - 1 + by, values.pop(number - 1))
        self.context.offer(self.context.backend.set_setting(name, values))

    def do_move_up(self, rest: str) -> None:
        self._move(rest, -1)

    def do_move_down(self, rest: str) -> None:
        self._move(rest, 1)

    def do_undo(self, _rest: str) -> None:
        if not self.context.edits:
            raise StewardError("nothing was changed here since the start")
        last = self.context.edits[-1]
        before = len(self.context.edits)
        self.context.offer(replace(last, before=last.after, after=last.before))
        if len(self.context.edits) > before:
            del self.context.edits[-2:]

    def do_backups(self, _rest: str) -> None:
        found = self.context.backend.backups()
        for number, each in enumerate(found, 1):
            self.context.say(f"{number}. {each.written}, {each.size} bytes, {each.path.name}")
        number = self.context.choose("Number to restore, or nothing:", len(found))
        if number is not None:
            self.context.offer(self.context.backend.restore(found[number - 1].path))
