"""The lock of an environment lies in its build's record and with the content that runs on it."""

from __future__ import annotations

import json

from tests.support.server import SampleServer


def test_a_build_leaves_its_lock_in_three_places(server: SampleServer) -> None:
    document = json.loads(server.run("deploy", server.bundle(), "--json").stdout)
    of_content = server.run("content", "lock", "app")
    assert of_content.returncode == 0, of_content.stderr
    assert 'name = "alpha"' in of_content.stdout
    assert f'build = "{document["build"]}"' in of_content.stdout
    identity = document["environment"]["id"]
    assert server.run("environments", "lock", identity[:6]).stdout == of_content.stdout
    record = server.record(document["build"]).folder
    assert (record / "pylock.toml").read_text() == of_content.stdout

    again = json.loads(server.run("deploy", server.bundle("other"), "--json").stdout)
    assert again["reused"]
    assert server.run("content", "lock", "other").stdout == of_content.stdout
    record = server.record(again["build"]).folder
    assert (record / "pylock.toml").read_text() == of_content.stdout

    server.run("content", "remove", "app")
    assert len(list((server.state_dir / "locks").iterdir())) == 1


def test_content_without_a_lock_says_what_gives_it_one(server: SampleServer) -> None:
    server.run("deploy", server.bundle())
    for file in (server.state_dir / "locks").iterdir():
        file.unlink()
    refused = server.run("content", "lock", "app")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "content rebuild --force" in refused.stderr
