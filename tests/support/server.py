"""A server of one's own: an installation, settings, state, and packages made on the spot."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.builds import (
    Build,
    Record,
    find,
    show,
)
from pysteward.core.installations import Analysis
from pysteward.core.server import Server
from tests.support.bundles import write_bundle
from tests.support.installation import Installation
from tests.support.waiting import wait_for
from tests.support.wheels import make_wheel


@dataclass
class SampleServer:
    """What `pysteward` runs on in a test.

    packages: the directory in which pip finds packages, and the only one.
    lines: more lines of the settings file; environment: more of ``build-environment``.
    """

    directory: Path
    installations: list[Path]
    packages: Path
    lines: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def state_dir(self) -> Path:
        return self.directory / "state"

    @property
    def configured(self) -> Server:
        """What the engine builds from, under the settings as they are now."""
        return Server(str(self.settings()), str(self.state_dir))

    def settings(self) -> Path:
        """Write the settings file."""
        variables = {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.packages),
            **self.environment,
        }
        text = [
            "[python]",
            "enabled = true",
            f"executables = {json.dumps([str(path) for path in self.installations])}",
            'version-matching = "nearest"',
            *self.lines,
            "[python.build-environment]",
            *(f"{name} = {json.dumps(value)}" for name, value in variables.items()),
        ]
        path = self.directory / "pysteward.toml"
        path.write_text("\n".join(text) + "\n", "utf-8")
        path.chmod(0o600)
        return path

    def bundle(
        self,
        name: str = "app",
        requirements: str = "alpha\n",
        *,
        python: str = "3.8.0",
        files: Mapping[str, str | bytes] | None = None,
        **manifest: Any,
    ) -> Path:
        """Make a bundle, as a directory."""
        directory = self.directory / "bundles" / name
        return write_bundle(directory, requirements, python=python, files=files, **manifest)

    def command(self, *arguments: str | Path) -> list[str]:
        """The program with this server's settings and state."""
        return [
            *(sys.executable, "-m", "pysteward.tui"),
            *("--config", str(self.settings()), "--state-dir", str(self.state_dir)),
            *map(str, arguments),
        ]

    def run(self, *arguments: str | Path, timeout: float = 250) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        # A shell has its background jobs ignore Ctrl-C, and so do these tests if they are one.
        return subprocess.Popen(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def end(self, build: Build) -> Build:
        """Wait for a build's end, and for that of its worker, who sweeps behind it."""
        record = Record(build.directory)
        wait_for(lambda: not record.is_alive())
        return show(self.state_dir, build.id)

    def record(self, build: str) -> Record:
        return find(self.state_dir, build)


def altered(server: Server, *, analysis: Analysis | None = None, **found: object) -> Server:
    """The same server with another analysis, or with others of its properties."""
    other = server.reread()
    vars(other).update(found)
    if analysis is not None:
        vars(other)["analysis"] = lambda: analysis
    return other


def worker_of(record: Record) -> int:
    """The process that builds. Waits until there is one."""

    def look() -> int | None:
        for name in filter(str.isdigit, os.listdir("/proc")):
            process = Path("/proc", name)
            try:
                is_worker = (process / "comm").read_text("utf-8") == "pysteward-build\n"
                if is_worker and record.log in map(Path.readlink, (process / "fd").iterdir()):
                    return int(name)
            except OSError:
                continue
        return None

    return wait_for(look)


def runs_command(*command: str) -> bool:
    """Whether a process has this command line; those that have ended have none."""
    wanted = "".join(f"{word}\0" for word in command).encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes() == wanted:
                return True
        except OSError:
            continue
    return False


def is_running(process: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


WHO = '"%d %s\\n" % (os.getpid(), os.readlink("/proc/self/ns/pid"))'
"""For a package's code: a line that names its process, which may be in a PID namespace."""


def seen_outside(line: str) -> int:
    """The number, in this process's own namespace, of the process that a line of WHO names.

    Zero, which no process has, where it is gone. See NSpid in proc(5).
    """
    number, namespace = line.split()
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            status = (directory / "status").read_text("utf-8", "replace")
            if os.readlink(directory / "ns" / "pid") == namespace:
                numbers = status.partition("NSpid:")[2].partition("\n")[0].split()
                if numbers and numbers[-1] == number:
                    return int(directory.name)
        except OSError:
            continue
    return 0


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small packages: `beta` needs `alpha`."""
    directory = tmp_path_factory.mktemp("packages")
    make_wheel(directory, "alpha")
    make_wheel(directory, "beta", requires=["alpha"])
    return directory


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What virtualenv seeds environments from: filled once, it makes each of them quicker."""
    return tmp_path_factory.mktemp("seed")


@pytest.fixture
def server(installation: Installation, packages: Path, seed: Path, tmp_path: Path) -> SampleServer:
    """A server with one installation."""
    server = SampleServer(tmp_path, [installation.directory], packages)
    server.environment["VIRTUALENV_OVERRIDE_APP_DATA"] = str(seed)
    server.environment["VIRTUALENV_NO_SETUPTOOLS"] = "1"
    return server
