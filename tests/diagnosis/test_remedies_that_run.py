"""What remedies name exists: options and variables, asked of pip and uv themselves."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from virtualenv.seed.wheels.embed import BUNDLE_SUPPORT, get_embed_wheel

from pysteward.core import diagnosis
from pysteward.core.environments.uv import find_uv

DIRECTORY = Path(diagnosis.__file__).parent
_COMMAND = re.compile(r"`[^`]{0,80}?\b(pip|uv)( pip)? ([a-z][a-z-]+)\b([^`|]*)`")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_VARIABLE = re.compile(r"\b(?:PIP|UV)_[A-Z][A-Z_]+\b")


@cache
def texts() -> tuple[str, ...]:
    """Every text of the rules, checks and pages that a person may read."""
    found = [(DIRECTORY / "pages.txt").read_text("utf-8")]
    for file in sorted(DIRECTORY.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return tuple(found)


def commands(program: str) -> Iterator[tuple[str, str]]:
    """Each subcommand of a program that a text names, with one of its options."""
    for text in texts():
        for match in _COMMAND.finditer(text):
            if match[1] == program:
                named = f"pip {match[3]}" if match[2] else match[3]
                yield from ((named, option) for option in _OPTION.findall(match[4]))


def variables(prefix: str) -> set[str]:
    named = {name for text in texts() for name in _VARIABLE.findall(text)}
    return {name for name in named if name.startswith(prefix)}


_HELP = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pip._internal.commands import create_command
print(json.dumps({name: create_command(name).parser.format_help() for name in sys.argv[2:]}))
"""


def _help_of_pip(wheel: Path, names: set[str]) -> dict[str, str]:
    """What each command of a pip says of its options, in one process: it starts slowly."""
    run = [sys.executable, "-I", "-c", _HELP, str(wheel), *sorted(names)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    return dict(json.loads(said))


def _pips() -> dict[str, Path]:
    """The releases of pip that virtualenv brings and that this Python runs, by file name."""
    wheels = {get_embed_wheel("pip", line) for line in BUNDLE_SUPPORT}
    numbers = {wheel.path.name: wheel.path for wheel in wheels if wheel is not None}
    return {
        name: path for name, path in numbers.items() if int(name.split("-")[1].split(".")[0]) > 25
    }


@pytest.mark.parametrize("name", sorted(_pips()))
def test_pip_knows_the_options_and_variables_of_remedies(name: str) -> None:
    named = set(commands("pip"))
    known = _help_of_pip(_pips()[name], {"install", *(each[0] for each in named)})
    unknown = [each for each in named if each[1] not in known[each[0]]]
    assert not unknown
    # A variable stands for the option of that name (pip's user guide, "Environment variables").
    options = {f"--{each[4:].lower().replace('_', '-')}" for each in variables("PIP_")}
    assert {each for each in options if each not in known["install"]} <= {"--config-file"}


def test_uv_knows_the_options_and_variables_of_remedies() -> None:
    uv = find_uv(None)
    if uv is None:
        pytest.skip("uv is not installed here")
    for command, option in set(commands("uv")):
        run = [str(uv), *command.split(), "--help"]
        said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
        assert option in said, (command, option)
    program = Path(uv).resolve().read_bytes()
    named = variables("UV_") - {"UV_INDEX_NAME_PASSWORD", "UV_INDEX_NAME_USERNAME"}
    assert not {each for each in named if each.encode() not in program}
