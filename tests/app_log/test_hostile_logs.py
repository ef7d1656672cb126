"""Whatever a log holds is shown inert and whole, and breaks no layout."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from pysteward.tui.terminal.display import Display
from tests.app_log.stage import Stage
from tests.support.terminal import terminal
from tests.support.waiting import until

HOSTILE = (
    b"plain\n"
    b"\x1b]0;EVIL\x07title\n"
    b"\x1b[2J\x1b[H\x1b[31mred\n"
    b"\xc2\x9b31m and \xc2\x9d0;EVIL\xc2\x9c\n"
    b"shift \x0e out \x0f in\n"
    b"bell \x07 back \x08 form \x0c feed\n"
    b"10%\r50%\r100%\n"
    + "right \u202e to left \u2066 isolate\n".encode()
    + "line \u2028 separator \u2029 and \x85 next\n".encode()
    + b"invalid \xff\xfe bytes \xc3\n"
    + "wide 日本語 and e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301 marks\n".encode()
    + "\ufe0f\u200d\U0001f468\u200d\U0001f469\n".encode()
    + b"requests[security]>=2.0 [/] [bold]x[/bold] [$x] [[tool.x]] C:\\[x]\n"
    b"\x00nul\ttab\n"
)

FORBIDDEN = [b"\x1b]0;", b"\x1b[2J\x1b[H\x1b[31m", b"\xc2\x9b", b"\xc2\x9d", b"\x0e", b"bell \x07",
             b"\x08", b"\x0c", b"\r50%", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xe2\x80\xa8",
             b"\xe2\x80\xa9", b"\xc2\x85", b"\xef\xb8\x8f", b"\xe2\x80\x8d", b"\x00"]  # fmt: skip

PROGRAM = (
    "import sys; from pathlib import Path; sys.path.insert(0, '.'); "
    "from tests.app_log.stage import Stage; Stage(Path(sys.argv[1])).run()"
)


@pytest.mark.terminal
@pytest.mark.parametrize("size", [(80, 24), (40, 30)])
def test_no_byte_of_a_log_reaches_the_terminal_as_a_command(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "log"
    path.write_bytes(HOSTILE)
    root = Path(__file__).parents[2]
    program = (sys.executable, "-c", PROGRAM)
    with terminal([str(path)], size=size, program=program, cwd=root) as shown:
        shown.wait_for("nul")
        for keys in ("w", "w", "#", "v", "j", "j", "/", "e", "\x1b", "g", "l", "l", "h"):
            shown.answer(keys)
        for data in FORBIDDEN:
            assert data not in shown.written, data
        assert b"requests[security]>=2.0 [/]" in shown.written
        assert b"\\x1b]0;EVIL\\x07title" in shown.written
        assert b"\\xff\\xfe bytes \\xc3" in shown.written


async def test_hostile_lines_are_one_row_each(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(HOSTILE)
    async with Stage(path).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await until(lambda: app.panel.is_ready)
        await pilot.pause()
        assert len([line for line in app.lines if line]) == HOSTILE.count(b"\n")
        assert "  requests[security]>=2.0 [/] [bold]x[/bold] [$x] [[tool.x]] C:\\[x]" in app.lines
        assert "  10%\\r50%\\r100%" in app.lines
        for y in range(app.panel.view.size.height):
            assert app.panel.view.render_line(y).cell_length == app.panel.view.size.width


async def test_without_unicode_a_log_is_ascii(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(HOSTILE)
    async with Stage(path, display=Display(unicode=False)).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await until(lambda: app.panel.is_ready)
        await pilot.pause()
        assert all(line.isascii() for line in app.lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        b"abcdefghij",
        pytest.param("日本語ü".encode(), marks=pytest.mark.full),
        pytest.param(b"\x1b[31m\xff", marks=pytest.mark.full),
        pytest.param(b"10%\r", marks=pytest.mark.full),
        pytest.param(b" ", marks=pytest.mark.full),
    ],
    ids=["plain", "wide", "hostile", "progress", "blank"],
)
async def test_a_line_of_ten_megabytes_is_whole_and_quick(tmp_path: Path, unit: bytes) -> None:
    path = tmp_path / "log"
    size = 10_000_000 // len(unit)
    path.write_bytes(b"before\n" + unit * size + b"THE_END\nafter\n")
    async with Stage(path).run_test(size=(120, 40)) as pilot:
        app = pilot.app
        await until(lambda: app.panel.is_ready)
        await pilot.pause()
        assert app.lines[-1] == "  after"
        slowest = 0.0
        for key in ("w", "pageup", "g", "pagedown", "w", "G", "dollar_sign", "0", "g", "l"):
            began = time.thread_time()
            await pilot.press(key)
            slowest = max(slowest, time.thread_time() - began)
        assert slowest < 2
        await pilot.press("w", "slash", *"THE_END", "enter")
        await until(lambda: any("THE" in line for line in app.lines))
        assert app.panel.log_shown.index.line(app.panel.log_shown.index.extent.rows - 1) == 3
