"""From a deploy to an environment that was harmed, found out and built again."""

from __future__ import annotations

import json

from pysteward.core.builds import show
from tests.support.server import SampleServer


def test_what_was_altered_is_found_and_built_again(server: SampleServer) -> None:
    bundle = server.bundle(requirements="beta\n", python="3.8.0")
    deployed = server.run("deploy", bundle, "--json")
    assert deployed.returncode == 0, deployed.stderr
    environment = json.loads(deployed.stdout)["environment"]

    listed = json.loads(server.run("environments", "--json").stdout)["environments"]
    assert [(item["id"], item["used_by"]) for item in listed] == [(environment["id"], ["app"])]
    assert server.run("environments", "verify").returncode == 0

    (module,) = server.state_dir.glob("environments/pip/*/*/lib/python*/site-packages/beta.py")
    module.write_text("import this\n")
    harmed = server.run("environments", "verify", "--rebuild", "--json")
    document = json.loads(harmed.stdout)
    assert harmed.returncode == 1
    assert [flaw["code"] for flaw in document["environments"][0]["flaws"]] == ["file-altered"]

    (build,) = document["builds"]
    assert server.end(show(server.state_dir, build)).outcome == "succeeded"
    assert server.run("environments", "verify").returncode == 0
    assert "import this" not in module.read_text()


def test_what_content_uses_is_not_pruned(server: SampleServer) -> None:
    server.run("deploy", server.bundle(requirements="alpha\n"))
    server.run("deploy", server.bundle("other", requirements="beta\n"))
    assert server.run("content", "remove", "other").returncode == 0
    pruned = server.run("environments", "prune", "--unused", "--yes", "--json")
    (removed,) = json.loads(pruned.stdout)["environments"]
    assert (pruned.returncode, removed["removed"], removed["used_by"]) == (0, True, [])
    listed = json.loads(server.run("environments", "--json").stdout)["environments"]
    assert [item["used_by"] for item in listed] == [["app"]]


def test_an_environment_is_rebuilt_for_all_its_content_and_only_where_it_is_named(
    server: SampleServer,
) -> None:
    bundle = server.bundle(requirements="alpha\n")
    first = json.loads(server.run("deploy", bundle, "--json").stdout)
    server.run("deploy", bundle, "--content", "other")
    environment = first["environment"]
    (module,) = server.state_dir.glob("environments/pip/*/*/lib/python*/site-packages/alpha.py")
    before = module.stat().st_ino

    unnamed = server.run("environments", "rebuild", "--json")
    assert unnamed.returncode == 2
    assert "ID" in json.loads(unnamed.stdout)["error"]["message"]

    rebuilt = server.run("environments", "rebuild", environment["id"][:6], "--json")
    assert rebuilt.returncode == 0, rebuilt.stderr
    document = json.loads(rebuilt.stdout)
    assert [item["id"] for item in document["environments"]] == [environment["id"]]
    builds = [server.end(show(server.state_dir, build)) for build in document["builds"]]
    assert [(build.content, build.outcome) for build in builds] == [
        ("app", "succeeded"),
        ("other", "succeeded"),
    ]
    assert {build.environment and build.environment.id for build in builds} == {environment["id"]}
    assert module.stat().st_ino != before

    for content in ("app", "other"):
        assert server.run("content", "remove", content).returncode == 0
    idle = server.run("environments", "rebuild", environment["id"])
    assert idle.returncode == 1
    assert "no content uses it" in idle.stderr
