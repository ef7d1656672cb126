"""The screen of installations: rows, detail, remedies, discovery, filter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pysteward.core.errors import StewardError
from pysteward.core.installations import (
    Analysis,
    DiscoveredPython,
    Installation,
    Problem,
    run_remedy,
)
from pysteward.core.server import Server
from pysteward.core.services import OnResult, Running
from pysteward.core.settings import Edit, add_value, load
from pysteward.core.versions import PythonVersion
from pysteward.tui.app.demo import INSTALLATIONS, DemoBackend
from pysteward.tui.app.session import Session
from pysteward.tui.app.tabs.installations.remedy_dialog import RunRemedy
from pysteward.tui.app.widgets.filter_bar import FilterBar
from pysteward.tui.app.widgets.paragraphs import Paragraphs
from pysteward.tui.app.widgets.table import Table
from pysteward.tui.services.backend import LocalBackend
from tests.app.conftest import MakeApp
from tests.support.interface import analyzed, is_shown, messages, rows, screen_text, text
from tests.support.pythons import real_pythons
from tests.support.waiting import until


class Talking:
    """A remedy that says two lines and ends with a status."""

    def __init__(self, status: int) -> None:
        self._end = status
        self.status: int | None = None

    def __iter__(self) -> Iterator[str]:
        yield "Collecting virtualenv"
        yield "evil \x1b]0;title\x07 [red]line[/red]"
        self.status = self._end

    def close(self) -> None:
        self.status = -9


class Workable(DemoBackend):
    """The demonstration's server, on which things can be done."""

    why_read_only = None

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(pause=0)
        self.file = file
        self.was_reread = False
        self.commands: list[tuple[str, ...]] = []
        self.fix_status = 0
        self.refusal: StewardError | None = None
        self.analyses: list[bool] = []

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        self.analyses.append(fresh)
        if self.file is not None and self.was_reread:
            return Analysis(self.reread().installations, ("read again",))
        return super().analyze(on_result, fresh=fresh)

    def run_remedy(self, command: tuple[str, ...]) -> Running:
        if self.refusal is not None:
            raise self.refusal
        self.commands.append(command)
        return Talking(self.fix_status)

    def discover(self) -> tuple[DiscoveredPython, ...]:
        version = PythonVersion(3, 10, 4)
        return (
            DiscoveredPython("/opt/python/3.9.18/bin/python3", version, "/opt/python", "/x", True),
            DiscoveredPython("/usr/bin/python3", version, "/usr", "/usr/bin/python3.10"),
            DiscoveredPython(
                "/home/ada/.pyenv/versions/3.10.4/bin/python3", version, "pyenv", "/y"
            ),
        )

    def examine(self, paths: Sequence[str], on_result: OnResult) -> Analysis:
        none = Problem("pip-missing", "pip is not installed.", None, "unusable")
        for path in paths:
            on_result(
                Installation(
                    path, path, version=PythonVersion(3, 10, 4), problems=(none,), verified=True
                )
            )
        return Analysis((), ())

    def reread(self) -> Session:
        opening = self.opening()
        if self.file is None:
            return opening
        self.was_reread = True
        given = [Installation(path) for path in load(self.file).executables]
        return replace(opening, installations=tuple(given))

    def add_to_setting(self, name: str, values: list[str]) -> Edit:
        assert self.file is not None
        return add_value(self.file, name, values)


