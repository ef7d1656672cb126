"""What a reader does with a log: every action of the registry, by its key."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from pysteward.tui.app.log.actions import LOG_ACTIONS
from pysteward.tui.app.log.navigation import LogPhase
from tests.app_log.stage import Stage
from tests.support.waiting import until

LINES = 3000


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Numbered lines; 250, 750 … 2750 are errors, the line after each a warning."""
    path = tmp_path / "log.txt"
    kinds = {250: "ERROR: {}", 251: "WARNING: {}"}
    lines = (kinds.get(n % 500, "line {}").format(f"{n:05d}") for n in range(1, LINES + 1))
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


async def opened(app: Stage, pilot: object) -> None:
    await until(lambda: app.panel.is_ready and app.panel.log_shown.marks.caught_up)
    await pilot.pause()


async def test_a_log_opens_at_its_end(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        assert app.lines[-1] == "  line 03000"
        assert "line 3,000 of 3,000" in app.status


async def test_a_failed_build_opens_at_its_first_error(log: Path) -> None:
    async with Stage(log, at_error=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await until(lambda: "E ERROR: 00250" in app.lines)
        assert "line 250 of 3,000" in app.status


async def test_a_diagnosed_build_opens_at_the_evidence_which_is_marked(log: Path) -> None:
    async with Stage(log, at_error=True, evidence=[77, 78]).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        assert {"> line 00077", "> line 00078"} <= set(app.lines)
        app.panel.mark([2000])
        await pilot.pause()
        assert "> line 02000" in app.lines


async def test_it_follows_lets_go_and_takes_hold_again(log: Path) -> None:
    async with Stage(log, live=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        append(log, "newer 1")
        await until(lambda: app.lines[-1] == "  newer 1")
        await pilot.press("up", "up")
        append(log, "newer 2", "newer 3")
        await until(lambda: "+2 new lines" in app.status)
        assert "  newer 3" not in app.lines
        await pilot.press("F")
        assert app.lines[-1] == "  newer 3"
        append(log, "newer 4")
        await until(lambda: app.lines[-1] == "  newer 4")
        await pilot.press("pageup", "pagedown")
        append(log, "newer 5")
        await until(lambda: app.lines[-1] == "  newer 5")


async def test_whoever_looks_at_a_line_keeps_it_also_among_the_last(log: Path) -> None:
    async with Stage(log, live=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        for number, goes_there in enumerate(("E", "v", "click"), 1):
            append(log, "ERROR: look")
            await until(lambda: app.lines[-1] == "E ERROR: look")
            await until(lambda: app.panel.log_shown.marks.caught_up)
            if goes_there == "click":
                await pilot.click("LogView", offset=(5, 20))
            else:
                await pilot.press(goes_there)
            seen = app.lines
            append(log, *(f"newer {n}" for n in range(30)))
            await until(lambda: "+30 new lines" in app.status)
            assert app.lines == seen, goes_there
            await pilot.press("escape", "F")
            assert app.panel.view.following, number


async def test_a_line_that_was_gone_to_stays_when_what_stands_above_grows(log: Path) -> None:
    async with Stage(log, at_error=True, evidence=[2985]).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        assert "> line 02985" in app.lines
        await pilot.resize_terminal(80, 12)
        assert "> line 02985" in app.lines


async def test_the_status_says_where_one_is(log: Path) -> None:
    async with Stage(log, at_error=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        assert "line 250 of 3,000" in app.status
        await pilot.press("g")
        assert f"line {len(app.lines)} of 3,000" in app.status
        await pilot.press("v", "j", "y")
        assert app.copied == "line 00001\nline 00002"


async def test_a_line_that_is_not_finished_is_shown_as_far_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("one\ntw")
    async with Stage(path, live=True).run_test(size=(40, 10)) as pilot:
        app = pilot.app
        await until(lambda: "  tw" in app.lines)
        with open(path, "a") as file:
            file.write("o\nthree")
        await until(lambda: "  three" in app.lines)
        assert "  two" in app.lines
        assert "  tw" not in app.lines


async def test_moving(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        height = app.panel.view.size.height
        await pilot.press("g")
        assert app.lines[0] == "  line 00001"
        await pilot.press("j", "down")
        assert app.lines[0] == "  line 00003"
        await pilot.press("pagedown")
        assert app.lines[0] == f"  line {3 + height - 1:05d}"
        await pilot.press("pageup", "k")
        assert app.lines[0] == "  line 00002"
        await pilot.press("end")
        assert app.lines[-1] == "  line 03000"
        await pilot.press("home")
        assert app.lines[0] == "  line 00001"


async def test_the_mouse_wheel_the_bar_and_the_scroll_bar(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot._post_mouse_events([events.MouseScrollUp], "LogView", offset=(5, 5))
        assert app.lines[-1] == "  line 02997"
        await pilot.click("MarkBar", offset=(0, 0))
        assert app.lines[0].startswith("  line 000")
        app.panel.view.scroll_to(y=1500, animate=False)
        await pilot.pause()
        assert app.lines[0] == "  line 01501"


async def test_search_goes_to_the_next_match_and_around(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("g", "slash", *"123")
        await until(lambda: "line 123 of" in app.status)
        await pilot.press("enter", "n")
        await until(lambda: "line 1,123 of" in app.status)
        await pilot.press("N", "N")
        await until(lambda: "line 2,123 of" in app.status)
        assert "from the end again" in app.status
        assert "/123: 13 matching lines" in app.status
        row = next(y for y, line in enumerate(app.lines) if "02123" in line)
        strip = app.panel.view.render_line(row)
        assert [part.text for part in strip if part.style and part.style.reverse] == ["123"]


async def test_the_prompt_takes_one_line(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        height = app.panel.view.size.height
        await pilot.press("slash", *"123")
        await until(lambda: app.panel.view.size.height == height - 1)
        await pilot.press("enter")
        await until(lambda: app.panel.view.size.height == height)


async def test_a_search_called_off_leaves_everything_as_it_was(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("g", "j", "slash", *"2345")
        await until(lambda: any("02345" in line for line in app.lines))
        await pilot.press("escape")
        assert app.lines[0] == "  line 00002"
        assert "/" not in app.status
        assert app.panel.view.has_focus


async def test_only_matches(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("slash", *"99", "enter")
        await until(lambda: "matching" in app.status)
        await pilot.press("ampersand", "g")
        assert app.lines[0] == "  line 00099"
        assert app.lines[1] == "  line 00199"
        assert "only matches" in app.status
        await pilot.press("escape")
        assert "only" not in app.status


async def test_only_errors_and_warnings_near_where_one_was(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("o")
        shown = [line for line in app.lines if line]
        assert len(shown) == 12
        assert all(line.startswith(("E ERROR", "W WARNING")) for line in shown)
        await pilot.press("o")
        assert app.lines[-1] == "  line 03000"


async def test_next_and_previous_error(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("g", "e")
        assert "line 250 of" in app.status
        await pilot.press("e")
        assert "line 750 of" in app.status
        await pilot.press("E", "E")
        assert "line 2,750 of 3,000 | from the end again |" in app.status
        await pilot.press("E")
        assert "again" not in app.status
        assert not app.said


async def test_in_a_log_without_errors_the_keys_go_to_warnings(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("a\nb\nWARNING: c\nd\n")
    async with Stage(path).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("e")
        assert "line 3 of 4" in app.status


async def test_phases(log: Path) -> None:
    text = log.read_bytes()
    phases = [
        LogPhase("resolve", text.index(b"line 00010")),
        LogPhase("build", text.index(b"line 02000")),
    ]
    phases[1] = LogPhase("build", text.index(b"line 01999"))
    async with Stage(log, phases=phases).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("g", "p")
        assert "line 10 of 3,000 | phase resolve |" in app.status
        await pilot.press("p")
        assert "line 1,999 of 3,000 | phase build |" in app.status
        await pilot.press("p")
        assert "this is the last phase" in app.status
        await pilot.press("P")
        assert "line 10 of 3,000 | phase resolve |" in app.status
        await pilot.press("j", "j")
        assert "phase" not in app.status
        assert not app.said


async def test_wrap_shows_long_lines_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    long = "".join(f"{n:04d}." for n in range(100))
    path.write_text(f"first\n{long}\nlast\n")
    async with Stage(path).run_test(size=(42, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("w")
        shown = [line for line in app.lines if line]
        assert "".join(line[2:] for line in shown) == f"first{long}last"
        assert sum(line.startswith("~ ") for line in shown) == len(shown) - 3
        await pilot.press("w", "dollar_sign")
        assert any(line.endswith("0099.") for line in app.lines)
        await pilot.press("0")
        assert any(line.startswith("  0000.") for line in app.lines)


async def test_a_wrapped_log_is_moved_in_by_screen_lines(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("".join(f"{n:03d}{'x' * 100}\n" for n in range(50)))
    async with Stage(path).run_test(size=(42, 14)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("w")
        assert app.lines[-1].startswith("~ x")
        await pilot.press("up")
        await pilot.press("down")
        assert app.panel.view.following
        await pilot.press("g", "down")
        assert app.lines[0] == "~ " + "x" * (app.panel.view._text_width)
        await pilot.press("down", "down")
        assert app.lines[0].startswith("  001x")


async def test_numbers(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("number_sign")
        assert app.lines[-1] == "3,000   line 03000"


async def test_lines_are_selected_with_keys_and_copied(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("y")
        assert app.said[-1].startswith("Not possible: no line is selected")
        await pilot.press("g", "v", "j", "j")
        assert "3 selected" in app.status
        await pilot.press("y")
        assert app.copied == "line 00001\nline 00002\nline 00003"
        assert "selected" not in app.status


async def test_a_selection_goes_on_where_the_mouse_leaves_the_log(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("g")
        height = len(app.lines)
        await pilot.mouse_down("LogView", offset=(5, 1))
        for column in (5, 6, 5):
            await pilot.hover("LogStatus", offset=(column, 0))
        await pilot.mouse_up("LogStatus", offset=(5, 0))
        # Each move goes a line further, that in which it is let go too.
        assert f"{height + 3} selected" in app.status
        assert app.lines[0] == "  line 00005"


async def test_lines_are_selected_with_the_mouse(log: Path) -> None:
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("g")
        await pilot.mouse_down("LogView", offset=(5, 1))
        await pilot.hover("LogView", offset=(5, 3))
        await pilot.mouse_up("LogView", offset=(5, 3))
        await pilot.press("y")
        assert app.copied == "line 00002\nline 00003\nline 00004"
        await pilot.click("LogView", offset=(5, 0))
        await pilot.press("y")
        assert app.copied.count("\n") == 0


async def test_the_log_is_saved_and_no_file_is_overwritten(log: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    async with Stage(log).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        for _ in range(2):
            await pilot.press("s")
            app.focused.value = str(copy)
            await pilot.press("enter")
        await until(lambda: len(app.said) == 2)
        assert copy.read_bytes() == log.read_bytes()
        assert "choose another name" in app.said[-1]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.txt", "log.txt"]


async def test_selected_lines_are_saved_as_they_are(tmp_path: Path) -> None:
    path, copy = tmp_path / "log", tmp_path / "copy"
    path.write_bytes(b"one\r\n\xff\x1b[31mtwo\nthree\n")
    async with Stage(path).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        await pilot.press("v", "j", "s")
        app.focused.value = str(copy)
        await pilot.press("enter")
        await until(lambda: app.said)
        assert copy.read_bytes() == b"one\r\n\xff\x1b[31mtwo\n"


async def test_every_action_says_why_it_is_not_possible(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("plain\n")
    async with Stage(path).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        impossible = {action.name for action in LOG_ACTIONS if action.why_not(app)}
        assert impossible == {
            "next_match", "previous_match", "only_matches", "next_problem", "previous_problem",
            "only_problems", "next_phase", "previous_phase", "copy", "reopen", "follow",
            "times",
        }  # fmt: skip


async def test_a_file_that_is_cut_short_is_read_again(log: Path) -> None:
    async with Stage(log, live=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        os.truncate(log, 24)
        await until(lambda: "cut short" in notice(app))
        await until(lambda: "line 2 of 3" in app.status or "line 3 of 3" in app.status)


async def test_a_file_that_is_replaced_is_read_when_asked(log: Path, tmp_path: Path) -> None:
    async with Stage(log, live=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        other = tmp_path / "other"
        other.write_text("another\n")
        other.replace(log)
        await until(lambda: "replaced" in notice(app))
        await pilot.press("R")
        await until(lambda: "  another" in app.lines)
        assert not notice(app)


async def test_a_file_that_is_removed_can_still_be_read(log: Path) -> None:
    async with Stage(log, live=True).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        log.unlink()
        await until(lambda: "removed" in notice(app))
        await pilot.press("g")
        assert app.lines[0] == "  line 00001"
        await pilot.press("R")
        assert "cannot be read again" in notice(app)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: None])
def test_what_is_no_log_is_refused(tmp_path: Path, make: Callable[[Path], object]) -> None:
    from pysteward.core.errors import StateError
    from pysteward.tui.app.log.file import LogFile

    make(tmp_path / "log")
    with pytest.raises(StateError):
        LogFile(tmp_path / "log")


@pytest.mark.parametrize("content", [b"", b"\n", b"\n\n\n", b"x"])
async def test_small_logs(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    async with Stage(path).run_test(size=(40, 10)) as pilot:
        app = pilot.app
        await opened(app, pilot)
        for action in LOG_ACTIONS:
            if action.name not in ("save", "search"):
                await pilot.press(action.keys[0])
        await pilot.press("G", "g", "pagedown", "pageup", "down", "up", "shift+down")


def append(path: Path, *lines: str) -> None:
    with open(path, "a") as file:
        file.write("".join(f"{line}\n" for line in lines))


def notice(app: Stage) -> str:
    from textual.widgets import Static

    widget = app.panel.query_one(".notice", Static)
    return str(widget.visual) if widget.display else ""
