"""As root a whole build, from the command to the environment, is run by the user of ``run-as``."""

from __future__ import annotations

import json
import os
import pwd
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import Build, show
from tests.support.installation import make_installation
from tests.support.other_users import open_directory
from tests.support.server import SampleServer
from tests.support.wheels import make_sdist, make_wheel

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can build as another user"),
    pytest.mark.slow,
]

NOBODY = "nobody"
_GROUP = 54321  # one of the caller's, and none of nobody's

# Runs at the start of each Python of the installation and of its environments.
_TELL = """
import json, os
try:
    umask = os.umask(0)
    os.umask(umask)
    told = {
        "argv": [part.decode("utf-8", "replace") for part in
                 open("/proc/self/cmdline", "rb").read().split(b"\\0")],
        "uids": os.getresuid(), "gids": os.getresgid(), "groups": os.getgroups(),
        "umask": umask, "environment": dict(os.environ), "open": os.listdir("/proc/self/fd"),
    }
    with open(os.path.join(%r, str(os.getpid())), "a") as file:
        file.write(json.dumps(told) + "\\n")
except OSError:
    os._exit(97)
"""


@dataclass
class Told:
    """What a whole build was: the build, and each Python that it started, as that saw itself."""

    server: SampleServer
    build: Build
    children: list[dict[str, Any]]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """A deploy of two packages, one of them a source archive, by a root with a strict umask, a
    secret in its shell and one more group."""
    with open_directory() as directory:
        yield _deployed(directory)


def _deployed(directory: Path) -> Told:
    installation = make_installation(directory / "python")
    notes = directory / "notes"
    notes.mkdir()
    notes.chmod(0o777)
    packages = directory / "packages"
    make_wheel(packages, "alpha")
    tell = _TELL % str(notes)
    # pip has a sitecustomize of its own for what builds a package, so that tells by itself.
    make_sdist(packages, "whose", while_building=f"{tell}\nos.umask(0); print('built here')")
    version = installation.version.rpartition(".")[0]
    library = installation.directory / "lib" / f"python{version}"
    (library / "sitecustomize.py").write_text(tell)
    server = SampleServer(directory / "server", [installation.directory], packages)
    server.directory.mkdir()
    server.directory.chmod(0o755)
    server.lines.append(f'run-as = "{NOBODY}"')
    # A copied program still looks for its library where nobody may not go.
    server.environment["LD_LIBRARY_PATH"] = str(installation.directory / "lib")
    server.environment["VIRTUALENV_NO_SETUPTOOLS"] = "1"
    bundle = server.bundle(requirements="alpha\nwhose\n")
    (bundle / "requirements.txt").chmod(0o600)
    done = subprocess.run(
        server.command("deploy", bundle, "--json"),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=250,
        umask=0o077,
        extra_groups=[0, _GROUP],
        env={**os.environ, "HOME": "/root", "SECRET_OF_ROOT": "hunter2"},
    )
    assert done.returncode == 0, done.stderr
    build = show(server.state_dir, json.loads(done.stdout)["build"])
    children = [
        json.loads(line) for path in sorted(notes.iterdir()) for line in path.open(encoding="utf-8")
    ]
    return Told(server, build, children)


def _running(told: Told, *words: str) -> list[dict[str, Any]]:
    return [
        child for child in told.children if all(word in " ".join(child["argv"]) for word in words)
    ]


def test_the_probe_virtualenv_pip_and_what_builds_a_package_are_among_the_children(
    told: Told,
) -> None:
    assert _running(told, "-E -s -B -c")
    assert _running(told, "virtualenv")
    assert _running(told, "install", "-r", "requirements.txt")
    assert _running(told, "build_wheel")


def test_every_child_is_that_user_in_that_users_groups(told: Told) -> None:
    entry = pwd.getpwnam(NOBODY)
    groups = sorted(os.getgrouplist(NOBODY, entry.pw_gid))
    assert told.children
    for child in told.children:
        assert child["uids"] == [entry.pw_uid] * 3, child["argv"]
        assert child["gids"] == [entry.pw_gid] * 3, child["argv"]
        assert sorted(child["groups"]) == groups, child["argv"]


def test_nothing_of_roots_shell_reaches_a_child(told: Told) -> None:
    for child in told.children:
        seen = child["environment"]
        assert "SECRET_OF_ROOT" not in seen
        assert "hunter2" not in str(seen)
        assert child["umask"] == 0o022, child["argv"]
        home = Path(seen["HOME"])
        assert home == Path("/nonexistent") or home.is_relative_to(told.build.directory)
        assert not any(value.startswith("/root") for value in seen.values()), seen


def test_the_environment_is_roots_and_its_user_can_only_use_it(told: Told) -> None:
    environment = told.build.environment
    assert environment is not None
    path = Path(environment.path)
    for file in (path, *path.rglob("*")):
        status = file.lstat()
        assert status.st_uid == 0, file
        assert stat.S_ISLNK(status.st_mode) or not status.st_mode & 0o022, file
    entry = pwd.getpwnam(NOBODY)
    code = "import alpha, whose; print(alpha.VERSION, whose.VERSION)"
    used = subprocess.run(
        [path / "bin" / "python", "-c", code],
        env={"LD_LIBRARY_PATH": told.server.environment["LD_LIBRARY_PATH"]},
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert used.stdout == "1.0 1.0\n", used.stderr


def test_the_record_is_whole_and_roots(told: Told) -> None:
    build = told.build
    told.server.end(build)
    assert (build.outcome, build.phase) == ("succeeded", "done")
    assert [name for name, _ in build.packages][:1] == ["alpha"]
    log = build.log.read_text()
    assert "Creating environment: " in log
    assert "Completed Python build against Python version" in log
    assert "built here" in (build.directory / "pip.log").read_text()
    assert not (build.directory / "work").exists()
    for file in build.directory.iterdir():
        status = file.stat()
        assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (0, 0o640), file


def test_nothing_that_stays_belongs_to_the_user_of_the_builds(told: Told) -> None:
    told.server.end(told.build)
    uid = pwd.getpwnam(NOBODY).pw_uid
    owned = [path for path in told.server.state_dir.rglob("*") if path.lstat().st_uid == uid]
    assert owned == []


def test_a_second_deploy_takes_it_as_it_is(told: Told) -> None:
    again = told.server.run("deploy", told.server.directory / "bundles" / "app", "--json")
    document = json.loads(again.stdout)
    assert (document["outcome"], document["reused"]) == ("succeeded", True), again.stderr
