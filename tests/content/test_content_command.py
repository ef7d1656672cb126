"""`pysteward content`: its JSON says what the screen says of content."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.support.installation import make_installation
from tests.support.server import SampleServer


def content(server: SampleServer) -> dict[str, Any]:
    """What both the list and the single item say."""
    (listed,) = json.loads(server.run("content", "--json").stdout)["content"]
    shown = json.loads(server.run("content", "show", "app", "--json").stdout)
    assert {name: value for name, value in shown.items() if name != "builds"} == listed
    return listed


def deploy(server: SampleServer, requirements: str) -> dict[str, Any]:
    shutil.rmtree(server.directory / "bundles", ignore_errors=True)
    ended = server.run("deploy", server.bundle("app", requirements), "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_content_says_its_way_back_and_whether_it_is_out_of_date(
    server: SampleServer, tmp_path: Path
) -> None:
    first = deploy(server, "alpha\n")
    told = content(server)
    assert told["environment"] == first["environment"]
    assert (told["need"], told["changes"], told["would_get"]) == (None, [], None)
    assert (told["rollback_to"], told["rolled_back"]) == (None, None)

    second = deploy(server, "beta\n")
    told = content(server)
    assert told["environment"] == second["environment"]
    assert told["rollback_to"] == {
        "python": first["python"]["version"],
        "environment": first["environment"],
    }

    assert server.run("content", "rollback", "app").returncode == 0
    told = content(server)
    assert told["environment"] == first["environment"]
    assert told["rolled_back"].endswith("Z")
    assert told["rollback_to"]["environment"] == second["environment"]
    assert "rolled back" in server.run("content", "show", "app").stdout

    deploy(server, "alpha\n")
    other = make_installation(tmp_path / "other")
    server.installations = [other.directory]
    server.lines.append('environment-creator = "bundled"')
    told = content(server)
    assert told["need"]["urgency"] == "retired"
    assert "no longer configured" in told["need"]["why"]
    assert told["would_get"]["version"] == other.version
    assert told["would_get"]["executable"].startswith(str(other.directory))
    assert told["changes"] == ["environment-creator was virtualenv, is bundled"]
    shown = server.run("content", "show", "app").stdout
    assert told["need"]["why"] in shown
    assert told["changes"][0] in shown

    server.installations = []
    server.lines = []
    told = content(server)
    assert told["would_get"]["version"] is None
    assert told["would_get"]["rule"] is None
    assert told["would_get"]["reason"]
