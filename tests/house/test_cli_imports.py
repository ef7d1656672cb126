"""The command line imports neither the app nor what a command does not use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TUI = Path(__file__).parents[2] / "tui"
# By importer: what it may import of tui besides itself, as house.md has it.
ALLOWED = {
    "cli": {
        "output",
        "messages",
        "start",
        "terminal.capabilities",
        "terminal.symbols",
        "terminal.build_strip",
        "services",
    },
    "output": set[str](),
    "messages": set[str](),
    "start": {"services"},
    "linear": {
        *("output", "services", "start", "visit", "terminal.build_strip"),
        *("app.actions", "app.registry", "app.session", "app.ssh", "app.demo_content"),
        *("app.tabs.simulator.model", "app.tabs.simulator.quiz", "app.tabs.simulator.tour"),
        *("app.tabs.upgrade.model", "app.tabs.upgrade.preview", "app.log.saving"),
    },
    "visit": {"messages"},
    "launch": {"app", "linear", "terminal", "messages", "start", "services", "visit"},
    "__main__": {"cli", "launch", "messages", "output"},
}
FORBIDDEN = {"app": {"cli", "output", "messages", "launch"}, "terminal": {"cli", "output"}}


def imports(file: Path) -> Iterator[str]:
    """The modules of tui that a file imports, by their dotted names below tui."""
    directory = file.relative_to(TUI).parent.parts
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not 0 < node.level <= len(directory) + 1:
            continue
        base = directory[: len(directory) - node.level + 1]
        if node.module is not None:
            yield ".".join((*base, node.module))
        else:
            yield from (".".join((*base, alias.name)) for alias in node.names)


def files_of(owner: str) -> list[Path]:
    module = TUI / f"{owner}.py"
    return [module] if module.exists() else sorted((TUI / owner).rglob("*.py"))


def is_in(name: str, places: set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


@pytest.mark.parametrize("owner", ALLOWED)
def test_the_command_line_imports_only_what_it_may(owner: str) -> None:
    for file in files_of(owner):
        for name in imports(file):
            assert is_in(name, ALLOWED[owner] | {owner}), f"{file} imports {name}"


@pytest.mark.parametrize("owner", FORBIDDEN)
def test_nothing_of_the_interface_imports_the_command_line(owner: str) -> None:
    # Words of upgrades that both faces use are on their way to core.
    exceptions = {"cli.upgrade_tables"}
    for file in files_of(owner):
        for name in imports(file):
            assert name in exceptions or not is_in(name, FORBIDDEN[owner]), f"{file}: {name}"


def test_only_completion_imports_shtab() -> None:
    for file in TUI.rglob("*.py"):
        names = {
            alias.name
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert "shtab" not in names or file == TUI / "cli" / "completion.py", file
