"""The lock of an environment lies in its build's record and with the content that runs on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pysteward.core.removal import remove_tree
from tests.support.server import SampleServer
from tests.support.wheels import make_wheel


def test_a_build_leaves_its_lock_in_three_places(server: SampleServer) -> None:
    document = json.loads(server.run("deploy", server.bundle(), "--json").stdout)
    of_content = server.run("content", "lock", "app")
    assert of_content.returncode == 0, of_content.stderr
    assert 'name = "alpha"' in of_content.stdout
    assert f'build = "{document["build"]}"' in of_content.stdout
    identity = document["environment"]["id"]
    assert server.run("environments", "lock", identity[:6]).stdout == of_content.stdout
    record = server.record(document["build"]).directory
    assert (record / "pylock.toml").read_text() == of_content.stdout

    again = json.loads(server.run("deploy", server.bundle("other"), "--json").stdout)
    assert again["reused"]
    assert server.run("content", "lock", "other").stdout == of_content.stdout
    record = server.record(again["build"]).directory
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


def offer(server: SampleServer, *versions: str) -> None:
    """Serve `alpha` in these versions, and nothing else."""
    server.packages = server.directory / "index"
    for version in versions:
        make_wheel(server.packages, "alpha", version)


def installed(server: SampleServer, *command: str, name: str = "app") -> tuple[str, Path]:
    """Run a command that builds; the version of `alpha` that content has, and where."""
    ended = server.run(*command, "--json")
    assert ended.returncode == 0, ended.stderr
    document = json.loads(ended.stdout)
    (version,) = [each["version"] for each in document["packages"] if each["name"] == "alpha"]
    return version, Path(document["environment"]["path"])


def test_a_rebuild_installs_the_lock_and_a_refresh_resolves(server: SampleServer) -> None:
    offer(server, "1.0")
    bundle = str(server.bundle())
    assert installed(server, "deploy", bundle)[0] == "1.0"
    offer(server, "2.0")
    version, first = installed(server, "content", "rebuild", "app", "--force")
    assert version == "1.0"

    version, other = installed(server, "content", "rebuild", "app", "--refresh")
    assert version == "2.0"
    assert other.name.startswith(f"{first.name}-")
    assert len(other.name) == len(first.name) + 9
    assert (first / "pysteward.json").exists()

    # What is deployed or rebuilt next stays where the content is.
    assert installed(server, "deploy", bundle) == ("2.0", other)
    remove_tree(other)
    assert installed(server, "content", "rebuild", "app") == ("2.0", other)
    # And resolving what is there already makes no third one.
    make_wheel(server.packages, "alpha", "1.0")
    assert installed(server, "content", "rebuild", "app", "--refresh") == ("2.0", other)


@pytest.mark.full
def test_a_locked_file_that_is_gone_is_said_and_resolved_afresh(server: SampleServer) -> None:
    offer(server, "1.0")
    _, path = installed(server, "deploy", str(server.bundle()))
    remove_tree(path)
    (server.packages / "alpha-1.0-py2.py3-none-any.whl").unlink()
    offer(server, "2.0")
    refused = server.run("content", "rebuild", "app", "--locked")
    assert refused.returncode == 1
    assert "nothing may be resolved (--locked)" in refused.stderr

    ended = server.run("content", "rebuild", "app", "--json")
    assert ended.returncode == 0, ended.stderr
    assert "the lock cannot be installed any more" in ended.stderr
    assert {"name": "alpha", "version": "2.0"} in json.loads(ended.stdout)["packages"]


@pytest.mark.full
def test_a_lock_is_void_under_other_conditions_and_says_why(server: SampleServer) -> None:
    offer(server, "1.0")
    installed(server, "deploy", str(server.bundle()))
    offer(server, "2.0")
    server.lines.append('prohibited-packages = ["omega"]')
    refused = server.run("content", "rebuild", "app", "--force", "--locked")
    assert refused.returncode == 2
    assert "the prohibited packages have changed" in refused.stderr
    ended = server.run("content", "rebuild", "app", "--force", "--json")
    assert "the prohibited packages have changed; resolved afresh" in ended.stderr
    assert {"name": "alpha", "version": "2.0"} in json.loads(ended.stdout)["packages"]


def test_a_deploy_that_must_be_locked_takes_the_content_s_lock_or_is_refused(
    server: SampleServer,
) -> None:
    offer(server, "1.0")
    bundle = str(server.bundle())
    refused = server.run("deploy", bundle, "--locked")
    assert refused.returncode == 2
    assert "has no lock" in refused.stderr
    _, path = installed(server, "deploy", bundle)
    remove_tree(path)
    offer(server, "2.0")
    assert installed(server, "deploy", bundle, "--locked") == ("1.0", path)
    changed = str(server.bundle("changed", "alpha>=1\n"))
    refused = server.run("deploy", changed, "--content", "app", "--locked")
    assert refused.returncode == 2
    assert "the requirements have changed" in refused.stderr


def test_drift_says_package_by_package_what_would_differ_today(server: SampleServer) -> None:
    offer(server, "1.0")
    _, path = installed(server, "deploy", str(server.bundle()))
    same = server.run("content", "drift", "app")
    assert (same.returncode, same.stdout) == (0, "app: nothing\n"), same.stderr
    offer(server, "2.0")
    (server.state_dir / "drift" / "of-a-killed-run" / "home").mkdir(parents=True)
    differs = server.run("content", "drift", "--json")
    assert differs.returncode == 1, differs.stderr
    assert json.loads(differs.stdout) == {
        "content": [
            {
                "content": "app",
                "problem": None,
                "changes": [{"name": "alpha", "before": "1.0", "after": "2.0"}],
            }
        ]
    }
    # Nor is anything left of this run, or of one that was killed.
    assert [each.name for each in (server.state_dir / "drift").iterdir()] == [".locks"]
    assert list(path.glob("lib/*/site-packages/alpha-1.0.dist-info"))
    server.packages = server.directory / "nothing"
    server.packages.mkdir()
    failed = server.run("content", "drift", "app")
    assert failed.returncode == 1
    assert "not known: pip could not resolve" in failed.stdout
    assert "alpha" in failed.stdout
