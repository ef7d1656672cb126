"""The verdict on interpreters that answer: real ones, altered in one respect each."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pysteward.core.installations import Problem, analyze, candidates, verdicts
from tests.support.pythons import (
    AlteredPython,
    RealPython,
    alter,
    real_python,
    real_pythons,
    shared_python,
)

from .conftest import analyse_one, codes, reasons

Make = Callable[[RealPython], AlteredPython]


def problem_of(path: Path | str, code: str, **options: object) -> Problem:
    installation = analyse_one(path, **options)
    found = [problem for problem in installation.problems if problem.code == code]
    assert found, f"{code} is not among {installation.problems}"
    return found[0]


@pytest.mark.parametrize("real", real_pythons(), ids=lambda real: real.text)
def test_every_python_here_says_what_it_is(real: RealPython) -> None:
    installation = analyse_one(real.prefix, creator="bundled")
    assert str(installation.version) == real.text
    assert installation.verified
    said = installation.interpreter
    assert said is not None
    assert said.prefix == str(real.prefix)
    assert said.bits == (64 if sys.maxsize > 2**32 else 32)
    assert not said.is_moved


def test_pip_and_virtualenv_make_it_usable(python: AlteredPython) -> None:
    installation = analyse_one(python.prefix)
    assert installation.usable
    assert (installation.pip, installation.virtualenv) == ("23.2.1", "20.26.6")
    assert installation.executable == str(python.executable)
    assert installation.target == str(python.program)


def test_a_version_comes_from_the_module_where_old_metadata_was_left_behind(
    python: AlteredPython,
) -> None:
    left = python.site_packages / "pip-9.0.1.dist-info"
    left.mkdir()
    (left / "METADATA").write_text("Name: pip\nVersion: 9.0.1\n\n")
    assert analyse_one(python.prefix).pip == "23.2.1"


def test_pip_missing_is_cured_by_ensurepip(python: AlteredPython) -> None:
    python.take("pip")
    problem = problem_of(python.prefix, "pip-missing")
    assert problem.severity == "unusable"
    assert problem.remedy == f"{python.executable} -m ensurepip --upgrade --default-pip"
    assert problem.command is not None


def test_a_pip_that_is_too_new_for_this_python_cannot_run(python: AlteredPython) -> None:
    python.give("pip", "99.0", ">=3.99")
    assert reasons(analyse_one(python.prefix)) == ["pip-incompatible"]


def test_a_virtualenv_that_is_a_single_file_is_found(make: Make) -> None:
    made = make(real_python((2, 7), (3, 6)))
    made.give("pip", "9.0.3")
    (made.site_packages / "virtualenv.py").write_text('__version__ = "16.7.9"  # legacy\n')
    assert analyse_one(made.prefix).virtualenv == "16.7.9"
    (made.site_packages / "virtualenv-16.7.9-py2.7.egg-info").write_text(
        "Metadata-Version: 1.2\nName: virtualenv\nVersion: 16.7.9\n"
    )
    assert analyse_one(made.prefix).virtualenv == "16.7.9"


def test_metadata_without_the_module_is_no_pip(python: AlteredPython) -> None:
    (python.site_packages / "pip" / "__main__.py").unlink()
    assert "pip-missing" in codes(analyse_one(python.prefix))


def test_virtualenv_missing_names_the_command_and_the_setting_that_does_without(
    python: AlteredPython,
) -> None:
    python.take("virtualenv")
    problem = problem_of(python.prefix, "virtualenv-missing")
    assert problem.severity == "unusable"
    assert f"{python.executable} -m pip install virtualenv" in (problem.remedy or "")
    assert 'environment-creator = "venv"' in (problem.remedy or "")
    assert problem.command is not None
    assert problem.command[:4] == (str(python.executable), "-m", "pip", "install")


@pytest.mark.parametrize("creator", ["venv", "bundled"])
def test_another_creator_does_without_virtualenv(python: AlteredPython, creator: str) -> None:
    python.take("virtualenv")
    assert analyse_one(python.prefix, creator=creator).usable


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_venv_missing_counts_where_venv_creates(python: AlteredPython, missing: str) -> None:
    (python.stdlib / missing).unlink()
    assert reasons(analyse_one(python.prefix, creator="venv")) == ["venv-missing"]
    assert "venv-missing" not in codes(analyse_one(python.prefix))


def test_python_2_never_has_venv(make: Make) -> None:
    made = make(real_python((2, 7)))
    problem = problem_of(made.prefix, "venv-missing", creator="venv")
    assert "virtualenv<20.16" in (problem.remedy or "")


@pytest.mark.parametrize(
    ("line", "release", "requires_python"),
    [
        ((2, 7), "20.16.0", None),
        ((3, 6), "20.18.0", None),
        ((3, 8), "99.0", ">=3.12"),
        ((3, 12), "20.21.0", None),
        ((3, 12), "16.7.9", None),
        ((3, 13), "20.17.1", ">=3.6"),
    ],
)
def test_a_virtualenv_that_makes_nothing_for_this_python_is_incompatible(
    make: Make, line: tuple[int, int], release: str, requires_python: str | None
) -> None:
    made = make(real_python(line))
    made.give("pip", "19.0")
    made.give("virtualenv", release, requires_python)
    assert reasons(analyse_one(made.prefix)) == ["virtualenv-incompatible"]


@pytest.mark.parametrize(
    ("line", "release"),
    [((2, 7), "20.15.1"), ((2, 7), "16.7.9"), ((3, 6), "20.17.1"), ((3, 12), "20.21.1")],
)
def test_a_virtualenv_of_the_right_time_is_compatible(
    make: Make, line: tuple[int, int], release: str
) -> None:
    made = make(real_python(line))
    made.give("pip", "19.0")
    made.give("virtualenv", release)
    assert analyse_one(made.prefix).usable


def test_a_virtualenv_whose_own_needs_are_gone_is_as_good_as_missing(
    python: AlteredPython,
) -> None:
    release = "20.26.6"
    metadata = python.site_packages / f"virtualenv-{release}.dist-info" / "METADATA"
    metadata.write_text(
        f"Name: virtualenv\nVersion: {release}\nRequires-Dist: distlib<1,>=0.3.7\n"
        "Requires-Dist: Some_Thing (>=1)\nRequires-Dist: other; python_version < '3'\n"
        "Requires-Dist: sphinx>=7; extra == 'docs'\n\n"
    )
    (python.site_packages / "some.thing-1.0.dist-info").mkdir()
    (problem,) = analyse_one(python.prefix).reasons_against
    assert problem.code == "virtualenv-missing"
    assert "distlib" in problem.message
    assert "thing" not in problem.message.lower()


@pytest.mark.parametrize("line", [(2, 7), (3, 6), (3, 7), (3, 8)], ids=str)
def test_an_old_python_needs_no_virtualenv_where_pysteward_brings_one(
    make: Make, line: tuple[int, int]
) -> None:
    made = make(real_python(line))
    made.give("pip", "19.0")
    assert analyse_one(made.prefix, creator="bundled").usable
    problem = problem_of(made.prefix, "virtualenv-missing", creator="virtualenv")
    assert "environment-creator" in (problem.remedy or "")


def test_a_python_that_no_virtualenv_serves_is_told(python: AlteredPython) -> None:
    python.run_at_start("import sys; sys.version_info = (3, 4, 10, 'final', 0)")
    problem = problem_of(python.prefix, "virtualenv-incompatible", creator="bundled")
    assert "Python 3.5 and later" in problem.message
    assert "virtualenv<20.5" in (problem.remedy or "")


def test_below_the_minimum_it_is_unusable(python: AlteredPython) -> None:
    python.run_at_start("import sys; sys.version_info = (3, 3, 7, 'final', 0)")
    assert "below-minimum" in reasons(analyse_one(python.prefix))


def test_a_pre_release_is_told(python: AlteredPython) -> None:
    version = real_python().version
    python.run_at_start(f"import sys; sys.version_info = {(*version[:2], 0, 'candidate', 2)}")
    installation = analyse_one(python.prefix)
    assert str(installation.version) == f"{version[0]}.{version[1]}.0rc2"


def test_past_its_end_of_life_it_is_usable_with_the_date_said(make: Make) -> None:
    made = make(real_python((3, 8), (3, 7), (3, 6)))
    made.give("pip", "19.0")
    made.give("virtualenv", "20.10.0")
    installation = analyse_one(made.prefix)
    assert installation.usable
    (problem,) = [item for item in installation.problems if item.code == "end-of-life"]
    assert problem.severity == "warning"
    assert re.search(r"20\d\d-\d\d-\d\d", problem.message)


def test_an_absent_extension_module_names_the_packages_to_install(python: AlteredPython) -> None:
    for file in python.dynload.glob("_sqlite3*"):
        file.unlink()
    problem = problem_of(python.prefix, "stdlib-module-missing")
    assert problem.severity == "warning"
    assert "_sqlite3" in problem.message
    for package in ("libsqlite3-dev", "sqlite-devel", "sqlite3-devel"):
        assert package in (problem.remedy or "")


def test_a_module_whose_library_is_away_is_missing_too(python: AlteredPython) -> None:
    (module,) = python.dynload.glob("_sqlite3*")
    python.rewrite(module, b"libsqlite3.so.0", b"libsqlite9.so.0")
    problem = problem_of(python.prefix, "stdlib-module-missing")
    assert "libsqlite9.so.0" in problem.message


def test_a_real_virtual_environment_is_usable_with_a_warning(tmp_path: Path) -> None:
    subprocess.run(
        [real_python().program, "-B", "-m", "venv", "--without-pip", tmp_path / "env"], check=True
    )
    site_packages = next((tmp_path / "env" / "lib").glob("python*")) / "site-packages"
    for name in ("pip", "virtualenv"):
        (site_packages / name).mkdir()
        for module in ("__init__.py", "__main__.py"):
            (site_packages / name / module).write_text('__version__ = "21.0"\n')
    installation = analyse_one(tmp_path / "env")
    assert installation.usable
    assert "virtual-environment" in codes(installation)
    assert installation.pip == "21.0"


def test_one_inside_conda_is_usable_with_a_warning(python: AlteredPython) -> None:
    (python.prefix / "conda-meta").mkdir()
    installation = analyse_one(python.prefix)
    assert installation.usable
    assert "conda" in codes(installation)


def test_a_shim_names_the_interpreter_behind_it(python: AlteredPython, tmp_path: Path) -> None:
    shim = tmp_path / "shims" / "python3"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\n# what pyenv would run\nexec "{python.executable}" "$@"\n')
    shim.chmod(0o755)
    problem = problem_of(shim, "shim")
    assert problem.severity == "warning"
    assert "pyenv" in problem.message
    assert str(python.executable) in (problem.remedy or "")


def test_the_later_of_two_ways_to_one_installation_is_a_duplicate(
    python: AlteredPython, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(python.prefix)
    first, second = analyze([str(python.prefix), str(tmp_path / "link")]).installations
    assert "duplicate" not in codes(first)
    assert "duplicate" in codes(second)
    assert second.usable


def test_the_later_of_two_of_the_same_version_is_a_duplicate(
    python: AlteredPython, tmp_path: Path
) -> None:
    other = alter(python.real, tmp_path / "other")
    other.give("pip", "23.2.1")
    other.give("virtualenv", "20.26.6")
    analysis = analyze([str(python.prefix), str(other.prefix)])
    assert [codes(item).count("duplicate") for item in analysis.installations] == [0, 1]


class TestMoved:
    """Built from source for one place, lying at another."""

    def test_it_is_unusable_when_that_place_is_gone(self, python: AlteredPython) -> None:
        python.say_built_for("/gone/python")
        problem = problem_of(python.prefix, "moved")
        assert problem.severity == "unusable"
        assert "/gone/python" in problem.message

    def test_it_is_unusable_when_the_directory_is_really_renamed(
        self, python: AlteredPython, tmp_path: Path
    ) -> None:
        python.prefix.rename(tmp_path / "elsewhere")
        problem = problem_of(tmp_path / "elsewhere", "moved")
        assert problem.severity == "unusable"
        assert str(python.prefix) in problem.message

    def test_a_shared_build_that_cannot_start_any_more_is_moved(
        self, make: Make, tmp_path: Path
    ) -> None:
        made = make(shared_python())
        made.load_library_from("/gone/lib")
        made.prefix.rename(tmp_path / "elsewhere")
        problem = problem_of(tmp_path / "elsewhere", "moved")
        assert problem.severity == "unusable"
        assert "libpython" in problem.message

    def test_a_copy_works_with_a_warning_as_long_as_the_original_stays(
        self, python: AlteredPython
    ) -> None:
        python.say_built_for(str(python.real.prefix))
        installation = analyse_one(python.prefix)
        assert installation.usable
        assert "moved" in codes(installation)

    def test_a_relocatable_build_is_not_moved(self, python: AlteredPython) -> None:
        python.say_built_for("/install")
        assert "moved" not in codes(analyse_one(python.prefix))

    def test_a_link_to_its_directory_is_not_a_move(
        self, python: AlteredPython, tmp_path: Path
    ) -> None:
        (tmp_path / "link").symlink_to(python.prefix)
        straight, by_link = analyse_one(python.prefix), analyse_one(tmp_path / "link")
        assert codes(by_link) == codes(straight)


class TestNotItself:
    """Another Python answers than the one that is installed there."""

    def test_a_version_other_than_that_of_its_headers(self, python: AlteredPython) -> None:
        (python.prefix / "include").unlink()
        header = python.prefix / "include" / python.real.line / "patchlevel.h"
        header.parent.mkdir(parents=True)
        header.write_text(f'#define PY_VERSION "{python.real.line[6:]}.99"\n')
        problem = problem_of(python.prefix, "not-itself")
        assert problem.severity == "unusable"
        assert f"{python.real.line[6:]}.99" in problem.message
        assert python.real.text in problem.message

    def test_a_shared_build_that_loads_another_libpython(self, make: Make) -> None:
        real = real_python((3, 11))
        library = Path("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
        if not library.exists() or real.prefix == Path("/usr"):
            pytest.skip("there is no second libpython of the same line on this machine")
        made = make(real)
        if f"{real.prefix}/lib\0".encode() not in made.program.read_bytes():
            pytest.skip("that Python is no shared build")
        made.load_library_from(str(library.parent))
        problem = problem_of(made.prefix, "not-itself")
        assert problem.severity == "unusable"
        assert str(library.resolve()) in problem.message

    def test_a_standard_library_that_is_a_link_to_anothers(self, python: AlteredPython) -> None:
        python.stdlib.rename(python.stdlib.with_name("own"))
        python.stdlib.symlink_to(python.real.stdlib)
        problem = problem_of(python.prefix, "not-itself", creator="bundled")
        assert problem.severity == "unusable"
        assert str(python.stdlib) in problem.message

    def test_a_program_without_its_own_standard_library(
        self, python: AlteredPython, tmp_path: Path
    ) -> None:
        (tmp_path / "alone" / "bin").mkdir(parents=True)
        program = tmp_path / "alone" / "bin" / "python3"
        program.write_bytes(python.program.read_bytes())
        program.chmod(0o755)
        installation = analyse_one(program)
        assert not installation.usable
        assert {"not-itself", "crashes"} & set(reasons(installation))


def test_matching_sees_why_an_installation_takes_no_part(
    python: AlteredPython, tmp_path: Path
) -> None:
    analysis = analyze([str(python.prefix), str(tmp_path / "nothing")])
    usable, missing = candidates(analysis.installations)
    assert usable.unusable is None
    assert usable.executable == str(python.executable)
    assert missing.version is None
    assert "does not exist" in (missing.unusable or "")


def test_a_prefix_that_only_the_user_of_builds_cannot_see_is_not_called_gone(
    python: AlteredPython, tmp_path: Path
) -> None:
    asked = analyse_one(python.prefix).interpreter
    assert asked is not None
    seen = replace(asked, built_prefix=str(tmp_path), built_prefix_is_there=False)
    assert "cannot see" in verdicts._moved(seen).message
    gone = replace(seen, built_prefix=str(tmp_path / "gone"))
    assert "no longer there" in verdicts._moved(gone).message
