"""A Python from its source, the whole machine: worker, phases, ends good and bad, settings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from pysteward.core.builds import (
    Build,
    Phase,
    cancel,
    find,
    follow,
    list_builds,
    show,
)
from pysteward.core.content import retry
from pysteward.core.errors import BuildError, StateError
from pysteward.core.installations import UNFINISHED_MARK, analyze
from pysteward.core.settings import load
from pysteward.core.source_builds import PythonOptions, build_python
from tests.source_builds.sources import Workshop
from tests.support.server import altered, is_running, worker_of
from tests.support.waiting import wait_for


def begin(workshop: Workshop, source: Path, **wanted: object) -> Build:
    asked = PythonOptions(workshop.prefix, **wanted)
    return build_python(workshop.server.configured, source, asked)


def phases(workshop: Workshop, build: Build) -> list[str]:
    events = follow(workshop.server.record(build.id), log=False, wait=False)
    names = [event.name for event in events if isinstance(event, Phase)]
    return list(dict.fromkeys(names))


def hanging(workshop: Workshop) -> tuple[Path, Path]:
    """A source whose compiler hangs, with a daemon besides; and the file that names both."""
    file = workshop.directory / "numbers"
    script = f"setsid sleep 600 & echo $$! $$$$ > {file}.new && mv {file}.new {file}; sleep 600"
    return workshop.source(compiling=f"@touch @prefix@/half; {script}"), file


def numbers(file: Path) -> list[int]:
    return wait_for(lambda: file.exists() and list(map(int, file.read_text().split())))


def test_a_python_is_compiled_installed_completed_and_checked(workshop: Workshop) -> None:
    build = begin(workshop, workshop.working_source())
    assert build.content == f"Python {workshop.real.text}"
    assert build.is_running
    assert build.python is None
    ended = workshop.server.end(build)
    log = ended.log.read_text()
    assert ended.outcome == "succeeded", log
    assert phases(workshop, build) == [
        *("unpack", "configure", "compile", "install", "packages", "check", "done")
    ]
    assert ended.python is not None
    assert (ended.python.version, ended.python.executable) == (
        workshop.real.text,
        str(workshop.program),
    )
    assert ended.environment is not None
    assert ended.environment.path == str(workshop.prefix)
    assert [name for name, _ in ended.packages] == ["pip", "virtualenv"]
    assert f"--prefix={workshop.prefix} --enable-shared" in log
    assert f"-Wl,-rpath,{workshop.prefix}/lib" in log

    (found,) = analyze([str(workshop.program)]).installations
    assert found.usable, found.problems
    assert not (workshop.prefix / UNFINISHED_MARK).exists()
    assert not ended.directory.joinpath("work").exists()

    (row,) = list_builds(workshop.server.state_dir)
    assert (row.id, row.content, row.outcome) == (build.id, build.content, "succeeded")
    with pytest.raises(StateError, match="pysteward build-python"):
        retry(workshop.server.configured, build.id)
    with pytest.raises(BuildError, match="not empty"):
        begin(workshop, workshop.working_source())


def test_the_command_adds_what_it_installed_to_the_settings(workshop: Workshop) -> None:
    source = workshop.working_source()
    settings = workshop.server.settings()
    ended = workshop.server.run(
        "build-python", "install", source, "--prefix", workshop.prefix, "--add"
    )
    assert ended.returncode == 0, ended.stderr
    assert f'+executables = ["{workshop.program}"]' in ended.stdout
    assert "configure was given" in ended.stderr
    assert load(settings).executables == (str(workshop.program),)


def test_a_detached_build_goes_on_and_is_shown_followed_and_exported(workshop: Workshop) -> None:
    server = workshop.server
    source = workshop.working_source()
    started = server.run(
        *("build-python", "install", source, "--prefix", workshop.prefix, "--detach", "--json")
    )
    assert started.returncode == 0, started.stderr
    document = json.loads(started.stdout)
    build = document["build"]
    assert document["outcome"] == "running"
    assert document["content"] == f"Python {workshop.real.text}"
    assert document["environment"] is None
    assert server.run("builds", "log", build, "--follow").returncode == 0
    shown = json.loads(server.run("builds", "show", build, "--json").stdout)
    assert shown["outcome"] == "succeeded"
    assert shown["python"]["executable"] == str(workshop.program)
    assert f"Python {workshop.real.text}" in server.run("builds", "show", build).stdout
    exported = server.run("builds", "export", build, workshop.directory)
    assert exported.returncode == 0, exported.stderr
    assert server.settings().read_text().count(str(workshop.prefix)) == 0


@pytest.mark.parametrize("step", ["configuring", "compiling", "installing"])
def test_a_step_that_fails_leaves_a_record_and_nothing_in_the_prefix(
    workshop: Workshop, step: str
) -> None:
    failing = "echo 'fatal error: openssl/ssl.h: No such file or directory' >&2; exit 3"
    before = "" if step == "configuring" else "@touch @prefix@/half; "
    source = workshop.source(**{step: f"{before}{failing}"})
    ended = workshop.server.end(begin(workshop, source))
    assert ended.outcome == "failed"
    assert ended.python is None
    assert ended.phase == {"configuring": "configure", "compiling": "compile"}.get(step, "install")
    assert ended.findings, ended.log.read_text()
    assert ended.findings[0].evidence
    assert not workshop.prefix.exists()


def test_what_installs_no_python_is_a_failure(workshop: Workshop) -> None:
    source = workshop.source(
        installing=f"mkdir @prefix@/bin; echo x > @prefix@/bin/{workshop.real.line}"
    )
    ended = workshop.server.end(begin(workshop, source))
    assert ended.outcome == "failed"
    assert not workshop.prefix.exists()


@pytest.mark.full
def test_a_python_without_virtualenv_stays_and_is_not_called_usable(workshop: Workshop) -> None:
    (wheel,) = workshop.server.packages.glob("virtualenv-*.whl")
    wheel.unlink()
    ended = workshop.server.end(begin(workshop, workshop.working_source()))
    log = ended.log.read_text()
    assert ended.outcome == "failed"
    assert ended.python is None
    assert f"{workshop.program} -m pip install virtualenv" in log
    assert "whole, but cannot be used yet" in log
    assert ended.findings
    (found,) = analyze([str(workshop.program)]).installations
    assert [problem.code for problem in found.reasons_against] == ["virtualenv-missing"]


@pytest.mark.full
def test_a_python_without_virtualenv_is_enough_for_venv(workshop: Workshop) -> None:
    (wheel,) = workshop.server.packages.glob("virtualenv-*.whl")
    wheel.unlink()
    workshop.server.lines.append('environment-creator = "venv"')
    ended = workshop.server.end(begin(workshop, workshop.working_source()))
    assert ended.outcome == "succeeded", ended.log.read_text()


def test_a_cancelled_build_ends_with_all_its_processes_and_clears_the_prefix(
    workshop: Workshop,
) -> None:
    source, file = hanging(workshop)
    workshop.prefix.mkdir(parents=True)
    build = begin(workshop, source)
    processes = numbers(file)
    with pytest.raises(BuildError, match=f"build {build.id} is installing"):
        begin(workshop, source)
    assert show(workshop.server.state_dir, build.id).phase == "compile"
    assert cancel(workshop.server.state_dir, build.id, "somebody")
    ended = workshop.server.end(build)
    assert ended.outcome == "cancelled"
    assert not any(map(is_running, processes))
    assert workshop.prefix.is_dir(), "it was there before"
    assert not any(workshop.prefix.iterdir())


def test_the_time_limit_ends_a_build(workshop: Workshop) -> None:
    workshop.server.lines.append("build-timeout = 1")
    source, file = hanging(workshop)
    ended = workshop.server.end(begin(workshop, source))
    assert ended.outcome == "failed"
    assert "time limit of 1 seconds" in ended.log.read_text()
    assert not any(map(is_running, numbers(file)))
    assert not workshop.prefix.exists()


def test_what_a_killed_build_left_is_marked_and_taken_over_by_the_same_source_only(
    workshop: Workshop,
) -> None:
    source, file = hanging(workshop)
    build = begin(workshop, source)
    numbers(file)
    os.kill(worker_of(workshop.server.record(build.id)), signal.SIGKILL)
    assert workshop.server.end(build).outcome == "interrupted"
    assert (workshop.prefix / UNFINISHED_MARK).exists()
    assert (workshop.prefix / "half").exists()

    other = workshop.working_source()
    with pytest.raises(BuildError, match="of another source"):
        begin(workshop, other)
    assert (workshop.prefix / "half").exists()

    source, file = hanging(workshop)
    file.unlink()
    again = begin(workshop, source)
    numbers(file)
    assert cancel(workshop.server.state_dir, again.id, "somebody")
    assert workshop.server.end(again).outcome == "cancelled"
    assert not any(workshop.prefix.iterdir())


@pytest.mark.full
def test_a_python_that_is_still_being_installed_is_not_usable(workshop: Workshop) -> None:
    ended = workshop.server.end(begin(workshop, workshop.working_source()))
    assert ended.outcome == "succeeded", ended.log.read_text()
    (workshop.prefix / UNFINISHED_MARK).touch()
    (found,) = analyze([str(workshop.program)]).installations
    assert [problem.code for problem in found.reasons_against] == ["unfinished"]


def test_a_prefix_that_holds_something_is_refused_and_left_alone(workshop: Workshop) -> None:
    workshop.prefix.mkdir(parents=True)
    (workshop.prefix / "precious").touch()
    ended = workshop.server.run(
        *("build-python", "install", workshop.working_source(), "--prefix", workshop.prefix),
        "--json",
    )
    assert ended.returncode == 2
    assert json.loads(ended.stdout)["error"]["code"] == "prefix-not-empty"
    assert [path.name for path in workshop.prefix.iterdir()] == ["precious"]
    assert list_builds(workshop.server.state_dir) == ()
    assert not any((workshop.server.state_dir / "builds").glob("2*"))


@pytest.mark.parametrize("name", ["with blank", "with:colon", "with,comma", "with$dollar", "q'"])
def test_a_prefix_that_make_cannot_deal_with_is_refused(workshop: Workshop, name: str) -> None:
    with pytest.raises(BuildError, match="must not have"):
        build_python(
            workshop.server.configured,
            workshop.working_source(),
            PythonOptions(workshop.directory / name),
        )


def test_missing_dependencies_are_named_before_and_refused_if_strict(workshop: Workshop) -> None:
    empty = workshop.directory / "empty"
    empty.mkdir()
    workshop.server.environment["PATH"] = str(empty)
    source = workshop.source()
    with pytest.raises(BuildError, match=r"missing to compile .* a C compiler, make"):
        begin(workshop, source, strict=True)
    assert not workshop.prefix.exists()
    ended = workshop.server.end(begin(workshop, source))
    assert "a C compiler, make" in ended.notices[0]
    assert ended.outcome == "failed"
    assert not workshop.prefix.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_root_nothing_of_the_archive_runs_as_root(workshop: Workshop) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="pysteward-test-") as directory:
        place = Path(directory)
        place.chmod(0o755)
        who = "id -un; touch @prefix@/written"
        source = workshop.source("id -un", who, f"{who}; stat -c '%U of the prefix' @prefix@")
        server = altered(workshop.server.configured, state_dir=place / "state", run_as="nobody")
        build = build_python(server, source, PythonOptions(place / "opt" / "python"))
        for _ in follow(find(server.state_dir, build.id), log=False):
            pass
        ended = show(server.state_dir, build.id)
        said = ended.log.read_text().splitlines()
        assert said.count("nobody") == 3, said
        assert "root" not in said
        assert "nobody of the prefix" in said
        assert not (place / "opt" / "python").exists()


def test_the_command_line_is_checked_before_anything_begins(workshop: Workshop) -> None:
    run = workshop.server.run
    source = workshop.source()
    for arguments in (
        (),
        ("3.11.9",),
        ("script",),
        ("script", "3.2.1"),
        ("script", "3.11.9", "--distribution", "plan9"),
        ("install", source, "--jobs", "0"),
        ("install", source, "--add", "--detach"),
        ("install", "3.11.9", source),
        ("install", workshop.directory / "absent.tgz"),
    ):
        ended = run("build-python", *arguments)
        assert ended.returncode == 2, arguments
        assert ended.stderr.startswith("pysteward: "), ended.stderr
        assert ended.stderr.count("\n") == 1, ended.stderr


def test_the_script_goes_to_standard_output_and_nothing_else(workshop: Workshop) -> None:
    ended = workshop.server.run("build-python", "script", "3.11.9", "--distribution", "rhel-9")
    assert ended.stderr == ""
    assert ended.stdout.startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n"], input=ended.stdout, text=True, check=True)
