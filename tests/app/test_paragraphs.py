"""Paragraphs in few columns: what is broken where, and what is kept together."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Size

from pysteward.tui.app.widgets.paragraphs import Paragraph, Paragraphs
from pysteward.tui.terminal.display import Display

PATH = "/home/.pyenv/versions/3.10.13/bin/python"


class Page(App[None]):
    terminal_display = Display(unicode=True)

    def compose(self) -> ComposeResult:
        yield Paragraphs()


async def shown(width: int, *lines: Paragraph) -> list[str]:
    """What these paragraphs become."""
    app = Page()
    async with app.run_test(size=(width, 24)) as pilot:
        view = app.query_one(Paragraphs)
        view.show(lines)
        await pilot.pause()
        assert view.size == Size(width, 24)
        strips = [view.render_line(y) for y in range(24)]
        assert all(strip.cell_length == width for strip in strips)
        return "\n".join(strip.text.rstrip() for strip in strips).rstrip().split("\n")


async def test_a_path_is_broken_behind_a_slash() -> None:
    assert await shown(38, Paragraph(Content(f"{PATH} has no virtualenv."))) == [
        "/home/.pyenv/versions/3.10.13/bin/",
        "python has no virtualenv.",
    ]


async def test_a_path_behind_a_label_is_broken_behind_a_slash() -> None:
    line = Paragraph(Content.assemble(("Path         ", "bold"), PATH), hang=13)
    assert await shown(44, line) == [
        "Path         /home/.pyenv/versions/3.10.13/",
        "             bin/python",
    ]


async def test_what_has_no_slash_is_broken_where_the_line_is_full() -> None:
    assert await shown(10, Paragraph(Content("x" * 25))) == ["x" * 10, "x" * 10, "x" * 5]


@pytest.mark.parametrize("text", ["/" * 90, "a/" * 45, "漢/字" * 30, "   " + "y" * 50, "é" * 5_000])
async def test_every_text_is_shown_whole(text: str) -> None:
    for line in (Paragraph(Content(text)), Paragraph(Content(f"Label {text}"), indent=2, hang=6)):
        squeezed = "".join((await shown_whole(17, line)).split())
        assert squeezed == "".join(line.content.plain.split())


async def shown_whole(width: int, line: Paragraph) -> str:
    app = Page()
    async with app.run_test(size=(width, 24)) as pilot:
        view = app.query_one(Paragraphs)
        view.show([line])
        await pilot.pause()
        return "".join(strip.text for strip in view._strips)


async def test_no_break_spaces_keep_words_together() -> None:
    line = Paragraph(Content("one two a\u00a0b\u00a0c"))
    assert await shown(11, line) == ["one two", "a b c"]
