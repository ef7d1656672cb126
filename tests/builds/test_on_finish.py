"""The command of `on-finish` learns what has ended and how; whatever it does changes no outcome."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pysteward.core.builds.on_finish import FILE, run_on_finish
from pysteward.tui.terminal.driver import OutputMinimizer
from pysteward.tui.terminal.notifications import notification
from tests.support.server import SampleServer


def test_it_gets_kind_id_and_outcome_as_arguments_and_no_shell_sees_them(tmp_path: Path) -> None:
    run_on_finish(["printf", "%s|"], "build", "$(id)", "failed; ls", output=tmp_path)
    assert (tmp_path / FILE).read_text() == "build|$(id)|failed; ls|"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["no-such-program"], "no-such-program is not a program"),
        (["false"], "exit status 1"),
    ],
)
def test_what_fails_stands_in_its_file(command: list[str], said: str, tmp_path: Path) -> None:
    run_on_finish(command, "build", "1", "succeeded", output=tmp_path)
    assert said in (tmp_path / FILE).read_text()


def test_without_a_command_nothing_is_written(tmp_path: Path) -> None:
    run_on_finish([], "plan", "1", "succeeded", output=tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root relies on who owns a program")
def test_root_runs_no_program_that_others_could_replace(tmp_path: Path) -> None:
    program = tmp_path / "hook"
    program.write_text("#!/bin/sh\necho it ran\n")
    program.chmod(0o777)
    run_on_finish([str(program)], "build", "1", "failed", output=tmp_path)
    assert "is not run as root" in (tmp_path / FILE).read_text()


def test_the_worker_runs_it_with_the_build(server: SampleServer) -> None:
    server.lines.append(f"on-finish = {json.dumps(['printf', '%s '])}")
    done = server.run("deploy", server.bundle(), "--json")
    build = json.loads(done.stdout)
    server.end(server.record(build["build"]).build())
    directory = server.record(build["build"]).directory
    assert (directory / FILE).read_text() == f"build {build['build']} succeeded "


@pytest.mark.parametrize("how", ["osc9", "osc777"])
@pytest.mark.parametrize("tmux", [False, True])
def test_a_notification_reaches_the_terminal_as_it_is_and_carries_no_other_command(
    how: str, tmux: bool
) -> None:
    sequence = notification(how, "a\x1b]0;b\x07\nc: failed", tmux=tmux)
    assert sequence.count("\x07") == 1
    assert "\n" not in sequence
    minimizer = OutputMinimizer()
    minimizer.columns = 80
    assert sequence in minimizer.shorten(sequence)
