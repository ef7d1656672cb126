"""Who may import whom inside the terminal interface."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TUI = Path(__file__).parents[2] / "tui"
APP = TUI / "app"

# A part of the app imports only from its own line and from lines below it.
LAYERS = [
    {"app"},
    {"registry"},
    {"tabs"},
    {"dialogs"},
    {"screens"},
    {"log"},
    {"widgets"},
    {"analysis", "app_api", "messages", "source_switch", "themes"},
    {
        "actions",
        "background",
        "connect",
        "context",
        "demo",
        "demo_content",
        "demo_services",
        "list_memory",
        "places",
        "read_only",
        "running_builds",
        "session",
        "ssh",
        "theme_file",
    },
]
# Within a line these hold no others: each stands alone.
_TABS = sorted(path.name for path in (APP / "tabs").iterdir() if (path / "screen.py").exists())


def imports_of(file: Path) -> Iterator[tuple[str, ...]]:
    """Each path inside the package that a file imports, such as ("tui", "app", "actions")."""
    directory = ("tui", *file.relative_to(TUI).parent.parts)
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        base = (
            *directory[: len(directory) - node.level + 1],
            *filter(None, (node.module or "").split(".")),
        )
        if len(directory) < node.level:
            base = tuple(filter(None, (node.module or "").split(".")))
        yield from ((*base, alias.name) for alias in node.names)


def layer_of(part: str) -> int:
    found = [number for number, names in enumerate(LAYERS) if part in names]
    assert found, f"tui/app/{part} has no place among the layers"
    return found[0]


@pytest.mark.parametrize("file", sorted(APP.rglob("*.py")), ids=lambda p: str(p.relative_to(APP)))
def test_the_app_uses_core_terminal_and_start_and_its_own_parts_downward(file: Path) -> None:
    own = file.relative_to(APP).with_suffix("").parts[0]
    for target in imports_of(file):
        if target[0] != "tui":
            assert target[0] == "core", f"{file} imports {'.'.join(target)}"
        elif target[1] == "app":
            if own != "__init__" and len(target) > 2:
                assert layer_of(own) <= layer_of(target[2]), f"{file} imports {'.'.join(target)}"
        else:
            assert target[1] in ("terminal", "start", "services", "cli"), (
                f"{file} imports {'.'.join(target)}"
            )


@pytest.mark.parametrize("tab", _TABS)
def test_a_tab_imports_no_other_tab(tab: str) -> None:
    for file in (APP / "tabs" / tab).glob("*.py"):
        for target in imports_of(file):
            if target[:3] == ("tui", "app", "tabs"):
                assert target[3] == tab, f"{file} imports {'.'.join(target)}"


@pytest.mark.parametrize("file", sorted(APP.rglob("*.py")), ids=lambda p: str(p.relative_to(APP)))
def test_no_module_reads_the_private_names_of_another(file: Path) -> None:
    for target in imports_of(file):
        assert not any(part.startswith("_") for part in target if part != "__version__"), (
            f"{file} imports {'.'.join(target)}"
        )


@pytest.mark.parametrize("file", sorted((TUI / "terminal").glob("*.py")), ids=lambda p: p.stem)
def test_the_terminal_uses_the_ground_and_the_toolkit_only_where_it_must(file: Path) -> None:
    toolkit = {"driver", "key_queue", "escape_keys", "signals"}
    for target in imports_of(file):
        assert target[0] == "core" or target[1] == "terminal", f"{file} imports {'.'.join(target)}"
    if file.stem in toolkit:
        return
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and not node.level:
            assert (node.module or "").split(".")[0] != "textual", file
