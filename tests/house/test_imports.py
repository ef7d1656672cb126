"""Who may import whom, as core/README.md draws it; and that commands import only what they use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import NAMES

ROOT = Path(__file__).parents[2]

# A module of core imports only from lines above its own; those of the first line also each other.
LAYERS = [
    {
        *("errors", "file_io", "findings", "frozen", "json_values", "lazy", "package_names"),
        *("removal", "safe_text", "secrets", "source_text", "times", "trust", "users", "versions"),
    },
    {"toml_text", "archives", "state", "processes", "matching", "distributions", "lockfiles"},
    {"settings", "scenarios", "bundles", "installations", "wheels"},
    {"server", "resolution"},
    {"environments"},
    {"diagnosis", "running"},
    {"builds"},
    {"content", "source_builds"},
    {"cluster"},
    {"upgrades"},
    {"services"},
    {"remotes"},
]


def layer_of(name: str) -> int:
    found = [number for number, names in enumerate(LAYERS) if name in names]
    assert found, f"{name} has no place among the layers"
    return found[0]


def imports(file: Path) -> Iterator[tuple[int, str, list[str]]]:
    """Each relative import of a file: its level, its module, its names."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.level, node.module or "", [alias.name for alias in node.names]


def is_face(path: list[str]) -> bool:
    """Whether this is a directory: a directory within a directory has a face of its own."""
    return len(path) == 1 or (ROOT / "core").joinpath(*path).is_dir()


def core_imports() -> Iterator[tuple[Path, list[str]]]:
    """Each file of core with each path inside core that it imports."""
    for file in sorted((ROOT / "core").rglob("*.py")):
        directory = file.relative_to(ROOT / "core").parent.parts
        for level, module, names in imports(file):
            base = [*directory[: len(directory) - level + 1], *filter(None, module.split("."))]
            yield from ((file, [*base, name]) for name in names) if not base else [(file, base)]


