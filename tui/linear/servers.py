"""Other servers in lines: a sentence each as they answer, and what is known of one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...core.errors import StewardError
from ...core.times import age_of
from ..start import Source
from .page import LinearRow, Page, PageContext

if TYPE_CHECKING:
    from ...core.remotes.ssh import ServerFleet, ServerRow
    from ...core.services import ServerOverview
    from ..services.backend import Backend


class ServersPage(Page):
    """Says what servers answered the last time; ``ask`` asks them all."""

    name = "servers"
    title = "Servers"
    empty = "No server is configured: [servers.NAME] in pysteward.toml adds one."

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._known: dict[str, ServerRow] = {}

    @property
    def _fleet(self) -> ServerFleet:
        fleet = self.context.backend.servers
        if fleet is None:
            raise StewardError(self.context.backend.why_read_only or "there are no other servers")
        return fleet

    def rows(self) -> Sequence[LinearRow]:
        if not self._known:
            self._known = {row.server.name: row for row in self._fleet.remembered()}
        return [self._row(row) for row in self._known.values()]

    def _row(self, row: ServerRow) -> LinearRow:
        words = [row.server.name, _state(row), *_overview_words(row.overview)]
        columns: dict[str, str | float] = {"server": row.server.name, "state": _state(row)}
        if row.overview is not None:
            columns |= {"usable": row.overview.usable, "policy": row.overview.matching or ""}
        return LinearRow(row.server.name, ", ".join(words), columns)

    def detail(self, key: str) -> Sequence[str]:
        row = self._found(key)
        overview = row.overview
        lines = [f"{self._row(row).words}.", f"ssh {row.server.host}."]
        if row.problem is not None:
            lines.append(f"{row.problem.message}.")
        if overview is None:
            return lines
        if overview.version is None:
            lines.append("pysteward is not installed there: only its Pythons are known.")
        elif overview.user:
            place = overview.state_dir or "no state directory yet"
            lines.append(f"Answered by {overview.user}, {place}.")
            lines.append(f"Settings {overview.config or 'none'}.")
        lines += [f"Differs: {sentence}." for sentence in self._drift().get(key, ())]
        for python in overview.pythons:
            verdict = "usable" if python.usable else "unusable"
            problems = f", {', '.join(python.problems)}" if python.problems else ""
            lines.append(
                f"Python {python.version or 'unknown'}, {verdict}, {python.path}{problems}"
            )
        return lines

    def _found(self, key: str) -> ServerRow:
        self.rows()
        if key not in self._known:
            raise StewardError(f"there is no server {key!r}")
        return self._known[key]

    def _drift(self) -> dict[str, tuple[str, ...]]:
        from ...core.remotes.ssh import drift_of

        known = {name: row.overview for name, row in self._known.items()}
        return drift_of({name: each for name, each in known.items() if each is not None})

    def do_ask(self, _rest: str) -> None:
        """Ask all servers; a line for each as it answers."""
        count = len(self.rows())
        if not count:
            raise StewardError("no server is configured")
        self.context.say(f"Asking {count} servers. Ctrl-C stops.")
        for row in self._fleet.survey():
            self._known[row.server.name] = row
            self.context.say(f"{self._row(row).words}.")
        for name, sentences in self._drift().items():
            for sentence in sentences:
                self.context.say(f"{name} differs: {sentence}.")

    def do_open(self, _rest: str) -> None:
        """Open the server's own interface, in lines as well."""
        from ...core.remotes.ssh import interface_command
        from ..visit import visit

        server = self._found(self.wanted("server")).server
        visit(interface_command(server, linear=True), server.name)

    def do_installations(self, _rest: str) -> None:
        server, fleet = self._found(self.wanted("server")).server, self._fleet

        def backend() -> Backend:
            from ..app.ssh import SshBackend

            return SshBackend(server, fleet.here)

        self.context.open_source(Source(server.name, f"ssh {server.host}", backend))


def _state(row: ServerRow) -> str:
    age = "" if row.at is None or row.is_now else f", {age_of(time.time() - row.at)} old"
    if row.problem is not None:
        return f"no answer{age}"
    return "ok" if row.is_now else f"not asked{age}"


def _overview_words(overview: ServerOverview | None) -> list[str]:
    if overview is None:
        return []
    words = [
        f"{overview.usable} of {len(overview.pythons)} usable",
        f"{overview.past_end} past end of life",
        f"policy {overview.matching or 'unknown'}",
    ]
    if overview.content is not None:
        words.append(f"{overview.content} content items")
    if overview.running is not None:
        words.append(f"{overview.running} builds running, {overview.failed} failed")
    if overview.disk is not None:
        words.append(f"{overview.disk / 1_000_000:,.0f} MB")
    return [*words, f"pysteward {overview.version or 'not installed'}"]
