"""A change goes out to several servers in waves: real `sshd`s, each with settings of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.errors import UsageError
from pysteward.core.remotes.ssh import SshServer, plan_waves
from tests.support.ssh_servers import SSHD, SshServers, program, running

needs_sshd = pytest.mark.skipif(
    os.geteuid() != 0 or not os.path.exists(SSHD),
    reason="needs root and OpenSSH's server: an sshd in a mount namespace",
)
NAMES = ("one", "two", "three")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServers]:
    directory = tmp_path_factory.mktemp("w")
    with running(directory) as made:
        for name in NAMES:
            settings = directory / f"{name}.toml"
            place = program(directory / name / "bin", settings, directory / name / "state")
            made.add(name, path=f"{place}:/usr/bin:/bin")
        yield made


@pytest.fixture
def fresh(servers: SshServers, tmp_path: Path) -> Path:
    """Settings as they were before any change; a state directory of the client."""
    for name in NAMES:
        (servers.directory / f"{name}.toml").write_text(
            "[python]\nenabled = true\nexecutables = ['/usr/bin/python3']\n"
            "environment-creator = 'bundled'\n"
        )
    return tmp_path / "here"


def upgrade(servers: SshServers, here: Path, *arguments: str) -> tuple[Any, int, str]:
    found = servers.run(
        "upgrade",
        *arguments,
        "--json",
        f"--servers={servers.file}",
        f"--state-dir={here}",
        "--timeout=60",
        seconds=200,
    )
    return json.loads(found.stdout), found.returncode, found.stderr


def apply(servers: SshServers, here: Path, *more: str) -> tuple[Any, int, str]:
    asked = ("apply", "--matching", "nearest", "--server", "all", "--yes", *more)
    return upgrade(servers, here, *asked)


def policy(servers: SshServers, name: str) -> str:
    return (
        (servers.directory / f"{name}.toml").read_text().partition("version-matching = ")[2].strip()
    )


def states(rollout: Any) -> list[list[str]]:
    return [[f"{each['name']} {each['state']}" for each in wave] for wave in rollout["waves"]]


@pytest.mark.parametrize(
    ("canary", "batch", "waves"),
    [
        (None, 2, [["a", "b"], ["c", "d"], ["e"]]),
        ("c", 3, [["c"], ["a", "b", "d"], ["e"]]),
        ("a", 9, [["a"], ["b", "c", "d", "e"]]),
    ],
)
def test_the_canary_is_alone_and_first(canary: str, batch: int, waves: list[list[str]]) -> None:
    servers = [SshServer(name, name) for name in "abcde"]
    rollout = plan_waves(servers, ["--add=3.12.1"], canary=canary, batch=batch)
    assert [[server.name for server in wave] for wave in rollout.waves] == waves


def test_a_canary_that_is_not_among_the_servers_is_refused() -> None:
    with pytest.raises(UsageError, match="not one of the servers: a"):
        plan_waves([SshServer("a", "a")], [], canary="b", batch=1)


@needs_sshd
def test_a_change_reaches_every_server_wave_by_wave(servers: SshServers, fresh: Path) -> None:
    rollout, status, said = apply(servers, fresh, "--canary", "three", "--batch", "1")
    assert status == 0
    assert states(rollout) == [["three done"], ["one done"], ["two done"]]
    assert [policy(servers, name) for name in NAMES] == ['"nearest"'] * 3
    order = [line.split(":")[0] for line in said.splitlines() if ": starting" in line]
    assert order == ["three", "one", "two"]
    told, status, _ = upgrade(servers, fresh, "status", "--server", "all")
    assert status == 0
    plans = {each["server"]: each["answer"]["id"] for each in told["servers"]}
    assert plans == {each["name"]: each["plan"] for wave in rollout["waves"] for each in wave}


@needs_sshd
def test_the_first_wave_that_fails_is_the_last_and_it_is_taken_up_again(
    servers: SshServers, fresh: Path
) -> None:
    broken = servers.directory / "one.toml"
    good = broken.read_text()
    broken.write_text("[python\n")
    rollout, status, _ = apply(servers, fresh, "--canary", "three", "--batch", "1")
    assert status == 1
    assert states(rollout) == [["three done"], ["one failed"], ["two waiting"]]
    assert policy(servers, "two") == ""
    _, status, _ = apply(servers, fresh)
    assert status == 2  # the last one is not done
    broken.write_text(good)
    rollout, status, _ = upgrade(servers, fresh, "resume", "--server", "all")
    assert status == 0
    assert states(rollout) == [["three done"], ["one done"], ["two done"]]


@needs_sshd
def test_what_had_begun_when_the_program_was_killed_is_not_begun_twice(
    servers: SshServers, fresh: Path
) -> None:
    rollout, _, _ = apply(servers, fresh)
    (file,) = (fresh / "waves").iterdir()
    (one, *others), plan = rollout["waves"][0], rollout["waves"][0][0]["plan"]
    rollout["waves"] = [[{**one, "state": "starting", "plan": None}, *others]]
    file.write_text(json.dumps(rollout))
    again, status, _ = upgrade(servers, fresh, "resume", "--server", "all")
    assert status == 0
    assert again["waves"][0][0]["plan"] == plan
