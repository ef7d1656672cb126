"""An environment made of links is what pip makes of the same wheels, file by file."""

from __future__ import annotations

import atexit
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from functools import cache
from pathlib import Path

import pytest
from virtualenv.seed.wheels.embed import get_embed_wheel

from pysteward.core.wheels import (
    Layout,
    Linker,
    Placement,
    StoredWheel,
    WheelUnfit,
    assemble,
    check_store,
)
from tests.support.wheel_kinds import MODULE, good_wheels, hostile_wheels, write_wheel
from tests.wheels.conftest import COMPILER, Storing, make_storing

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"


def make_environment(path: Path) -> Path:
    venv.create(path, symlinks=True, with_pip=False)
    return path


def layout_of(path: Path) -> Layout:
    library = path / "lib" / f"python{MINOR}" / "site-packages"
    return Layout(
        environment=path,
        purelib=library,
        platlib=library,
        headers=path / "include" / "site" / f"python{MINOR}",
        scripts=path / "bin",
        data=path,
        interpreter=path / "bin" / "python",
    )


def placements(storing: Storing, wheels: list[StoredWheel]) -> list[Placement]:
    found: list[Placement] = []
    for wheel in wheels:
        bytecode = storing.store.bytecode(wheel, COMPILER.key)
        assert bytecode is not None
        found.append(Placement(wheel, bytecode, is_requested=True))
    return found


def link(storing: Storing, wheels: list[StoredWheel], path: Path, links: str = "auto") -> Path:
    linker = Linker("copy" if links == "copy" else "auto")
    assemble(placements(storing, wheels), layout_of(path), linker, installer="pip\n")
    return path


