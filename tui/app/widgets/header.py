"""The line at the top: where one is, under which settings, and how many installations work."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from ..app_api import app_of


class Header(Widget):
    """Host, user, settings file, policy, usable installations; the path gives way first."""

    def render(self) -> Content:
        session, display = app_of(self).session, app_of(self).terminal_display
        width = self.size.width
        total = len(session.installations)
        where = f"{display.line(session.user, 32)}@{display.line(session.host, 48)}"
        if session.analysing:
            count = f"{session.usable}/{total} usable, analysing{display.more}"
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
        name = Content.styled(" pysteward ", "bold $primary")
        left = Content.assemble(name, f" {where}", "  ")
        if left.cell_length + right.cell_length > width:
            left = name
        room = width - left.cell_length - right.cell_length - 2
        settings = display.shorten(session.settings_label, max(room, 0)) if room > 7 else ""
        middle = Content.styled(settings, "$muted")
        gap = width - left.cell_length - middle.cell_length - right.cell_length
        return Content.assemble(left, middle, " " * max(gap, 1), right)
