"""The commands that build, and what becomes of a build when its terminal goes away."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from pysteward.core.builds import list_builds, show
from tests.support.server import WHO, SampleServer, is_running, seen_outside
from tests.support.waiting import wait_for
from tests.support.wheels import make_sdist

DEPLOY = {
    *("build", "content", "outcome", "phase", "reused", "python", "environment", "log"),
    *("started", "finished", "skipped", "findings"),
}


def hanging(server: SampleServer, tmp_path: Path) -> Path:
    """A bundle whose build hangs; the file beside it names the process that does."""
    server.packages = tmp_path / "hanging"
    file = tmp_path / "number"
    doing = f"import time\nopen({str(file)!r}, 'w').write({WHO})\ntime.sleep(600)"
    make_sdist(server.packages, "hanging", while_building=doing)
    return server.bundle("hanging", "hanging\n")


def builder(tmp_path: Path) -> int:
    file = tmp_path / "number"
    return wait_for(
        lambda: file.exists() and file.read_text().endswith("\n") and seen_outside(file.read_text())
    )


def test_deploy_prints_its_result_and_says_the_rest_beside_it(server: SampleServer) -> None:
    bundle = server.bundle()
    ended = server.run("deploy", bundle, "--json")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    assert set(document) >= DEPLOY
    assert document["outcome"] == "succeeded"
    assert document["reused"] is False
    assert set(document["python"]) == {"version", "executable", "rule"}
    assert set(document["environment"]) == {"id", "path"}
    assert f"Creating environment: {document['environment']['id']}" in ended.stderr
    assert Path(document["log"]).read_text() in ended.stderr

    again = server.run("deploy", bundle)
    assert again.returncode == 0
    assert f"Using cached environment: {document['environment']['id']}" in again.stderr
    assert "app: succeeded, using a cached environment" in again.stdout

    named = server.run("deploy", bundle, "--content", "other", "--detach", "--json")
    assert json.loads(named.stdout)["content"] == "other"

    shown = json.loads(server.run("builds", "show", document["build"], "--json").stdout)
    assert shown == document
    listed = json.loads(server.run("builds", "list", "--json").stdout)["builds"]
    assert [row["content"] for row in listed] == ["other", "app", "app"]
    assert listed[-1]["environment"] == document["environment"]
    content = json.loads(server.run("content", "--json").stdout)["content"]
    assert [(row["name"], row["outcome"]) for row in content] == [
        ("app", "succeeded"),
        ("other", "succeeded"),
    ]
    log = server.run("builds", "log", document["build"])
    assert log.stdout == Path(document["log"]).read_text()
    rebuilt = server.run("content", "rebuild", "app", "--json")
    assert json.loads(rebuilt.stdout)["reused"] is True

    file = server.directory / "record.tar.gz"
    assert server.run("builds", "export", document["build"], file).returncode == 0
    assert file.exists()
    assert server.run("builds", "remove", document["build"]).returncode == 0
    assert server.run("builds", "show", document["build"]).returncode == 2
    assert server.run("content", "remove", "app").returncode == 0
    remaining = json.loads(server.run("builds", "list", "--json").stdout)["builds"]
    assert [row["content"] for row in remaining] == ["other"]


def test_a_failure_is_status_1_and_tells_cause_and_remedy(server: SampleServer) -> None:
    bundle = server.bundle(requirements="nothing-like-this\n")
    ended = server.run("deploy", bundle)
    assert ended.returncode == 1
    assert "app: failed" in ended.stdout
    assert "remedy: " in ended.stdout
    build = list_builds(server.state_dir)[0].id
    assert server.run("builds", "show", build).returncode == 1
    assert server.run("builds", "retry", build, "--json").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("deploy", "absent.tar.gz"), "bundle-invalid"),
        (("builds", "show", "absent"), "build-unknown"),
        (("builds", "cancel", "../../etc"), "build-unknown"),
        (("builds", "show", ""), "build-unknown"),
        (("content", "rebuild", "absent"), "content-unknown"),
        (("content", "remove", "absent"), "content-unknown"),
        (("content", "show", "absent"), "content-unknown"),
    ],
)
def test_what_cannot_be_is_status_2_and_one_document(
    server: SampleServer, arguments: tuple[str, ...], code: str
) -> None:
    ended = server.run(*arguments, "--json")
    assert ended.returncode == 2
    assert json.loads(ended.stdout)["error"]["code"] == code
    assert len(ended.stderr.splitlines()) == 1


def test_a_detached_build_goes_on_is_watched_and_cancelled_from_elsewhere(
    server: SampleServer, tmp_path: Path
) -> None:
    started = server.run("deploy", hanging(server, tmp_path), "--detach", "--json")
    document = json.loads(started.stdout)
    assert document["outcome"] == "running"
    assert document["finished"] is None
    process = builder(tmp_path)
    listed = json.loads(server.run("builds", "--json").stdout)["builds"]
    assert [(row["outcome"], row["phase"]) for row in listed] == [("running", "build")]
    assert server.run("builds", "remove", document["build"]).returncode == 2
    watching = server.start("builds", "log", document["build"], "--follow")
    ended = server.run("builds", "cancel", document["build"], "--json")
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["outcome"] == "cancelled"
    seen, _ = watching.communicate(timeout=200)
    assert "pysteward: build cancelled by" in seen.splitlines()[-1]
    assert watching.returncode == 1
    assert not is_running(process)


def test_an_interrupt_without_a_terminal_cancels_without_asking(
    server: SampleServer, tmp_path: Path
) -> None:
    process = server.start("deploy", hanging(server, tmp_path), "--json")
    number = builder(tmp_path)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=200)
    assert process.returncode == 130
    assert json.loads(out)["outcome"] == "cancelled"
    assert not is_running(number)


def terminal(server: SampleServer, bundle: Path) -> pexpect.spawn:
    command, *arguments = server.command("deploy", bundle)
    return pexpect.spawn(
        command,
        arguments,
        encoding="utf-8",
        timeout=200,
        echo=False,
        # nohup has what it starts ignore it, these tests included.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )


def test_ctrl_c_asks_and_yes_cancels(server: SampleServer, tmp_path: Path) -> None:
    program = terminal(server, hanging(server, tmp_path))
    number = builder(tmp_path)
    program.sendintr()
    program.expect_exact("Cancel the build?")
    assert is_running(number)
    program.sendline("y")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 130
    assert not is_running(number)
    assert [row.outcome for row in list_builds(server.state_dir)] == ["cancelled"]


@pytest.mark.parametrize("answer", ["n", "", None])
def test_ctrl_c_asks_and_anything_else_leaves_the_build_running(
    server: SampleServer, tmp_path: Path, answer: str | None
) -> None:
    program = terminal(server, hanging(server, tmp_path))
    number = builder(tmp_path)
    program.sendintr()
    program.expect_exact("Cancel the build?")
    if answer is None:
        program.sendintr()
    else:
        program.sendline(answer)
    program.expect_exact("continues; see pysteward builds log")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 130
    (row,) = list_builds(server.state_dir)
    assert row.outcome == "running"
    assert is_running(number)
    assert server.run("builds", "cancel", row.id).returncode == 0
    assert not is_running(number)


def test_closing_the_terminal_lets_the_build_finish(server: SampleServer) -> None:
    program = terminal(server, server.bundle())
    program.expect_exact("Creating environment: ")
    program.close(force=False)  # the terminal goes away: SIGHUP
    wait_for(lambda: not program.isalive())
    (row,) = list_builds(server.state_dir)
    wait_for(lambda: not show(server.state_dir, row.id).is_running)
    assert show(server.state_dir, row.id).outcome == "succeeded"


def test_with_hangups_ignored_the_status_is_the_outcome_though_the_terminal_is_gone(
    server: SampleServer, tmp_path: Path
) -> None:
    server.packages = tmp_path / "waiting"
    waiting = (
        f"import os, time\nwhile not os.path.exists({str(tmp_path / 'go')!r}): time.sleep(0.01)"
    )
    make_sdist(server.packages, "waiting", while_building=waiting)
    mine, terminal = pty.openpty()
    process = subprocess.Popen(
        server.command("deploy", server.bundle("waiting", "waiting\n")),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )
    os.close(terminal)
    seen = b""
    while b"waiting" not in seen:
        seen += os.read(mine, 4096)
    os.close(mine)
    (tmp_path / "go").touch()
    assert process.wait(200) == 0
    (row,) = list_builds(server.state_dir)
    assert row.outcome == "succeeded"


def test_a_hangup_at_any_moment_of_the_start_begins_a_whole_build_or_none(
    server: SampleServer,
) -> None:
    bundle = server.bundle()
    for moment in (0.05, 0.1, 0.2, 0.3, 0.5):
        process = server.start("deploy", bundle)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGHUP)
        process.communicate(timeout=200)
    for row in list_builds(server.state_dir):
        wait_for(lambda row=row: not show(server.state_dir, row.id).is_running)
        assert show(server.state_dir, row.id).outcome == "succeeded"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has somebody else run its builds")
def test_root_is_warned_where_builds_run_as_root(server: SampleServer) -> None:
    ended = server.run("deploy", server.bundle(environment={"python": {"requires": ">4"}}))
    assert "this builds as root" in ended.stderr


def test_a_reused_deploy_imports_nothing_that_only_a_build_needs(server: SampleServer) -> None:
    bundle = server.bundle()
    assert server.run("deploy", bundle).returncode == 0
    code = (
        "import sys\n"
        "from pysteward.tui.__main__ import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "unwanted = {'ctypes', 'textual', 'tomlkit', 'tarfile', 'virtualenv',\n"
        "    'pysteward.core.environments.builder', 'pysteward.core.diagnosis', 'asyncio'}\n"
        "if sys.version_info < (3, 11):\n"
        "    unwanted.discard('tomlkit')\n"  # which reads the settings where there is no tomllib
        "found = unwanted & set(sys.modules)\n"
        "assert not found, found\n"
    )
    arguments = server.command("deploy", bundle, "--json")[3:]
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_build_is_begun_and_ends_whatever_stream_is_closed(
    server: SampleServer, closed: str
) -> None:
    command = shlex.join(map(str, server.command("deploy", server.bundle())))
    assert subprocess.run(["sh", "-c", f"{command} {closed}"], check=False).returncode == 0
    (row,) = list_builds(server.state_dir)
    assert row.outcome == "succeeded"


def test_a_build_in_the_background_keeps_nothing_of_its_caller_open(server: SampleServer) -> None:
    reading, writing = os.pipe()
    command = server.command("deploy", server.bundle(), "--detach")
    ended = subprocess.run(command, check=False, capture_output=True, pass_fds=(writing,))
    os.close(writing)
    assert ended.returncode == 0
    with open(reading, "rb") as pipe:
        assert pipe.read() == b""  # and not only once the build is over:
    (row,) = list_builds(server.state_dir)
    assert row.outcome == "running"
    wait_for(lambda: not show(server.state_dir, row.id).is_running)
