"""The installed program in a real pseudo-terminal: every byte it writes, and how it is left."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pysteward.core.upgrades import PlanFile
from tests.app_builds.records import write_build
from tests.app_upgrade.desk import PLAN
from tests.support.terminal import PYSTEWARD, Terminal, terminal
from tests.support.waiting import wait_for

pytestmark = pytest.mark.terminal

# What may reach a terminal beside printable text: Textual's own sequences, and no others.
_OWN = re.compile(
    rb"\x1b\[[0-9;:?<=>]*[ -/]*[@-~]"  # control sequences
    rb"|\x1b\]22;[a-z]*\x07"  # the shape of the mouse pointer
    rb"|\x1b[DM]"  # by a row up and down
    rb"|\x1b[()][0AB]|\x1b[=>]|\x1bP=[12]s\x1b\\|\x1b_G[^\x1b]*\x1b\\"
    rb"|[\r\n]"
)
_COLOUR = re.compile(r"\x1b\[([0-9;:]*)m")

EVIL = {
    "title": "\x1b]0;owned\x07",
    "clear": "\x1b[2J\x1b[H",
    "c1": "\u009b31m",
    "bidi": "\u202eesrever",
    "markup": "[/red][bold]requests[security][/",
    "wide": "漢字" * 20,
    "marks": "a" + "\u0301" * 50,
    "variation": "x\ufe0fy\u200bz",
    "shift": "\x0e\x0f\x08\x07",
    "invalid": "b\udcff\udc80d",
    "long": "x" * 5000,
}


def settings_of_evil(directory: Path) -> Path:
    """Settings whose every text is hostile; gcfg takes control characters inside quotes."""
    file = directory / "evil\x1b]0;owned\x07[red].gcfg"
    lines = ["[Python]", "Enabled = true"]
    for text in EVIL.values():
        if "\udcff" not in text and "\n" not in text:
            lines.append(f'Executable = "/nowhere/{text}"')
    lines.append('ProhibitedPackage = "[/red]\x1b[31mpkg"')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", errors="surrogateescape")
    return file


def assert_inert(written: bytes) -> None:
    """Nothing but text and Textual's own sequences, none of which the evil ones are."""
    rest = _OWN.sub(b"", written)
    controls = {bytes([byte]) for byte in rest if byte < 0x20 or byte == 0x7F}
    assert not controls, controls
    text = rest.decode("utf-8")
    hostile = [
        character
        for character in text
        if 0x80 <= ord(character) < 0xA0 or character in "\u202e\u200b\ufe0f"
    ]
    assert not hostile
    assert b"\x1b]0;" not in written
    assert b"\x1b[2J" not in written.split(b"\x1b[?1049h")[-1].split(b"\x1b[?1049l")[0]


@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.full)])
def test_hostile_settings_are_shown_inert(tmp_path: Path, size: tuple[int, int]) -> None:
    file = settings_of_evil(tmp_path)
    with terminal(["--config", str(file), "--state-dir", str(tmp_path / "s")], size=size) as shown:
        shown.wait_for("Quit")
        shown.wait_for(lambda: "analyzing" not in shown.text)
        screen_by_screen(shown)
        shown.press("q")
        assert shown.end() == 0
        assert_inert(shown.written)


def screen_by_screen(shown: Terminal) -> None:
    """Every screen, dialog and row that shows the settings' texts."""
    header = "pysteward"
    for keys in ("j" * 11, "l", "\x1b", "?", "\x1b", ":", "\x1b", "2", "r", "[/red]", "\x1b"):
        shown.answer(keys)
        assert shown.screen.display[0].lstrip().startswith(header), keys
    shown.answer("]" * 4)
    for keys in ("j", "n", "n", "j", "j", "e", "a", "\x1b"):
        shown.answer(keys)
        assert shown.screen.display[0].lstrip().startswith(header), keys


def test_what_pip_writes_in_brackets_stays_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.gcfg"
    file.write_text('[Python]\nEnabled = true\nExecutable = "/x/requests[security][/]/[bold]3"\n')
    with terminal(["--config", str(file)], size=(120, 40)) as shown:
        shown.wait_for("/x/requests[security][/]/[bold]3")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Path]:
    """A state directory with builds that failed, succeeded and run, and a plan."""
    state = tmp_path / "state"
    held = [
        write_build(state, 1, "failed", content="dashboard"),
        write_build(state, 2, "succeeded", content="forecast"),
        write_build(state, 3, "running", content="reports"),
    ]
    (state / "upgrades").mkdir()
    PlanFile(state / "upgrades" / f"{PLAN.id}.json").write(PLAN)
    yield state
    for each in held:
        each.release()


