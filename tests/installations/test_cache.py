"""What a second start reuses, and what it never does."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.installations import Installation, analyze, asking
from tests.support.pythons import AlteredPython

from .conftest import codes


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The interpreters that are run from here on."""
    asked: list[str] = []
    real_ask = asking.ask

    def ask(places, *how):
        asked.extend(str(place.executable) for place in places)
        return real_ask(places, *how)

    monkeypatch.setattr(asking, "ask", ask)
    return asked


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Installation]:
    """One start of pysteward on one path, with the same cache each time."""

    def once(path: Path, **options: object) -> Installation:
        _until_files_are_old()
        return analyze([str(path)], cache=tmp_path / "state" / "cache", **options).installations[0]

    return once


def _until_files_are_old() -> None:
    """Wait out the tick of the file system's clock, within which a change cannot be told."""
    time.sleep(0.03)


Start = Callable[..., Installation]


def test_a_second_start_runs_no_interpreter(
    python: AlteredPython, start: Start, runs: list[str]
) -> None:
    first = start(python.prefix)
    runs.clear()
    assert start(python.prefix) == first
    assert runs == []


def test_a_second_start_imports_nothing_that_only_a_run_needs(
    python: AlteredPython, start: Start, tmp_path: Path
) -> None:
    start(python.prefix)
    source = (
        "import sys; from pathlib import Path; before = set(sys.modules)\n"
        "from pysteward.core.installations import analyze\n"
        "analyze([sys.argv[1]], cache=Path(sys.argv[2]))\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    arguments = [str(python.prefix), str(tmp_path / "state" / "cache")]
    said = subprocess.run(
        [sys.executable, "-c", source, *arguments], capture_output=True, text=True, check=True
    )
    assert not {"subprocess", "json", "packaging", "tempfile", "hashlib"} & set(said.stdout.split())


def test_a_fresh_analysis_runs_it_again(
    python: AlteredPython, start: Start, runs: list[str]
) -> None:
    start(python.prefix)
    start(python.prefix, fresh=True)
    assert len(runs) == 2


def _lose_virtualenv(python: AlteredPython) -> None:
    python.take("virtualenv")


def _upgrade_pip(python: AlteredPython) -> None:
    python.give("pip", "24.0")


def _edit_metadata(python: AlteredPython) -> None:
    file = python.site_packages / "virtualenv-20.26.6.dist-info" / "METADATA"
    file.write_text(file.read_text().replace("20.26.6", "20.25.1"))


def _lose_a_module_of_pip(python: AlteredPython) -> None:
    (python.site_packages / "pip" / "__main__.py").unlink()


def _print_a_banner(python: AlteredPython) -> None:
    python.run_at_start("import sys; sys.version_info = (3, 3, 0, 'final', 0)")


def _break_the_program(python: AlteredPython) -> None:
    python.program.write_bytes(python.program.read_bytes()[:1000])


def _put_another_program(python: AlteredPython) -> None:
    python.program.unlink()
    python.program.write_text("#!/bin/sh\necho hello\n")
    python.program.chmod(0o755)


def _take_the_permission(python: AlteredPython) -> None:
    python.program.chmod(0o644)


def _point_the_link_elsewhere(python: AlteredPython) -> None:
    python.executable.unlink()
    python.executable.symlink_to("/bin/ls")


def _lose_ensurepip_and_pip(python: AlteredPython) -> None:
    (python.stdlib / "ensurepip").unlink()
    python.take("pip")


def _lose_an_extension(python: AlteredPython) -> None:
    for file in python.dynload.glob("_ssl*"):
        file.unlink()


def _overwrite_an_extension(python: AlteredPython) -> None:
    for file in python.dynload.glob("_bz2*"):
        data = file.read_bytes()
        file.unlink()
        file.write_bytes(data[:100])


def _become_conda(python: AlteredPython) -> None:
    (python.prefix / "conda-meta").mkdir()


def _become_a_virtual_environment(python: AlteredPython) -> None:
    (python.prefix / "pyvenv.cfg").write_text(f"home = {python.real.prefix}/bin\n")


def _move_what_it_was_built_for(python: AlteredPython) -> None:
    python.say_built_for("/gone/python")


def _lose_it_all(python: AlteredPython) -> None:
    python.prefix.rename(python.prefix.parent / "gone")


@pytest.mark.parametrize(
    "change",
    [
        _lose_virtualenv,
        _upgrade_pip,
        _edit_metadata,
        _lose_a_module_of_pip,
        _print_a_banner,
        _break_the_program,
        _put_another_program,
        _take_the_permission,
        _point_the_link_elsewhere,
        _lose_ensurepip_and_pip,
        _lose_an_extension,
        _overwrite_an_extension,
        _become_conda,
        _become_a_virtual_environment,
        _move_what_it_was_built_for,
        _lose_it_all,
    ],
    ids=lambda change: change.__name__.strip("_").replace("_", "-"),
)
def test_after_a_change_the_old_answer_is_not_given(
    python: AlteredPython, start: Start, change: Callable[[AlteredPython], None]
) -> None:
    before = start(python.prefix)
    change(python)
    after = start(python.prefix)
    assert (codes(after), after.version, after.pip, after.virtualenv) != (
        codes(before),
        before.version,
        before.pip,
        before.virtualenv,
    )
    assert after == analyze([str(python.prefix)]).installations[0]


def test_a_cured_installation_is_usable_at_once(python: AlteredPython, start: Start) -> None:
    python.take("virtualenv")
    assert not start(python.prefix).usable
    python.give("virtualenv", "20.26.6")
    assert start(python.prefix).usable


def test_a_path_that_appears_is_seen(python: AlteredPython, start: Start) -> None:
    hidden = python.prefix.rename(python.prefix.parent / "hidden")
    assert codes(start(python.prefix)) == ["path-missing"]
    hidden.rename(python.prefix)
    assert start(python.prefix).usable


def test_a_change_at_the_very_time_of_the_answer_is_not_lost(
    python: AlteredPython, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    for number in range(10):
        python.give("virtualenv", f"20.26.{number % 7}")
        (installation,) = analyze([str(python.prefix)], cache=cache).installations
        assert installation.virtualenv == f"20.26.{number % 7}"


def hang_while_there(python: AlteredPython) -> Path:
    """Have it hang as long as this file is there, which is none that its answer rests on."""
    flag = python.prefix.parent / "hang"
    flag.touch()
    python.run_at_start(f"import os, time\nif os.path.exists({str(flag)!r}): time.sleep(600)\n")
    return flag


def test_a_hang_is_waited_for_once_a_minute(
    python: AlteredPython, start: Start, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hang_while_there(python)
    (problem,) = start(python.prefix, timeout=0.5).problems
    assert problem.message.endswith("did not answer within 0.5 seconds.")
    runs.clear()
    (kept,) = start(python.prefix, timeout=0.5).problems
    assert (kept.code, runs) == ("hangs", [])
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + 50_000_000_000)
    assert codes(start(python.prefix, timeout=0.5)) == ["hangs"]
    assert runs == []
    monkeypatch.setattr(time, "time_ns", lambda: real() + 61_000_000_000)
    start(python.prefix, timeout=0.5)
    assert len(runs) == 1


def test_a_verdict_that_was_kept_says_so_and_how_to_ask_again(
    python: AlteredPython, start: Start
) -> None:
    hang_while_there(python)
    start(python.prefix, timeout=0.5)
    (kept,) = start(python.prefix, timeout=0.5).problems
    assert kept.message == (
        f"{python.executable} did not answer within 0.5 seconds when it was asked 0 seconds ago; "
        "it is not asked again for a minute."
    )
    assert kept.remedy is not None
    assert kept.remedy.endswith("To ask at once: pysteward installations --no-cache")


def test_analysed_again_it_is_asked_although_it_hung_just_now(
    python: AlteredPython, start: Start
) -> None:
    flag = hang_while_there(python)
    assert codes(start(python.prefix, timeout=0.5)) == ["hangs"]
    flag.unlink()
    assert start(python.prefix, fresh=True).usable
    assert start(python.prefix).usable


def test_a_cure_of_what_hangs_is_seen_at_once(python: AlteredPython, start: Start) -> None:
    hang_while_there(python)
    assert codes(start(python.prefix, timeout=0.5)) == ["hangs"]
    (python.site_packages / "sitecustomize.py").unlink()
    assert start(python.prefix).usable


def test_who_has_more_patience_asks_again(python: AlteredPython, start: Start) -> None:
    flag = hang_while_there(python)
    assert codes(start(python.prefix, timeout=0.5)) == ["hangs"]
    flag.unlink()
    assert start(python.prefix, timeout=20.0).usable


def test_a_clock_that_was_set_back_does_not_keep_a_hang(
    python: AlteredPython, start: Start, runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hang_while_there(python)
    assert codes(start(python.prefix, timeout=0.5)) == ["hangs"]
    runs.clear()
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() - 5_000_000_000)
    start(python.prefix, timeout=0.5)
    assert len(runs) == 1


def test_a_wrapper_that_names_its_interpreter_is_kept_until_either_changes(
    python: AlteredPython, start: Start, runs: list[str], tmp_path: Path
) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(f'#!/bin/sh\nexec {python.executable} "$@"\n')
    wrapper.chmod(0o755)
    assert start(wrapper).usable
    runs.clear()
    assert start(wrapper).usable
    assert runs == []
    python.take("virtualenv")
    assert not start(wrapper).usable


def test_a_shim_is_asked_each_time(
    python: AlteredPython, start: Start, runs: list[str], tmp_path: Path
) -> None:
    shim = tmp_path / "shims" / "python3"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\n# pyenv\nexec {python.executable} "$@"\n')
    shim.chmod(0o755)
    start(shim)
    start(shim)
    assert len(runs) == 2


def test_another_creator_judges_the_same_answer_anew(
    python: AlteredPython, start: Start, runs: list[str]
) -> None:
    python.take("virtualenv")
    assert not start(python.prefix, creator="virtualenv").usable
    runs.clear()
    assert start(python.prefix, creator="venv").usable
    assert runs == []


def test_a_damaged_cache_is_no_cache(python: AlteredPython, start: Start, tmp_path: Path) -> None:
    expected = start(python.prefix)
    file = tmp_path / "state" / "cache"
    whole = file.read_bytes()
    chance = random.Random(7)
    damaged = [b"", b"\0", whole[:-1], whole[: len(whole) // 2], whole + b"x", b"[]", b"0 0\n"]
    for _ in range(20):
        at = chance.randrange(len(whole))
        damaged.append(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
    for data in damaged:
        file.write_bytes(data)
        assert analyze([str(python.prefix)], cache=file).installations[0] == expected


def test_a_cache_that_others_can_write_is_not_trusted(
    python: AlteredPython, start: Start, runs: list[str], tmp_path: Path
) -> None:
    start(python.prefix)
    (tmp_path / "state" / "cache").chmod(0o666)
    runs.clear()
    start(python.prefix)
    assert len(runs) == 1


def test_a_cache_that_cannot_be_written_does_no_harm(python: AlteredPython) -> None:
    assert analyze([str(python.prefix)], cache=Path("/dev/null/cache")).installations[0].usable


def test_a_directory_in_place_of_the_cache_does_no_harm(
    python: AlteredPython, tmp_path: Path
) -> None:
    (tmp_path / "cache").mkdir()
    assert analyze([str(python.prefix)], cache=tmp_path / "cache").installations[0].usable
    assert os.listdir(tmp_path / "cache") == []
