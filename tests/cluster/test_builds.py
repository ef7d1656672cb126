"""Builds on a cluster: a real scheduler and real workers on loopback, with TLS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import Record, cancel, follow, show
from pysteward.core.upgrades import deployed
from tests.cluster.conftest import Servers
from tests.support.server import WHO, SampleServer, is_running, seen_outside
from tests.support.waiting import wait_for
from tests.support.wheels import make_sdist


def deploy(servers: Servers, name: str, *more: str, requirements: str = "alpha\n") -> Any:
    bundle = servers.here.bundle(name, requirements)
    ran = servers.here.run("deploy", bundle, "--json", *servers.cluster.options(), *more)
    assert ran.stdout, ran.stderr
    return json.loads(ran.stdout) | {"said": ran.stderr}


def test_a_build_is_made_on_a_server_of_the_cluster_and_recorded_here(servers: Servers) -> None:
    build = deploy(servers, "app")
    assert build["outcome"] == "succeeded", build["said"]
    there = servers.there[build["server"]]
    environment = Path(build["environment"]["path"])
    assert environment.is_relative_to(there.state_dir)
    assert (environment / "bin" / "python").exists()
    assert {"name": "alpha", "version": "1.0"} in build["packages"]
    assert "Successfully installed alpha-1.0" in build["said"]
    log = Path(build["log"]).read_text()
    assert log.startswith("Bundle requested Python version 3.8.0; using ")
    assert log.count("Bundle requested") == 1
    assert log.splitlines()[1] == f"Given to server {build['server']}"
    # It is an ordinary record: each event lies where its phase begins in the log.
    phases = list(follow(Record(Path(build["log"]).parent), log=False))
    assert [each.offset for each in phases] == sorted(each.offset for each in phases)
    assert phases[-1].offset == len(log.encode())
    # The server that built it has the content, with an environment that it can use.
    ready = json.loads(there.run("content", "show", "app", "--json").stdout)
    assert ready["environment"]["path"] == str(environment)
    # A plan of this server leaves it alone: that server's own plan moves it.
    assert deployed(servers.here.state_dir)[0] == ()

    again = deploy(servers, "another")
    assert (again["reused"], again["server"]) == (True, build["server"])


def test_cancelling_ends_every_process_there(servers: Servers, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    doing = f"import os, time\nopen({str(notes)!r}, 'w').write({WHO})\ntime.sleep(600)\n"
    make_sdist(servers.here.packages, "hanging", while_building=doing)
    build = deploy(servers, "hanging", "--detach", requirements="hanging\n")
    assert build["outcome"] == "running"

    def number() -> int:
        return seen_outside(notes.read_text()) if notes.exists() and notes.read_text() else 0

    process = wait_for(number, "the package's own code")
    assert cancel(servers.here.state_dir, build["build"], "alice")
    record = Record(Path(build["log"]).parent)
    wait_for(lambda: not record.is_alive(), "its end")
    ended = show(servers.here.state_dir, build["build"])
    assert ended.outcome == "cancelled"
    assert "pysteward: build cancelled by alice" in ended.log.read_text()
    assert not is_running(process)


@pytest.mark.full
def test_all_content_is_rebuilt_there_as_a_plan(servers: Servers, tmp_path: Path) -> None:
    here = SampleServer(tmp_path, [], servers.here.packages)
    for name in ("first", "second"):
        ran = here.run("deploy", here.bundle(name), *servers.cluster.options())
        assert ran.returncode == 0, ran.stderr
    ran = here.run("content", "rebuild", "--all", "--json", *servers.cluster.options())
    assert ran.returncode == 0, ran.stderr
    plan = json.loads(ran.stdout)
    assert [(step["content"], step["state"]) for step in plan["steps"]] == [
        ("first", "done"),
        ("second", "done"),
    ]
    built = {show(here.state_dir, step["build"]).server for step in plan["steps"]}
    assert len(built) == 1  # they share an environment, which one server has made
    listed = json.loads(here.run("content", "list", "--json").stdout)["content"]
    assert [each["need"] for each in listed] == [None, None]