# What to press, one after the other, and a text that shows that it did what it is for.
_EVERY_SCREEN = (
    ((), "path-missing"),
    (("l",), "Start-up analysis"),
    (("\x1b", "?"), "Keys"),
    (("\x1b", ":"), "Commands"),
    (("\x1b", "i"), "Python from source"),
    (("\x1b", "/", "3"), " / 3"),
    (("\x1b", "2"), "Versions"),
    (("r", "3.9.2", "\x1b"), "3.9.2"),
    (("s", "n"), "Rules"),
    (("o",), "nearest"),
    (("\x1b", "z"), "Question 1"),
    (("\x1b", "3"), "dashboard"),
    (("j", "d"), "Deploy a bundle"),
    (("\x1b", "4"), "reports"),
    (("j", "j", "\r"), "Could not find a version"),
    (("/", "ERROR", "\r"), "ERROR"),
    (("w", "#", "v"), "ERROR"),
    (("\x1b", "\x1b", "d"), "The build failed."),
    (("6",), "version-matching"),
    (("e",), "Set "),
    (("\x1b", "7"), "policy"),
    (("p",), "major-minor -> nearest"),
    (("w",), "pricing-engine"),
)


def every_screen(shown: Terminal) -> Iterator[tuple[str, ...]]:
    """Goes to every screen; after each, what was pressed for it."""
    for keys, wanted in _EVERY_SCREEN:
        for key in keys:
            shown.answer(key)
        shown.wait_for(wanted)
        yield keys


@pytest.mark.parametrize("size", [pytest.param((80, 24), marks=pytest.mark.full), (120, 40)])
def test_no_color_yields_no_colour_sequence(
    tmp_path: Path, records: Path, size: tuple[int, int]
) -> None:
    settings = tmp_path / "a.toml"
    settings.write_text('[python]\nenabled = true\nexecutables = ["/nowhere/3.9"]\n')
    settings.chmod(0o600)
    arguments = ["--config", str(settings), "--state-dir", str(records)]
    with terminal(arguments, size=size, environ={"NO_COLOR": "1"}) as shown:
        assert len(list(every_screen(shown))) == len(_EVERY_SCREEN)
        settings.write_text("[python]\nenabled = true\n")
        shown.wait_for("has changed on disk")
        shown.press("q")
        assert shown.end() == 0
        assert not colours_in(shown.written)


_PLAIN = {"LC_ALL": "C", "LANG": "C", "NO_COLOR": "1"}


@pytest.mark.parametrize(
    ("environ", "size"),
    [
        (_PLAIN, (60, 15)),
        pytest.param(_PLAIN, (200, 60), marks=pytest.mark.full),
        pytest.param({"TERM": "linux"}, (200, 60), marks=pytest.mark.full),
    ],
    ids=["plain-small", "plain-large", "sixteen-large"],
)
def test_every_screen_shows_where_one_is_and_the_way_out(
    tmp_path: Path, records: Path, environ: dict[str, str], size: tuple[int, int]
) -> None:
    """However small, large, poor in signs or in colors the terminal is."""
    settings = tmp_path / "a.toml"
    settings.write_text('[python]\nenabled = true\nexecutables = ["/nowhere/3.9"]\n')
    settings.chmod(0o600)
    arguments = ["--config", str(settings), "--state-dir", str(records)]
    with terminal(arguments, size=size, environ=environ) as shown:
        for keys in every_screen(shown):
            shown.read(0.1)
            shown.wait_for(lambda: marked(shown, range(2, size[1] - 1)))
            assert "pysteward" in shown.screen.display[0], keys
            # What is shown is complete only once its last row is there.
            shown.wait_for(lambda: names_the_way_out(shown))
        shown.press("q")
        assert shown.end() == 0
        text = shown.written.decode()
        assert not re.search(r"[34]8;[25];", text)
        if environ is _PLAIN:
            assert text.isascii()
            assert not colours_in(shown.written)


def names_the_way_out(shown: Terminal) -> bool:
    """Whether the footer names it, or a dialog in front of it, in its lower border."""
    return shown.screen.display[-1].rstrip().endswith("q Quit") or any(
        re.search(r"Esc (Cancel|Close) \S", row) for row in shown.screen.display
    )