async def test_one_row_for_each_with_all_that_matters(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        table = rows(pilot)
        assert len(table) == len(INSTALLATIONS)
        assert table[1].split() == ["✗", "unusable", "3.7.16", "/opt/python/3.7.16", "-", "-",
                                    "2023-06!", "-"]  # fmt: skip
        assert table[4].split()[:4] == ["!", "usable", "3.11.7", "/opt/python/3.11.7"]
        assert table[4].split()[-1] == "4"


async def test_before_its_analysis_an_installation_waits(make_app: MakeApp) -> None:
    class Slow(DemoBackend):
        def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
            on_result(INSTALLATIONS[0])
            return Analysis((INSTALLATIONS[0], *(
                replace(each, verified=False, problems=()) for each in INSTALLATIONS[1:]
            )), ("log",))  # fmt: skip

    app = make_app(Slow(pause=0))
    async with app.run_test() as pilot:
        await analyzed(pilot)
        verdicts = [row.split()[1] for row in rows(pilot)]
        assert verdicts == ["usable"] + ["waiting"] * 6


async def test_the_detail_follows_the_cursor(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j")
        shown = text(pilot)
        assert "Python 3.8.18" in shown
        assert "virtualenv-missing" in shown
        assert "/opt/python/3.8.18/bin/python3 -m pip install 'virtualenv<20.27'" in shown
        assert "Used by      4 content" in shown
        await pilot.press("up", "k")
        assert "Python 3.6.15" in text(pilot)


async def test_the_list_is_moved_through_as_in_vim(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await analyzed(pilot)
        table = app.screen.query_one(Table)
        for key, place in (("G", "6"), ("g", "0"), ("end", "6"), ("home", "0"), ("ctrl+f", "6")):
            await pilot.press(key)
            assert table.key == place, key


async def test_a_click_selects_a_row(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.click(Table, offset=(5, 4))
        assert app.screen.query_one(Table).key == "2"


async def test_detail_is_beside_the_list_when_wide_and_below_when_narrow(make_app: MakeApp) -> None:
    for size, is_beside in (((80, 24), False), ((120, 40), True), ((200, 60), True)):
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            table, detail = app.screen.query_one(Table), app.screen.query_one(Paragraphs)
            assert (detail.region.x > table.region.right - 1) is is_beside
            assert (detail.region.y > table.region.y + 2) is not is_beside


async def test_enter_goes_to_the_detail_and_esc_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("enter")
        assert isinstance(app.focused, Paragraphs)
        await pilot.press("escape")
        assert isinstance(app.focused, Table)


async def test_the_filter_keeps_rows_that_hold_every_word(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"unus 3.8")
        await until(lambda: len(rows(pilot)) == 1)
        assert "Python 3.8.18" in text(pilot)
        await pilot.press("enter")
        assert isinstance(app.focused, Table)
        await pilot.press("escape")
        await until(lambda: len(rows(pilot)) == 7)
        assert not app.screen.query_one(FilterBar).is_open


async def test_a_filter_that_nothing_holds_says_so(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"nonsense")
        await until(lambda: not rows(pilot))
        assert "No installation matches the filter" in screen_text(pilot.app)
        assert app.why_not("installations.copy_remedy") == "no installation is selected"


async def test_the_log_is_one_key_away(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("l")
        await pilot.pause()
        assert "/opt/python/3.7.16 (version 3.7.16) cannot be used" in text(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen.query(Table)


async def test_a_remedy_is_copied_as_it_can_be_run(
    make_app: MakeApp, monkeypatch: object, tmp_path: Path
) -> None:
    app = make_app()
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "y")
        await pilot.pause()
        assert app.clipboard == "/opt/python/3.8.18/bin/python3 -m pip install 'virtualenv<20.27'"
        assert "OSC 52" in messages(pilot)[-1]


async def test_the_next_problem_can_be_selected(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(notifications=True) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "n", "y")
        await pilot.pause()
        assert app.clipboard.startswith("Install a supported version")
        assert (
            app.why_not("installations.run_remedy") == "this remedy has to be run by hand; copy it"
        )


async def test_a_remedy_runs_after_a_question_and_is_looked_at_again(make_app: MakeApp) -> None:
    source = Workable()
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "x")
        await until(lambda: is_shown(app.screen, RunRemedy))
        assert "-m pip install" in text(pilot)
        assert source.commands == []
        await pilot.press("y")
        await until(lambda: "Collecting virtualenv" in text(pilot))
        await until(lambda: "It worked" in screen_text(pilot.app))
        assert "evil \\x1b]0;title\\x07 [red]line[/red]" in text(pilot)
        count = len(source.analyses)
        await pilot.press("enter")
        await until(lambda: len(source.analyses) == count + 1)


async def test_a_remedy_that_fails_says_so(make_app: MakeApp) -> None:
    source = Workable()
    source.fix_status = 1
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "x", "y")
        await until(lambda: "It failed" in screen_text(pilot.app))


async def test_a_remedy_that_is_stopped_says_so(make_app: MakeApp) -> None:
    class Endless(Workable):
        def run_remedy(self, command: tuple[str, ...]) -> Running:
            self.commands.append(command)
            return run_remedy(("/bin/sleep", "100"))

    source = Endless()
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "x", "enter")
        assert not source.commands, "only y is a yes"
        await pilot.press("y")
        await until(lambda: "It has started." in text(pilot))
        await until(lambda: bool(source.commands))
        await pilot.press("escape")
        await until(lambda: "It was stopped" in screen_text(pilot.app))
        assert text(pilot) == "It printed nothing."


async def test_a_remedy_that_is_refused_says_why(make_app: MakeApp) -> None:
    source = Workable()
    source.refusal = StewardError("others could replace it")
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("j", "j", "x", "y")
        await until(lambda: "others could replace it" in text(pilot))


async def test_a_question_answered_with_no_runs_nothing(make_app: MakeApp) -> None:
    source = Workable()
    app = make_app(source)
    async with app.run_test() as pilot:
        await analyzed(pilot)
        for key in ("escape", "n"):
            await pilot.press("j", "j", "x")
            await until(lambda: is_shown(app.screen, RunRemedy))
            await pilot.press(key)
            await until(lambda: not isinstance(app.screen, RunRemedy))
            await pilot.press("g")
        assert source.commands == []


async def test_analyse_again_runs_every_interpreter(make_app: MakeApp) -> None:
    source = Workable()
    app = make_app(source)
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("a")
        await until(lambda: source.analyses == [False, True])


async def test_pythons_are_discovered_and_added_after_their_diff(
    make_app: MakeApp, tmp_path: Path
) -> None:
    file = tmp_path / "steward.gcfg"
    file.write_text("[Python]\nEnabled = true ; yes\nExecutable = /opt/python/3.9.18\n")
    source = Workable(file)
    app = make_app(source)
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("d")
        await until(lambda: len(rows(pilot)) == 3)
        assert rows(pilot)[0].startswith("has ")
        await pilot.press("space", "j", "space")
        assert [row[:3] for row in rows(pilot)] == ["has", "[x]", "[ ]"]
        await pilot.press("enter")
        await until(lambda: "+Executable = /usr/bin/python3" in text(pilot))
        assert "usr/bin" not in file.read_text()
        await pilot.press("y")
        await until(lambda: "/usr/bin/python3\n" in file.read_text())
        assert "Enabled = true ; yes" in file.read_text()
        await until(lambda: len(rows(pilot)) == 2, "the new list")
        assert "/usr/bin/python3" in rows(pilot)[1]
        assert app.screen.query_one(Table).key == "1", "the cursor is on what was added"


async def test_what_is_found_is_checked_before_anything_is_added(make_app: MakeApp) -> None:
    app = make_app(Workable())
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("d")
        await until(lambda: len(rows(pilot)) == 3)
        await until(lambda: "unusable" in rows(pilot)[1], "its verdict")
        assert "2026-10" in rows(pilot)[1], "its end of life"
        assert "usable 3.9.18 23.3.1" in rows(pilot)[0], "of a configured one as it is known"
        await pilot.press("j")
        await until(lambda: "pip is not installed." in screen_text(app), "the reason")


async def test_all_that_are_new_can_be_marked_at_once(make_app: MakeApp) -> None:
    app = make_app(Workable())
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        await pilot.press("d")
        await until(lambda: len(rows(pilot)) == 3)
        await pilot.press("a")
        assert [row[:3] for row in rows(pilot)] == ["has", "[x]", "[x]"]
        await pilot.press("a", "escape")
        await pilot.pause()
        assert app.screen.query(FilterBar)


async def test_what_lies_below_the_prefix_is_named_from_there_on(
    make_app: MakeApp, tmp_path: Path
) -> None:
    real = real_pythons()[0]
    file = tmp_path / "steward.gcfg"
    file.write_text(f'[Python]\nEnabled = true\nExecutable = "{real.program}"\n')
    app = make_app(LocalBackend(Server(str(file), str(tmp_path / "state"))))
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        assert f"Prefix       {real.prefix}\n" in text(pilot)
        assert f"Library      lib/{real.line}" in text(pilot)


async def test_what_is_not_there_is_not_said_to_lack_pip(make_app: MakeApp, tmp_path: Path) -> None:
    file = tmp_path / "steward.gcfg"
    file.write_text("[Python]\nEnabled = true\nExecutable = /nowhere/3.9\n")
    app = make_app(LocalBackend(Server(str(file), str(tmp_path / "state"))))
    async with app.run_test(size=(120, 40)) as pilot:
        await analyzed(pilot)
        assert "/nowhere/3.9 does not exist" in text(pilot)
        assert not any(word in text(pilot) for word in ("pip", "virtualenv", "venv"))


async def test_ten_thousand_installations_are_shown_at_once(make_app: MakeApp) -> None:
    class Many(DemoBackend):
        def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
            return Analysis(
                tuple(replace(INSTALLATIONS[3], path=f"/p/{n}") for n in range(10_000)), ("log",)
            )

    app = make_app(Many(pause=0))
    async with app.run_test() as pilot:
        await analyzed(pilot)
        await pilot.press("G")
        assert app.screen.query_one(Table).key == "9999"
        assert "/p/9999" in screen_text(pilot.app)


class Curable(Workable):
    """One installation, whose problems the analysis finds in this order."""

    problems = tuple(reversed(INSTALLATIONS[2].problems))

    def glance(self) -> tuple[Installation, ...]:
        return (replace(INSTALLATIONS[2], problems=self.problems),)

    def analyze(self, on_result: OnResult, *, fresh: bool) -> Analysis:
        return Analysis(self.glance(), ("examined",))


async def test_what_makes_it_unusable_is_said_first(make_app: MakeApp) -> None:
    app = make_app(Curable())
    async with app.run_test(size=(80, 24)) as pilot:
        await analyzed(pilot)
        detail = text(pilot)
        assert detail.index("virtualenv-missing") < detail.index("end-of-life")
        assert app.why_not("installations.run_remedy") is None, "it is the selected one"


async def test_a_cured_installation_is_shown_from_its_beginning(make_app: MakeApp) -> None:
    source = Curable()
    app = make_app(source)
    async with app.run_test(size=(80, 15)) as pilot:
        await analyzed(pilot)
        await pilot.press("n")
        await until(lambda: app.screen.query_one(Paragraphs).scroll_offset.y > 0)
        source.problems = ()
        app.analyze(fresh=True)
        await until(lambda: "No problems." in text(pilot))
        await until(lambda: app.screen.query_one(Paragraphs).scroll_offset.y == 0)