def test_core_imports_nothing_of_the_interface() -> None:
    for file in (ROOT / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name.split(".")[0] not in ("textual", "rich", "pysteward"), file


def test_core_imports_run_from_effects_to_pure_decisions() -> None:
    for file, target in core_imports():
        own = file.relative_to(ROOT / "core").with_suffix("").parts[0]
        if own in ("__init__", target[0]):
            continue
        if target[0] == "__version__":
            continue
        assert layer_of(target[0]) < layer_of(own) or (layer_of(target[0]) == layer_of(own) == 0), (
            f"{file} imports {'.'.join(target)}"
        )


def test_a_directory_of_core_is_used_only_through_its_face() -> None:
    for file, target in core_imports():
        own = file.relative_to(ROOT / "core").with_suffix("").parts[0]
        if target[0] != own and (ROOT / "core" / target[0]).is_dir():
            assert is_face(target), f"{file} reaches into {'.'.join(target)}"


def test_the_interface_uses_core_only_through_its_faces() -> None:
    for file in (ROOT / "tui").rglob("*.py"):
        for _, module, _ in imports(file):
            parts = module.split(".")
            if parts[0] == "core" and len(parts) > 2:
                assert is_face(parts[1:]), f"{file} reaches into {module}"


def test_no_command_imports_the_interface_or_what_it_does_not_use() -> None:
    heavy = ("textual", "rich", "virtualenv", "tomlkit", "asyncio")
    commands = [path.stem for path in (ROOT / "tui" / "cli" / "commands").glob("*.py")]
    code = (
        "import sys, importlib\n"
        f"for name in {[name for name in commands if name != '__init__']!r}:\n"
        "    importlib.import_module('pysteward.tui.cli.commands.' + name)\n"
        f"    loaded = [m for m in {heavy!r} if m in sys.modules]\n"
        "    assert not loaded, (name, loaded)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_version_is_told_without_importing_the_engine() -> None:
    code = (
        "import sys\n"
        "from pysteward.tui.__main__ import main\n"
        "try:\n    main(['--version'])\n"
        "except SystemExit as end:\n    assert end.code == 0\n"
        "engine = [m for m in sys.modules if m.startswith('pysteward.core.')]\n"
        "assert engine == ['pysteward.core.errors', 'pysteward.core.safe_text'] or "
        "set(engine) <= {'pysteward.core.errors', 'pysteward.core.safe_text'}, engine\n"
        "assert not {'packaging', 'json', 'sqlite3', 'subprocess'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, capture_output=True)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_one_module_owns_each_stream(stream: str) -> None:
    owners = {
        "stdout": {"tui/output.py", "tui/__main__.py"},
        "stderr": {"tui/messages.py", "tui/__main__.py"},
    }
    asks_what_they_are = "tui/terminal/capabilities.py"
    for directory in ("core", "tui"):
        for file in (ROOT / directory).rglob("*.py"):
            name = file.relative_to(ROOT).as_posix()
            if name.startswith("core/running/_") and not name.endswith("__.py"):
                continue  # runs on the content's interpreter, its streams are a log
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                writes = (
                    isinstance(node, ast.Attribute)
                    and node.attr == stream
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "sys"
                )
                prints = (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id == "print"
                )
                assert not (writes and name not in owners[stream] | {asks_what_they_are}), name
                assert not prints, f"{name} prints"


def test_no_name_that_a_room_offers_is_the_name_of_one_of_its_modules() -> None:
    """Importing a module sets it in its package, in place of the name that the stub offers."""
    for stub in (ROOT / "core").rglob("__init__.pyi"):
        offered = {
            alias.name
            for node in ast.walk(ast.parse(stub.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert not offered & {path.stem for path in stub.parent.glob("*.py")}, stub


@pytest.mark.parametrize("stub", sorted((ROOT / "core").rglob("__init__.pyi")), ids=str)
def test_a_stub_offers_only_what_its_modules_define(stub: Path) -> None:
    for node in ast.walk(ast.parse(stub.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            module = ast.parse((stub.parent / f"{node.module}.py").read_text("utf-8"))
            defined = {name for item in module.body for name in names_of(item)}
            assert {alias.name for alias in node.names} <= defined, node.module


def names_of(item: ast.stmt) -> set[str]:
    """What a statement at the top of a module defines."""
    if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {item.name}
    targets = item.targets if isinstance(item, ast.Assign) else [getattr(item, "target", None)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def test_the_first_page_imports_nothing_that_only_other_screens_need(tmp_path: Path) -> None:
    hanging = tmp_path / "python3"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o755)
    settings = tmp_path / "pysteward.toml"
    settings.write_text(f'[python]\nenabled = true\nexecutables = ["{hanging}"]\n')
    script = (
        "import asyncio, sys\n"
        "from pysteward.tui.app.app import StewardApp\n"
        "from pysteward.core.server import Server\n"
        "from pysteward.tui.services.backend import LocalBackend\n"
        "from pysteward.tui.terminal.capabilities import Terminal\n"
        f"server = Server({str(settings)!r}, {str(tmp_path / 'state')!r})\n"
        "async def look():\n"
        "    app = StewardApp(LocalBackend(server), Terminal())\n"
        "    async with app.run_test() as pilot:\n"
        "        await pilot.pause()\n"
        "        assert app.session.analyzing\n"
        "        unwanted = {'pysteward.core.services.content', 'pysteward.core.source_builds',\n"
        "            'pysteward.core.bundles', 'pysteward.core.diagnosis', 'packaging'}\n"
        "        found = unwanted & set(sys.modules)\n"
        "        assert not found, found\n"
        "asyncio.run(look())\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize(
    "file", sorted((ROOT / "tests" / "benchmarks").glob("*.py")), ids=lambda file: file.stem
)
def test_a_benchmark_still_finds_what_it_measures(file: Path) -> None:
    load = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='looked at')"
    ended = subprocess.run(
        [sys.executable, "-c", load, file], capture_output=True, text=True, cwd=ROOT
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_benchmark_says_how_it_is_started(name: str) -> None:
    text = (ROOT / "tests" / "benchmarks" / f"{name}.py").read_text("utf-8")
    assert f"\n    python -m tests.benchmarks.{name}" in (
        ast.get_docstring(ast.parse(text), False) or ""
    )


def test_every_benchmark_is_among_those_that_run_together() -> None:
    files = {file.stem for file in (ROOT / "tests" / "benchmarks").glob("*.py")}
    assert files - {"__main__", "promises"} == set(NAMES)