def marked(shown: Terminal, rows: range) -> bool:
    """Whether what has the keys is marked in these rows, otherwise than by color."""
    cells = [cell for row in rows for cell in shown.screen.buffer[row].values()]
    return any(cell.reverse or cell.underscore for cell in cells)


def colours_in(written: bytes) -> set[str]:
    """The SGR sequences that choose a color (ECMA-48, 8.3.117), other than the terminal's own."""
    return {
        parameters
        for parameters in _COLOUR.findall(written.decode())
        if any(int(code or 0) >= 30 and code not in ("39", "49") for code in parameters.split(";"))
    }


def test_an_empty_no_color_counts_as_not_set() -> None:
    with terminal(["demo", "--no-tour"], environ={"NO_COLOR": ""}) as shown:
        shown.wait_for("Policies")
        # The green of steward-dark, of which a picture in greys has none.
        assert any(code.startswith("38;5") for code in colours_in(shown.written))
        shown.press("\x14")
        shown.wait_for("Enter Keep")


def test_sixteen_colours_are_enough() -> None:
    with terminal(["demo", "--no-tour"], environ={"TERM": "xterm"}) as shown:
        shown.wait_for("Policies")
        assert "38;5" not in shown.written.decode()
        assert "38;2" not in shown.written.decode()


@pytest.mark.parametrize(
    "size",
    [(80, 24), *(pytest.param(size, marks=pytest.mark.full) for size in ((120, 40), (200, 60)))],
)
def test_in_a_c_locale_every_byte_is_ascii(size: tuple[int, int]) -> None:
    c_locale = {"LC_ALL": "C", "LANG": "C"}
    with terminal(["demo", "--no-tour"], environ=c_locale, size=size) as shown:
        shown.wait_for("Policies")
        for keys in (
            *("r3.7.1", "\x1b", "s", "n", "1", "jj", "?", "\x1b", "l", "\x1b", ":", "\x1b"),
            *("3", "4", "5", "6", "7"),
        ):
            shown.answer(keys)
        assert max(shown.written) < 0x80


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_usable(number: signal.Signals) -> None:
    with terminal(["demo", "--no-tour"]) as shown:
        shown.wait_for("Policies")
        shown.forget()
        os.kill(shown.child.pid, number)
        assert shown.end() == 128 + number
        assert b"\x1b[?1049l" in shown.written
        assert b"\x1b[?25h" in shown.written
        assert b"\x1b[?1000l" in shown.written


def test_a_lost_terminal_ends_the_program() -> None:
    with terminal(["demo", "--no-tour"]) as shown:
        shown.wait_for("Policies")
        shown.drop()
        wait_for(lambda: not shown.child.isalive())


def test_a_terminal_lost_without_a_word_ends_it_too() -> None:
    ignoring = ("/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *PYSTEWARD)
    with terminal(["demo", "--no-tour"], program=ignoring) as shown:
        shown.wait_for("Policies")
        shown.drop()
        wait_for(lambda: not shown.child.isalive())


def test_a_terminal_that_takes_nothing_does_not_hold_the_program() -> None:
    with terminal(["demo", "--no-tour"], size=(200, 60)) as shown:
        shown.wait_for("Policies")
        for keys in ("1", "2", "?", "\x1b", "1", "2") * 8:
            shown.press(keys)
            time.sleep(0.02)
        os.kill(shown.child.pid, signal.SIGTERM)
        wait_for(lambda: not shown.child.isalive())


def test_settings_that_cannot_be_read_end_with_2_and_their_line(tmp_path: Path) -> None:
    file = tmp_path / "bad.gcfg"
    file.write_text("[Python]\nEnabled = maybe\n")
    with terminal(["--config", str(file)]) as shown:
        assert shown.end() == 2
        assert "Enabled = maybe" in shown.text
        assert b"\x1b[?1049h" not in shown.written


def test_idle_it_writes_nothing_and_costs_nothing() -> None:
    with terminal(["demo", "--no-tour"]) as shown:
        shown.wait_for("Policies")
        shown.press("r3.7")
        shown.read(2.5)  # the builds are looked for once, two seconds after the start
        shown.forget()
        before = cpu_seconds(shown.child.pid)
        time.sleep(2.5)
        shown.read()
        assert shown.written == b""
        assert cpu_seconds(shown.child.pid) - before <= 0.03


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
