"""Completion in real shells, and the manual page; both say what the parser says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from pysteward.tui.cli.completion import completion_script
from tests.man_page import FILE, page
from tests.support.terminal import end

# A line as far as it is typed, and what is offered for its last word, among other things.
OFFERED = [
    ("pysteward ", {"installations", "content", "build-python", "completion"}),
    ("pysteward bui", {"builds", "build-python"}),
    ("pysteward content ", {"list", "show", "rebuild", "ensure", "rollback", "remove"}),
    ("pysteward content re", {"rebuild", "remove"}),
    ("pysteward content rebuild --", {"--force", "--detach", "--json", "--config"}),
    ("pysteward upgrade --", {"--add", "--preflight", "--config"}),
    ("pysteward upgrade plan --matching ", {"exact", "major-minor", "nearest"}),
    ("pysteward completion ", {"bash", "zsh", "fish"}),
    ("pysteward deploy som", {"some.tar.gz"}),
    ("pysteward --state-dir dir", {"directory"}),
]
NEVER = {"--afresh", "--apply", "--orphaned", "restore"}

_IN_BASH = """
source "$1"
found=$(complete -p pysteward)
found=${found##*-F }
COMP_WORDS=($2)
case $2 in *" ") COMP_WORDS+=("") ;; esac
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
${found%% *}
printf '%s\\n' "${COMPREPLY[@]}"
"""


def in_bash(script: Path, line: str, directory: Path) -> set[str]:
    command = ["bash", "--norc", "-c", _IN_BASH, "bash", script, line]
    ended = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60)
    assert ended.stderr == ""
    return {word.strip() for word in ended.stdout.splitlines()}


def in_fish(script: Path, line: str, directory: Path) -> set[str]:
    command = ["fish", "--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"']
    ended = subprocess.run(
        [*command, script, line], cwd=directory, capture_output=True, text=True, timeout=60
    )
    assert ended.stderr == ""
    return {offered.partition("\t")[0].rstrip("/") for offered in ended.stdout.splitlines()}


def in_zsh(script: Path, line: str, directory: Path) -> set[str]:
    """What zsh lists below the line; it completes only in a terminal."""
    zsh = pexpect.spawn(
        "zsh", ["-f", "-i"], cwd=str(directory), encoding="utf-8", timeout=60, dimensions=(60, 160)
    )
    try:
        zsh.sendline("PS1='ready> '; unsetopt zle_bracketed_paste; zstyle ':completion:*' menu no")
        zsh.sendline("setopt no_auto_menu list_ambiguous no_always_last_prompt; LISTMAX=1000")
        zsh.sendline(f"fpath=({script.parent} $fpath); autoload -U compinit; compinit -u -D")
        zsh.sendline("bindkey '^Xl' list-choices; print begun")
        zsh.expect("\r\nbegun\r\n")
        zsh.expect("ready> ")
        zsh.send(line)
        zsh.send("\x18l")
        zsh.expect("ready> ")
        listed = zsh.before
        zsh.send("\x15exit\r")
        zsh.expect(pexpect.EOF)
    finally:
        end(zsh)
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]|\x07", "", listed)
    words = plain.partition("\n")[2].split()
    return {word.rstrip("/") for word in words}


SHELLS: dict[str, Callable[[Path, str, Path], set[str]]] = {
    "bash": in_bash,
    "fish": in_fish,
    "zsh": in_zsh,
}


@pytest.mark.parametrize(("line", "offered"), OFFERED, ids=[line for line, _ in OFFERED])
@pytest.mark.parametrize("shell", SHELLS)
def test_a_real_shell_completes(shell: str, line: str, offered: set[str], tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} on this machine")
    script = tmp_path / "scripts" / "_pysteward"
    script.parent.mkdir()
    script.write_text(completion_script(shell), "utf-8")
    directory = tmp_path / "folder"
    (directory / "directory").mkdir(parents=True)
    (directory / "some.tar.gz").touch()
    found = SHELLS[shell](script, line, directory)
    assert offered <= found
    assert not NEVER & found


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script_and_nothing_else(shell: str) -> None:
    command = [sys.executable, "-m", "pysteward.tui", "completion", shell]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == completion_script(shell)


def test_the_manual_page_says_what_the_parser_says() -> None:
    assert FILE.read_text("utf-8") == page(), "run python tests/man_page.py"


def test_the_manual_page_renders_without_a_warning() -> None:
    if shutil.which("man") is None:
        pytest.skip("no man on this machine")
    ended = subprocess.run(
        ["man", "--warnings=w", "-l", FILE],
        capture_output=True,
        text=True,
        timeout=60,
        env={
            "MANWIDTH": "80",
            "LC_ALL": "C.UTF-8",
            "PATH": "/usr/bin:/bin",
            "MAN_KEEP_STDERR": "1",
        },
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    for words in ("pysteward content rollback NAME", "--missing-python", "EXIT STATUS", "130"):
        assert words in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 80
