"""Builds from a lock are made of stored wheels, and of what pip makes where that does not do."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from pysteward.core.builds import show
from pysteward.core.environments import complete
from pysteward.core.wheels import WheelStore, check_store
from tests.support.installation import make_installation
from tests.support.other_users import open_directory
from tests.support.server import SampleServer
from tests.support.wheel_kinds import good_wheels
from tests.support.wheels import make_sdist, make_wheel
from tests.wheels.test_assembly import tree_of


def build(server: SampleServer, *arguments: str | Path) -> tuple[Path, str]:
    """Run a command that builds; returns the environment's path, and the log."""
    done = server.run(*arguments, "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    found = show(server.state_dir, document["build"])
    server.end(found)
    assert found.environment is not None
    log = server.run("builds", "log", found.id).stdout
    return Path(found.environment.path), log


def test_a_rebuild_is_made_of_stored_wheels(server: SampleServer, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    good_wheels(packages)
    names = ["plain", "Mixed-Case", "with-data", "with-scripts", "namespace-one", "non-ascii"]
    server.packages = packages
    bundle = server.bundle("app", "".join(f"{name}\n" for name in names))
    path, _ = build(server, "deploy", bundle, "--content", "app")
    by_pip = tree_of(path)
    path, log = build(server, "content", "rebuild", "app", "--force")
    assert "Installed 6 packages: 0 from the store, 6 fetched" in log
    marker = complete(path)
    assert marker is not None
    assert len(marker.wheels) == 6
    store = WheelStore(server.state_dir)
    assert set(store.names()) == set(marker.wheels)
    ours = tree_of(path)
    # pylock.toml says which build made it; the marker, when.
    changed = {name for name in by_pip if by_pip[name] != ours.get(name)}
    assert {Path(name).name for name in changed} <= {"pylock.toml", "pysteward.json"}
    assert ours.keys() - by_pip.keys() <= {"pysteward.settled"}
    done = subprocess.run([path / "bin" / "made"], capture_output=True, text=True, check=True)
    assert done.stdout == "it runs\n"
    # Now all is there: nothing is fetched, and pip does not run.
    for wheel in packages.iterdir():
        wheel.unlink()
    path, log = build(server, "content", "rebuild", "app", "--force")
    assert "Installed 6 packages: 6 from the store, 0 fetched" in log
    assert "-m pip" not in log
    assert tree_of(path).keys() == ours.keys()
    assert server.run("environments", "verify").returncode == 0
    assert [each.defects for each in check_store(store) if each.defects] == []
    assert server.run("wheels", "prune").stdout == "There is nothing to remove.\n"
    # What the store has lost is fetched again, or said.
    module = next(store.directory(marker.wheels[0]).glob("tree/**/*.py"))
    module.unlink()
    assert server.run("wheels", "verify").returncode == 1
    assert server.run("environments", "verify").returncode == 0


@pytest.mark.parametrize(
    "reason",
    [
        "a source archive",
        pytest.param("two files of one name", marks=pytest.mark.full),
        pytest.param("switched off", marks=pytest.mark.full),
    ],
)
def test_pip_installs_what_the_store_does_not(
    server: SampleServer, tmp_path: Path, reason: str
) -> None:
    packages = tmp_path / "packages"
    make_wheel(packages, "alpha")
    if reason == "a source archive":
        make_sdist(packages, "beta")
        said = "pysteward: pip installs, not the store: beta is built from its source"
    elif reason == "two files of one name":
        make_wheel(packages, "beta", files={"alpha.py": "other = 1\n"})
        said = "pysteward: pip installs, not the store: beta and alpha both have"
    else:
        make_wheel(packages, "beta")
        server.lines.append("wheel-store = false")
        said = "Successfully installed"
    server.packages = packages
    bundle = server.bundle("app", "alpha\nbeta\n")
    build(server, "deploy", bundle, "--content", "app")
    path, log = build(server, "content", "rebuild", "app", "--force")
    assert said in log
    assert "Successfully installed" in log
    marker = complete(path)
    assert marker is not None
    assert marker.wheels == ()
    assert {name for name, _ in marker.packages} >= {"alpha", "beta"}
    assert os.listdir(path.parent / ".complete")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can build as another user")
@pytest.mark.slow
def test_wheels_are_unpacked_by_the_user_of_builds_and_belong_to_the_steward() -> None:
    with open_directory() as directory:
        installation = make_installation(directory / "python")
        make_wheel(directory / "packages", "alpha", scripts=["alpha"])
        server = SampleServer(
            directory / "server", [installation.directory], directory / "packages"
        )
        server.directory.mkdir()
        server.directory.chmod(0o755)
        server.lines.append('run-as = "nobody"')
        # A copied program still looks for its library where nobody may not go.
        server.environment["LD_LIBRARY_PATH"] = str(installation.directory / "lib")
        server.environment["VIRTUALENV_NO_SETUPTOOLS"] = "1"
        build(server, "deploy", server.bundle(), "--content", "app")
        for count in ("0 from the store, 1 fetched", "1 from the store, 0 fetched"):
            path, log = build(server, "content", "rebuild", "app", "--force")
            assert f"Installed 1 package: {count}" in log
            for top, _, names in os.walk(path):
                for name in (top, *(os.path.join(top, each) for each in names)):
                    assert os.lstat(name).st_uid == 0, name
        for top, _, names in os.walk(server.state_dir / "wheels"):
            for name in (top, *(os.path.join(top, each) for each in names)):
                status = os.lstat(name)
                assert status.st_uid == 0, name
                assert not status.st_mode & 0o022, name
