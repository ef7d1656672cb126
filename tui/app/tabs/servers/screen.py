"""The Servers tab: all servers that ssh leads to, a row each, filled in as they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on

from .....core.errors import StewardError
from ....start import Source, Visit
from ...app_api import app_of
from ...background import Stream, call, stream
from ...screens.list_screen import ListScreen
from ...widgets.paragraphs import Paragraphs
from ...widgets.table import Table
from .actions import SERVERS_ACTIONS
from .table import COLUMNS, detail_of, rows_of

if TYPE_CHECKING:
    from .....core.remotes.ssh import ServerFleet, ServerRow
    from ....services.backend import Backend


class ServersScreen(ListScreen):
    """Shows at once what servers answered the last time, and asks them all."""

    scope = "servers"
    actions = SERVERS_ACTIONS
    columns = COLUMNS
    list_title = "Servers"
    CSS_PATH = "style.tcss"
    nothing_found = "No server matches the filter."

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, ServerRow] = {}
        self._waiting: frozenset[str] = frozenset()
        self._drift: dict[str, tuple[str, ...]] = {}
        self._asking: Stream[ServerRow] | None = None
        self._is_listed = False

    @property
    def nothing(self) -> str:
        if self._fleet is None:
            return f"Nothing here: {self.why_read_only()}."
        if not self._is_listed:
            return "Reading which servers there are."
        return "No server is configured: [servers.NAME] in pysteward.toml adds one."

    @property
    def _fleet(self) -> ServerFleet | None:
        return app_of(self).source.servers

    @property
    def selected(self) -> ServerRow | None:
        return self._rows.get(self.query_one(Table).key or "")

    def on_mount(self) -> None:
        self.query_one(Table).focus()
        if self._fleet is not None:
            call(self, self._fleet.remembered, self._take_remembered, self._fail)

    def on_unmount(self) -> None:
        if self._asking is not None:
            self._asking.stop()

    # What is known

    def _take_remembered(self, rows: tuple[ServerRow, ...]) -> None:
        self._is_listed = True
        self._rows = {row.server.name: row for row in rows}
        self._compare()
        if rows:
            self.do_ask()
        self.show_list()

    def _take(self, rows: list[ServerRow]) -> None:
        self._rows.update({row.server.name: row for row in rows})
        self._waiting -= {row.server.name for row in rows}
        self._compare()
        self.show_list()

    def _compare(self) -> None:
        from .....core.remotes.ssh import drift_of

        known = {name: row.overview for name, row in self._rows.items()}
        self._drift = drift_of({name: each for name, each in known.items() if each is not None})

    def _end(self) -> None:
        self._asking, self._waiting = None, frozenset()
        self.show_list()

    def _fail(self, problem: StewardError) -> None:
        self._is_listed = True
        app_of(self).say(str(problem), problem=True)
        self._end()

    # What is shown

    def show_list(self) -> None:
        display = app_of(self).terminal_display
        rows = tuple(self._rows.values())
        self.fill(rows_of(rows, self._waiting, self._drift, display))
        self._show_detail()

    @on(Table.Moved)
    def _show_detail(self) -> None:
        row = self.selected
        differs = self._drift.get(row.server.name, ()) if row is not None else ()
        display = app_of(self).terminal_display
        self.query_one(Paragraphs).show(detail_of(row, differs, display) if row else ())
        self.actions_changed()

    @on(Table.Chosen)
    def _chosen(self) -> None:
        app_of(self).act("servers.open")

    # What is possible

    def why_no_server(self) -> str | None:
        return None if self.selected is not None else "no server is selected"

    def why_no_interface(self) -> str | None:
        row = self.selected
        if row is None:
            return "no server is selected"
        if row.overview is not None and row.overview.version is None:
            return "pysteward is not installed there"
        return None

    def why_no_question(self) -> str | None:
        if self._fleet is None:
            return self.why_read_only()
        if self._asking is not None:
            return "the servers are being asked"
        return None if self._rows else "no server is configured"

    # What is done

    def do_ask(self) -> None:
        fleet = self._fleet
        if fleet is None or self._asking is not None:
            return

        def rows(own: Stream[ServerRow]) -> Iterator[ServerRow]:
            for row in fleet.survey():
                own.check()
                yield row

        self._waiting = frozenset(self._rows)
        self._asking = stream(self, rows, self._take, self._end, failed=self._fail)
        self.show_list()

    def do_open(self) -> None:
        from .....core.remotes.ssh import interface_command

        row = self.selected
        if row is not None:
            command = interface_command(row.server)
            app_of(self).sources.visit(Visit(command, row.server.name, "servers"))

    def do_installations(self) -> None:
        row, fleet = self.selected, self._fleet
        if row is None or fleet is None:
            return
        server = row.server

        def backend() -> Backend:
            from ...ssh import SshBackend

            return SshBackend(server, fleet.here)

        app_of(self).sources.open(Source(server.name, f"ssh {server.host}", backend))
