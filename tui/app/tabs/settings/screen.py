"""The Settings tab: each setting with value, origin and meaning, and changes to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, on
from textual.content import Content

from .....core.errors import SettingsError
from .....core.settings import SETTINGS, Kind, Setting, values_of
from ...app_api import app_of
from ...background import call
from ...dialogs.choice import Choice
from ...dialogs.prompt import Prompt
from ...dialogs.settings_diff import offer
from ...screens.list_screen import ListScreen
from ...widgets.paragraphs import Paragraph, Paragraphs
from ...widgets.path_field import PathField
from ...widgets.table import Table
from .actions import SETTINGS_ACTIONS
from .table import COLUMNS, detail_of, rows_of

if TYPE_CHECKING:
    from .....core.settings import Edit

_MANY = (Kind.LIST, Kind.TABLE)
_ACCOUNTS = ("run_as", "state_group")
_BY_FIELD = {setting.field: setting for setting in SETTINGS}


class SettingsScreen(ListScreen):
    """The list and, beside or below it, what the selected setting means."""

    scope = "settings"
    actions = SETTINGS_ACTIONS
    columns = COLUMNS
    list_title = "Settings"
    filter_example = "from:default"
    nothing_found = "No setting matches the filter."

    def __init__(self) -> None:
        super().__init__()
        self._item = 0
        self._shows_all = False

    @property
    def nothing(self) -> str:
        return "There are no settings."

    def on_mount(self) -> None:
        self.session_changed()
        self.query_one(Table).focus()

    def session_changed(self) -> None:
        super().session_changed()
        self.show_list()

    @property
    def setting(self) -> Setting | None:
        """The selected one."""
        key = self.query_one(Table).key
        return _BY_FIELD[key] if key is not None else None

    @property
    def _values(self) -> list[str]:
        settings, setting = app_of(self).session.settings, self.setting
        return values_of(settings, setting) if settings and setting else []

    def show_list(self) -> None:
        settings, display = app_of(self).session.settings, app_of(self).terminal_display
        self.fill(rows_of(settings, display) if settings is not None else [])
        self._show_detail()

    def _show_detail(self) -> None:
        settings, setting, display = (
            app_of(self).session.settings,
            self.setting,
            app_of(self).terminal_display,
        )
        lines: list[Paragraph] = []
        if settings is not None and setting is not None:
            self._item = min(self._item, max(len(self._values) - 1, 0))
            lines = detail_of(settings, setting, self._item, display, shows_all=self._shows_all)
            file = (
                display.line(str(settings.file))
                if settings.file
                else "none; all settings are defaults"
            )
            lines += [
                Paragraph(),
                Paragraph(Content.assemble(("File         ", "$muted"), file), hang=13),
            ]
            reason = app_of(self).source.why_no_edit()
            if reason is not None and settings.file is not None:
                lines.append(
                    Paragraph(
                        Content.styled(
                            f"{display.doubtful} It cannot be changed: {display.line(reason)}",
                            "$text-warning",
                        ),
                        hang=2,
                    )
                )
        self.query_one(Paragraphs).show(lines, keep_place=True)
        self.actions_changed()

    @on(Table.Moved)
    def _moved(self) -> None:
        self._item = 0
        self._show_detail()
        self.query_one(Paragraphs).scroll_home(animate=False)

    @on(Table.Chosen)
    def _chosen(self) -> None:
        app_of(self).act("settings.add" if self._is_many else "settings.edit")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The detail shows all items while it has the focus; a page is cheaper to paint."""
        shows_all = isinstance(event.widget, Paragraphs)
        if shows_all is not self._shows_all:
            self._shows_all = shows_all
            self._show_detail()
            self.query_one(Paragraphs).show_tag(str(self._item))

    @on(Paragraphs.Clicked)
    def _clicked(self, event: Paragraphs.Clicked) -> None:
        self._item = int(event.tag)
        self._show_detail()

    # What is possible

    @property
    def _is_many(self) -> bool:
        return self.setting is not None and self.setting.kind in _MANY

    def _why_no_change(self) -> str | None:
        settings, setting = app_of(self).session.settings, self.setting
        if settings is None or setting is None:
            return "no setting is selected"
        if settings.format == "gcfg" and setting.in_gcfg is None:
            return "a .gcfg file cannot hold it; use a pysteward.toml with settings-from"
        return app_of(self).source.why_no_edit()

    def why_no_edit(self) -> str | None:
        if self._is_many:
            return "it is a list; a adds an item, Del removes one"
        return self._why_no_change()

    def why_no_add(self) -> str | None:
        if self.setting is not None and not self._is_many:
            return "it has one value; e edits it"
        return self._why_no_change()

    def why_no_remove(self) -> str | None:
        settings, setting = app_of(self).session.settings, self.setting
        if settings and setting and settings.origins[setting.field].is_default:
            return "it is already the default"
        return self._why_no_change()

    def why_no_item(self) -> str | None:
        return None if len(self._values) > 1 else "it has no other item"

    # What is done

    def do_next_item(self) -> None:
        self._item = (self._item + 1) % len(self._values)
        self._show_detail()
        self.query_one(Paragraphs).show_tag(str(self._item))

    def do_edit(self) -> None:
        setting, source = self.setting, app_of(self).source
        if setting is None:
            return
        if setting.kind in (Kind.BOOL, Kind.CHOICE):
            self._choose(setting, setting.choices or ("true", "false"))
        elif setting.field in _ACCOUNTS:
            call(
                self,
                lambda: source.choices(setting.field),
                lambda names: self._choose(setting, names),
            )
        else:
            values = self._values
            self._ask(
                f"Set {setting.toml}",
                ", ".join(setting.choices) or setting.kind.value,
                values[0].removesuffix(" s") if values else "",
                lambda text: source.set_setting(setting.field, text.strip()),
            )

    def _choose(self, setting: Setting, names: Sequence[str]) -> None:
        """Offer the values that there are."""
        source, now = app_of(self).source, (self._values or [""])[0]
        default = setting.choices[0] if setting.choices else ""

        def chosen(name: str | None) -> None:
            if name is not None and name != now:
                self._offer(lambda: source.set_setting(setting.field, name))

        values = [(name, "the default" if name == default else "") for name in names]
        self.app.push_screen(Choice(f"Set {setting.toml}", values, now), chosen)

    def _why_not_moved(self, by: int) -> str | None:
        values = self._values
        if not self._is_many or self.setting is None or self.setting.kind is not Kind.LIST:
            return "it is not a list"
        if not 0 <= self._item + by < len(values):
            return "it is the first item" if by < 0 else "it is the last item"
        return self._why_no_change()

    def why_no_up(self) -> str | None:
        return self._why_not_moved(-1)

    def why_no_down(self) -> str | None:
        return self._why_not_moved(1)

    def why_no_undo(self) -> str | None:
        if not app_of(self).written_edits:
            return "nothing was changed here since the start"
        return app_of(self).source.why_no_edit()

    def why_no_backups(self) -> str | None:
        settings = app_of(self).session.settings
        if settings is None or settings.file is None:
            return "there is no settings file"
        return self.why_read_only()

    def do_move_up(self) -> None:
        self._move(-1)

    def do_move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        setting, source = self.setting, app_of(self).source
        if setting is None:
            return
        values, to = self._values, self._item + by
        values[self._item], values[to] = values[to], values[self._item]

        def moved() -> None:
            self._item = to

        self._offer(lambda: source.set_setting(setting.field, values), moved)

    def do_undo(self) -> None:
        """Offer the change that takes the last one back."""
        edits = app_of(self).written_edits
        last = edits[-1]

        def taken_back() -> None:
            # What was taken back and what took it back: nothing is left to undo of both.
            del edits[-2:]

        offer(self, replace(last, before=last.after, after=last.before), taken_back)

    def do_backups(self) -> None:
        from .backups_dialog import BackupsDialog

        def chosen(edit: Edit | None) -> None:
            if edit is not None:
                offer(self, edit)

        self.app.push_screen(BackupsDialog(), chosen)

    def do_add(self) -> None:
        setting = self.setting
        if setting is not None:
            example = "NAME=VALUE" if setting.kind is Kind.TABLE else "one more item"
            source = app_of(self).source
            self._ask(
                f"Add to {setting.toml}",
                example,
                "",
                lambda text: source.add_to_setting(setting.field, [text.strip()]),
            )

    def _ask(self, title: str, example: str, value: str, make: Callable[[str], Edit]) -> None:
        """Ask for a value, checked while it is typed as the settings check it."""
        is_python = self.setting is not None and self.setting.field == "executables"
        is_path = is_python or (self.setting is not None and self.setting.kind is Kind.PATH)

        def why_not(text: str) -> str | None:
            if is_python and not os.path.isabs(text.strip()):
                return "write the full path, from /"
            try:
                make(text)
            except SettingsError as error:
                return error.message
            return None

        def answered(text: str | None) -> None:
            if text is not None:
                self._offer(lambda: make(text))

        field = PathField(value, placeholder=example) if is_path else None
        self.app.push_screen(
            # A placeholder is hidden by a value.
            Prompt(
                title,
                example,
                value=value,
                why_not=why_not,
                field=field,
                hint=example if value else "",
            ),
            answered,
        )

    def do_remove(self) -> None:
        setting = self.setting
        if setting is None:
            return
        item: str | None = None
        if self._is_many:
            item = self._values[self._item]
            if setting.kind is Kind.TABLE:
                item = item.partition("=")[0]
        self._offer(lambda: app_of(self).source.remove_from_setting(setting.field, item))

    def _offer(self, make: Callable[[], Edit], then: Callable[[], object] | None = None) -> None:
        try:
            edit = make()
        except SettingsError as error:
            app_of(self).say(str(error), problem=True)
            return
        offer(self, edit, then)
