"""A build that checks: content that does not start keeps the environment that it has."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from pysteward.core.builds import find_content
from pysteward.core.processes import find_confinement
from tests.running.content import GOOD
from tests.support.server import SampleServer

pytestmark = pytest.mark.skipif(
    not find_confinement().is_whole, reason="nothing here confines programs"
)

_numbers = itertools.count()
BAD = "import beta\nimport nothing_of_the_kind\n"


def deploy(
    server: SampleServer, name: str, text: str, requirements: str, *options: str
) -> dict[str, Any]:
    directory = f"{name}{next(_numbers)}"
    bundle = server.bundle(directory, requirements, files={"app.py": text})
    done = server.run("deploy", bundle, "--content", name, "--json", *options)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"status": done.returncode}


def environment_of(server: SampleServer, name: str) -> str | None:
    found = find_content(server.state_dir, name).environment
    return found.id if found else None


def test_content_that_does_not_start_keeps_its_old_environment_unless_told_otherwise(
    server: SampleServer,
) -> None:
    first = deploy(server, "kept", GOOD, "alpha\n", "--check")
    assert (first["outcome"], first["starts"], first["status"]) == ("succeeded", "yes", 0)
    second = deploy(server, "kept", BAD, "beta\n", "--check")
    assert (second["outcome"], second["starts"], second["status"]) == ("succeeded", "no", 1)
    assert second["check"]["findings"][0]["evidence"][0]["source"] == "app.py"
    assert second["check"]["findings"][0]["evidence"][0]["line"] == 2
    assert environment_of(server, "kept") == first["environment"]["id"]
    third = deploy(server, "kept", BAD, "beta\n", "--check", "--use-anyway")
    assert (third["reused"], third["starts"], third["status"]) == (True, "no", 1)
    assert environment_of(server, "kept") == second["environment"]["id"]
    rows = json.loads(server.run("runs", "list", "--content", "kept", "--json").stdout)["runs"]
    assert [row["starts"] for row in rows] == ["no", "no", "yes"]


def test_the_setting_has_every_build_check(server: SampleServer) -> None:
    text = "import os\nos.environ['DATABASE_URL']\n" + GOOD
    assert deploy(server, "set", text, "alpha\n")["starts"] is None
    server.lines.append("check-after-build = true")
    found = deploy(server, "set", text, "alpha\n")
    assert (found["outcome"], found["starts"], found["status"]) == (
        "succeeded",
        "needs-variables",
        1,
    )


def test_ensure_checks_what_is_ready_and_what_it_builds(server: SampleServer) -> None:
    deploy(server, "ensured", GOOD, "alpha\n")
    done = server.run("content", "ensure", "ensured", "--check", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["starts"], found["rebuilt"]) == (0, "yes", False)
    deploy(server, "broken", BAD, "beta\n")
    done = server.run("content", "ensure", "broken", "--check", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["starts"], found["rebuilt"]) == (1, "no", False)
    assert found["path"]
