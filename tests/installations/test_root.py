"""What root does: interpreters run as another user, and none that others could replace."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.errors import SettingsError, StewardError
from pysteward.core.installations import analyze, run_remedy
from tests.support.pythons import AlteredPython, RealPython, shared_python

from .conftest import analyse_one, codes, reasons

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

Make = Callable[[RealPython], AlteredPython]
NOBODY = "nobody"


@pytest.fixture
def reachable(tmp_path: Path) -> Path:
    """A directory that every user can go to."""
    directory = tmp_path
    while directory != Path("/tmp") and directory != directory.parent:
        if not directory.stat().st_mode & 0o001:
            directory.chmod(directory.stat().st_mode | 0o055)
        directory = directory.parent
    return tmp_path


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_interpreters_are_run_as_that_user_and_in_its_groups_alone(reachable: Path) -> None:
    tell = program(reachable / "python3", "#!/bin/sh\nid -u >&2; id -G >&2; exit 1\n")
    (problem,) = analyse_one(tell, run_as=NOBODY).problems
    entry = pwd.getpwnam(NOBODY)
    groups = os.getgrouplist(NOBODY, entry.pw_gid)
    assert problem.message.endswith(" ".join(map(str, groups)))
    root = analyse_one(tell).problems[0]
    assert root.message != problem.message


def test_a_directory_that_keeps_the_user_out_is_named(reachable: Path) -> None:
    hidden = program(reachable / "hidden" / "bin" / "python3", "#!/bin/sh\n")
    (reachable / "hidden").chmod(0o700)
    installation = analyse_one(reachable / "hidden", run_as=NOBODY)
    (problem,) = installation.problems
    assert problem.code == "not-executable"
    assert f"The user nobody may not run {hidden}" in problem.message
    assert f"{reachable / 'hidden'} (drwx------)" in problem.message


def test_a_file_that_the_user_may_not_run_is_named(reachable: Path) -> None:
    path = program(reachable / "python3", "#!/bin/sh\n")
    path.chmod(0o700)
    (problem,) = analyse_one(path, run_as=NOBODY).problems
    assert problem.code == "not-executable"
    assert str(path) in problem.message


def test_a_shared_build_whose_library_only_root_can_read_is_what_that_user_gets(
    make: Make, reachable: Path
) -> None:
    real = shared_python()
    made = make(real)
    library = next((real.prefix / "lib").glob("libpython*.so.1.0"))
    (made.prefix / "lib" / library.name).write_bytes(library.read_bytes())
    (made.prefix / "lib" / library.name).chmod(0o600)
    short = Path("/tmp") / f"l{os.getpid()}"
    short.symlink_to(made.prefix / "lib")
    try:
        made.load_library_from(str(short))
        assert reasons(analyse_one(made.prefix, creator="bundled")) == ["pip-missing"]
        (problem,) = analyse_one(made.prefix, creator="bundled", run_as=NOBODY).problems
    finally:
        short.unlink()
    assert problem.code == "crashes"
    assert "libpython" in problem.message
    assert "user nobody may not read" in problem.message


def test_answers_are_kept_for_each_user_apart(reachable: Path, python: AlteredPython) -> None:
    cache = reachable / "cache"
    (reachable / "python").chmod(0o700)
    assert analyze([str(python.prefix)], cache=cache).installations[0].usable
    assert not analyze([str(python.prefix)], cache=cache, run_as=NOBODY).installations[0].usable
    assert analyze([str(python.prefix)], cache=cache).installations[0].usable


def test_a_user_that_does_not_exist_is_an_error_of_the_settings() -> None:
    with pytest.raises(SettingsError, match="no-such-user"):
        analyze([], run_as="no-such-user")


def _own_program(python: AlteredPython) -> None:
    os.chown(python.program, pwd.getpwnam(NOBODY).pw_uid, -1)


def _own_link(python: AlteredPython) -> None:
    os.chown(python.executable, pwd.getpwnam(NOBODY).pw_uid, -1, follow_symlinks=False)


def _writable_program(python: AlteredPython) -> None:
    python.program.chmod(0o775)


def _writable_directory(python: AlteredPython) -> None:
    (python.prefix / "bin").chmod(0o777)


def _writable_prefix(python: AlteredPython) -> None:
    python.prefix.chmod(0o777)


def _own_library(python: AlteredPython) -> None:
    os.chown(python.stdlib, pwd.getpwnam(NOBODY).pw_uid, -1)


def _writable_packages(python: AlteredPython) -> None:
    python.site_packages.chmod(0o777)


@pytest.mark.parametrize(
    "change",
    [
        _own_program,
        _own_link,
        _writable_program,
        _writable_directory,
        _writable_prefix,
        _own_library,
        _writable_packages,
    ],
    ids=lambda change: change.__name__.strip("_").replace("_", "-"),
)
def test_without_such_a_user_root_runs_nothing_that_others_could_replace(
    python: AlteredPython, tmp_path: Path, change: Callable[[AlteredPython], None]
) -> None:
    cache = tmp_path / "cache"
    ran = tmp_path / "ran"
    assert analyze([str(python.prefix)], cache=cache).installations[0].usable
    python.run_at_start(f"open({str(ran)!r}, 'w')")
    change(python)
    (installation,) = analyze([str(python.prefix)], cache=cache).installations
    assert codes(installation) == ["replaceable"]
    assert "chown" in (installation.problems[0].remedy or "")
    assert not ran.exists()


def _writable_module(python: AlteredPython) -> None:
    (python.own("json") / "__init__.py").chmod(0o666)


def _writable_package(python: AlteredPython) -> None:
    (python.site_packages / "pip").chmod(0o777)


def _cache_of_others(python: AlteredPython) -> None:
    directory = python.own("encodings") / "__pycache__"
    directory.mkdir(exist_ok=True)
    directory.chmod(0o777)


def _writable_path_file(python: AlteredPython) -> None:
    file = python.site_packages / "added.pth"
    file.write_text("import sys\n")
    file.chmod(0o666)


def _path_file_that_leads_elsewhere(python: AlteredPython) -> None:
    directory = python.prefix / "elsewhere"
    directory.mkdir()
    directory.chmod(0o777)
    (python.site_packages / "added.pth").write_text(f"{directory}\n")


@pytest.mark.parametrize(
    "change",
    [
        _writable_module,
        _writable_package,
        _cache_of_others,
        _writable_path_file,
        _path_file_that_leads_elsewhere,
    ],
    ids=lambda change: change.__name__.strip("_").replace("_", "-"),
)
def test_nor_one_of_which_others_could_replace_any_part_that_it_loads(
    python: AlteredPython, tmp_path: Path, change: Callable[[AlteredPython], None]
) -> None:
    opened = [above for above in python.prefix.parents if above.stat().st_mode & 0o011 == 0]
    ran = tmp_path / "ran"
    python.run_at_start(f"open({str(ran)!r}, 'w')")
    change(python)
    # Below a directory that only root may enter, what is in it can be replaced by nobody else.
    assert opened
    assert analyse_one(python.prefix).usable
    ran.unlink()
    for above in opened:
        above.chmod(0o755)
    try:
        assert codes(analyse_one(python.prefix)) == ["replaceable"]
    finally:
        for above in opened:
            above.chmod(0o700)
    assert not ran.exists()


def test_a_sticky_directory_does_not_make_it_replaceable(python: AlteredPython) -> None:
    (python.prefix / "bin").chmod(0o1777)
    assert analyse_one(python.prefix).usable


def test_no_remedy_is_run_through_an_interpreter_that_others_could_replace(
    python: AlteredPython,
) -> None:
    python.program.chmod(0o777)
    with pytest.raises(StewardError) as error:
        run_remedy((str(python.executable), "-m", "pip"))
    assert error.value.code == "replaceable"