@cache
def unpacked_pip() -> Path:
    """Unpack the pip that virtualenv carries, once: from its archive it starts slowly."""
    pip = get_embed_wheel("pip", MINOR)
    assert pip is not None
    directory = Path(tempfile.mkdtemp(prefix="pip-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    with zipfile.ZipFile(pip.path) as archive:
        archive.extractall(directory)
    return directory


def run_pip(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a pip that is not in the environment with the interpreter of that."""
    command = [str(path / "bin" / "python"), str(unpacked_pip() / "pip"), *arguments]
    env = {"PATH": os.environ["PATH"], "HOME": str(unpacked_pip()), "PIP_NO_CACHE_DIR": "1"}
    env |= {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False)


def tree_of(path: Path) -> dict[str, object]:
    """Return every file of an environment by its name, compiled modules left out."""
    found: dict[str, object] = {}
    for top, directories, names in os.walk(path):
        directories[:] = [each for each in directories if each != "__pycache__"]
        for name in names:
            file = Path(top, name)
            data = b"a link" if file.is_symlink() else file.read_bytes()
            key = str(file.relative_to(path))
            is_executable = bool(file.lstat().st_mode & 0o100)
            if name == "RECORD":
                found[key] = rows_of(data)
            elif b"sys.exit(" in data:  # releases of pip word it differently
                wanted = (b"#!", b"from ", b"    sys.exit(")
                lines = [line for line in data.splitlines() if line.startswith(wanted)]
                found[key] = (lines, is_executable)
            elif name != "pyvenv.cfg" and not name.lower().startswith("activate"):
                found[key] = (data.replace(os.fsencode(path), b"ENVIRONMENT"), is_executable)
    for key, value in found.items():
        if isinstance(value, tuple) and isinstance(value[0], list):
            lines = [line.replace(os.fsencode(path), b"ENVIRONMENT") for line in value[0]]
            found[key] = (lines, value[1])
    return found


def rows_of(data: bytes) -> list[tuple[str, ...]]:
    rows = csv.reader(data.decode().splitlines())
    # A script that is made has another text, and names another environment. Of a script that one
    # replaces, pip leaves the row that it had in the wheel.
    return sorted(
        (row[0],) if row[0].startswith("../../../bin/") else tuple(row)
        for row in rows
        if not row[0].endswith((".pyc", ".data/scripts/made-script.py"))
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storing, list[StoredWheel], Path, Path]:
    """A store of good wheels, one environment linked to it, and one that pip has made."""
    directory = tmp_path_factory.mktemp("both")
    wheels = good_wheels(directory / "wheels")
    storing = make_storing(directory)
    stored = storing.take(wheels)
    assert storing.refused == {}
    linked = link(storing, stored, make_environment(directory / "linked"))
    by_pip = make_environment(directory / "by-pip")
    done = run_pip(by_pip, "install", "--no-index", "--no-deps", *map(str, wheels))
    assert done.returncode == 0, done.stderr
    return storing, stored, linked, by_pip


def test_the_tree_is_what_pip_makes(
    both: tuple[Storing, list[StoredWheel], Path, Path],
) -> None:
    _, _, linked, by_pip = both
    ours, theirs = tree_of(linked), tree_of(by_pip)
    # Of a wheel that was named by its path pip notes that path; this one is as from an index.
    theirs = {name: value for name, value in theirs.items() if not name.endswith("direct_url.json")}
    for name, value in theirs.items():
        if name.endswith("RECORD"):
            assert isinstance(value, list)
            theirs[name] = [row for row in value if not row[0].endswith("direct_url.json")]
    assert sorted(ours) == sorted(theirs)
    assert {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]} == {}


def test_modules_are_compiled_as_pip_compiles_them(
    both: tuple[Storing, list[StoredWheel], Path, Path],
) -> None:
    _, _, linked, by_pip = both

    def compiled(path: Path) -> set[str]:
        found = (path / "lib").rglob("*.pyc")
        return {str(each.relative_to(path)) for each in found}

    # A file that a wheel calls bytecode is not taken over.
    extra = {f"lib/python{MINOR}/site-packages/__pycache__/own.cpython-39.pyc"}
    assert compiled(linked) == compiled(by_pip) - extra


def test_pip_lists_checks_and_uninstalls_without_touching_the_store(
    both: tuple[Storing, list[StoredWheel], Path, Path],
) -> None:
    storing, wheels, linked, by_pip = both
    frozen = run_pip(linked, "list", "--format=freeze").stdout
    assert frozen == run_pip(by_pip, "list", "--format=freeze").stdout
    assert "plain==1.0" in frozen
    names = [wheel.name for wheel in wheels if not wheel.name.startswith("shares")]
    done = run_pip(linked, "uninstall", "-y", *names)
    assert done.returncode == 0, done.stderr
    left = tree_of(linked).keys() - tree_of(make_environment(linked.parent / "empty")).keys()
    assert {Path(name).name for name in left if ".dist-info" not in name} == {
        *("shared.py", "only_one.py", "only_two.py")
    }
    assert [each.defects for each in check_store(storing.store) if each.defects] == []


def test_scripts_run(storing: Storing, tmp_path: Path) -> None:
    stored = storing.take(good_wheels(tmp_path / "wheels"))
    environment = link(storing, stored, make_environment(tmp_path / "with space"))
    for name in ("made", "with-extra", "window", "by-shell"):
        done = subprocess.run(
            [environment / "bin" / name], capture_output=True, text=True, check=True
        )
        assert done.stdout == "it runs\n"


def test_files_are_shared_unless_they_are_to_be_copied(storing: Storing, tmp_path: Path) -> None:
    (wheel,) = storing.take([write_wheel(tmp_path, "one", {"one.py": MODULE})])
    shared = link(storing, [wheel], make_environment(tmp_path / "shared"))
    copied = link(storing, [wheel], make_environment(tmp_path / "copied"), "copy")
    module = f"lib/python{MINOR}/site-packages/one.py"
    assert (shared / module).stat().st_nlink > 1 or Linker("auto").method != "hard link"
    assert (copied / module).stat().st_nlink == 1
    assert os.access(copied / module, os.W_OK)
    assert tree_of(shared) == tree_of(copied)


@pytest.mark.parametrize("number", ["EXDEV", "EMLINK", "EPERM"])
def test_what_cannot_be_linked_is_copied(
    storing: Storing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    import errno

    (wheel,) = storing.take([write_wheel(tmp_path, "one", {"one.py": MODULE})])

    def refuse(source: str, target: str) -> None:
        raise OSError(getattr(errno, number), number)

    monkeypatch.setattr("os.link", refuse)
    environment = link(storing, [wheel], make_environment(tmp_path / "environment"))
    module = environment / f"lib/python{MINOR}/site-packages/one.py"
    assert module.read_bytes() == MODULE
    assert module.stat().st_nlink == 1


def test_wheels_with_different_files_of_one_name_are_left_to_pip(
    storing: Storing, tmp_path: Path
) -> None:
    one = write_wheel(tmp_path, "one", {"same.py": b"x = 1\n", "one.py": MODULE})
    two = write_wheel(tmp_path, "two", {"same.py": b"x = 2\n", "two.py": MODULE})
    stored = storing.take([one, two])
    environment = make_environment(tmp_path / "environment")
    before = tree_of(environment)
    with pytest.raises(WheelUnfit, match="both have"):
        link(storing, stored, environment)
    assert tree_of(environment) == before


def test_no_wheel_replaces_a_file_of_the_environment(storing: Storing, tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, "one", {"one-1.0.data/data/pyvenv.cfg": b"home = /tmp\n"})
    environment = make_environment(tmp_path / "environment")
    with pytest.raises(WheelUnfit, match=r"the environment itself both have pyvenv\.cfg"):
        link(storing, storing.take([wheel]), environment)


@pytest.mark.full
def test_what_pip_refuses_is_refused(storing: Storing, tmp_path: Path) -> None:
    """pip takes some wheels that the store leaves to it, but none the other way round."""
    accepted = {str(path): what for what, path in hostile_wheels(tmp_path / "wheels").items()}
    for path in accepted:
        stored = storing.take([Path(path)])
        environment = make_environment(tmp_path / "environment" / Path(path).parent.name)
        done = run_pip(environment, "install", "--no-index", "--no-deps", path)
        assert stored == [] or done.returncode == 0, accepted[path]
