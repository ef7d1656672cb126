"""The line at the top: host, user, settings file, policy, usable installations."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from ...terminal.display import Display
from ..app_api import app_of
from ..background import is_working
from ..session import Session

_KIND_STYLES = {
    "Connect": "bold reverse $secondary",
    "Demo": "bold reverse $warning",
    "SSH": "bold reverse $success",
}
"""Of the badge that says which kind of server is shown; this server has none."""


class Header(Widget):
    """One line; the path of the settings file gives way first."""

    def render(self) -> Content:
        session, display = app_of(self).session, app_of(self).terminal_display
        width = self.size.width
        total = len(session.installations)
        where = f"{display.line(session.user, 32)}@{display.line(session.host, 48)}"
        if session.analyzing:
            count = f"{session.usable}/{total} usable, analyzing{display.more}"
        else:
            count = f"{session.usable}/{total} usable"
        all_good = session.usable == total and total > 0
        right = Content.assemble(
            ("policy ", "$muted"),
            session.policy,
            "  ",
            (count, "$text-success" if all_good else "$text-warning"),
            " ",
        )
        if is_working() and not session.analyzing:
            right = Content.assemble((f"working{display.more}  ", "bold $text-accent"), right)
        if session.running or session.failed:
            right = Content.assemble(*_work(session, display), right)
        shown = getattr(self.screen, "shown_server", None)
        if shown is not None:
            # Policy and installations are others than this server's.
            right = Content.styled(f"{shown} ", "$text-accent")
        name = Content.styled(" pysteward ", "bold $primary")
        if session.kind:
            name = Content.assemble(name, (f" {session.kind} ", _KIND_STYLES[session.kind]))
        left = Content.assemble(name, f" {where}", "  ")
        if left.cell_length + right.cell_length > width:
            left = name
        room = width - left.cell_length - right.cell_length - 2
        settings = display.shorten(session.settings_label, max(room, 0)) if room > 7 else ""
        middle = Content.styled(settings, "$muted")
        gap = width - left.cell_length - middle.cell_length - right.cell_length
        return Content.assemble(left, middle, " " * max(gap, 1), right)

    def on_click(self) -> None:
        """Go to the build that the counts are about."""
        if app_of(self).why_not("everywhere.running") is None:
            app_of(self).act("everywhere.running")


def _work(session: Session, display: Display) -> list[tuple[str, str]]:
    """Return what runs and what has failed, the counts with a sign and a word."""
    parts: list[tuple[str, str]] = []
    if session.running:
        parts.append((f"{display.chosen} {session.running} running  ", "bold $text-primary"))
    if session.failed:
        parts.append((f"{display.bad} {session.failed} failed  ", "bold $text-error"))
    return parts
