"""Servers of our own that ssh leads to: real `sshd`s on loopback, each in its own mount namespace.

`ssh` takes its configuration from the home that the password file names, so client and servers have
password files of their own. It needs root, and changes nothing outside of its directory.
"""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

SSHD = "/usr/sbin/sshd"
_WAIT = 10.0  # seconds for an sshd to listen
_INTERPRETERS = ("/usr/bin/python3", *(f"/usr/bin/python3.{minor}" for minor in range(9, 15)))


class SshServers:
    """directory: where everything is put. Use it through `running`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = directory / "client"
        (self.home / ".ssh").mkdir(parents=True, mode=0o700)
        self._key = self.home / ".ssh" / "id_ed25519"
        _make_key(self._key)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._listeners: list[socket.socket] = []
        self.file = directory / "servers.toml"
        self.file.write_text("")

    def add(
        self,
        name: str,
        *,
        path: str = "/usr/bin:/bin",
        bashrc: str = "",
        options: Sequence[str] = (),
        hidden: Sequence[str] = (),
        known_key: bool = True,
        command: str | None = None,
    ) -> Path:
        """Start an sshd; return the home of who logs in there.

        path: the PATH of its sessions. options: more lines of sshd_config. hidden: files that are
        not there. known_key: whether the client knows this host's key, or another one.
        """
        home = self.directory / name / "home"
        home.mkdir(parents=True)
        (home / ".bashrc").write_text(bashrc)
        host_key, other_key = home.parent / "host_key", home.parent / "other_key"
        _make_key(host_key)
        _make_key(other_key)
        port = _free_port()
        config = home.parent / "sshd_config"
        lines = (
            f"Port {port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {host_key}",
            f"AuthorizedKeysFile {self._key}.pub",
            "PermitRootLogin yes",
            "PasswordAuthentication no",
            "StrictModes no",
            "UsePAM no",
            "PidFile none",
            f"SetEnv PATH={path}",
            *options,
        )
        config.write_text("\n".join(lines) + "\n")
        hide = " ".join(f"mount --bind /dev/null {shlex.quote(file)};" for file in hidden)
        argv = [SSHD, "-D", "-e", "-f", str(config)]
        process = self._inside(home, argv, f"mount -t tmpfs none /run; mkdir /run/sshd; {hide}")
        self._processes.append(process)
        _until_listening(port)
        self.know(name, port, host_key if known_key else other_key, command)
        return home

    def add_silent(self, name: str) -> None:
        """A host that accepts connections and never says a word."""
        listener = socket.create_server(("127.0.0.1", 0))
        self._listeners.append(listener)
        self.know(name, listener.getsockname()[1], self._key, None)

    def know(self, name: str, port: int, key: Path, command: str | None) -> None:
        """Write a host into the client's configuration, and into the file of servers."""
        public = Path(f"{key}.pub").read_text().split()
        with open(self.home / ".ssh" / "known_hosts", "a") as file:
            file.write(f"[127.0.0.1]:{port} {public[0]} {public[1]}\n")
        with open(self.home / ".ssh" / "config", "a") as file:
            file.write(f"Host {name}\n  HostName 127.0.0.1\n  Port {port}\n  User root\n")
        with open(self.file, "a") as file:
            more = "" if command is None else f"command = {command!r}\n"
            file.write(f"[servers.{name}]\n{more}")

    def alias(self, name: str, count: int) -> list[str]:
        """Let the client know a server under more names; return them."""
        config = self.home / ".ssh" / "config"
        text = config.read_text()
        known = text.partition(f"Host {name}\n")[2].partition("Host ")[0]
        names = [f"{name}-{number}" for number in range(count)]
        config.write_text(text + "".join(f"Host {each}\n{known}" for each in names))
        return names

    def run_python(self, code: str, *arguments: str) -> list[str]:
        """Run a script as the client; return the lines it prints."""
        argv = [sys.executable, "-c", code, *arguments]
        process = self._inside(self.home, argv, "", captured=True)
        output, complaints = process.communicate(timeout=120)
        assert process.returncode == 0, complaints.decode()
        return output.decode().splitlines()

    def run(
        self, *arguments: str, seconds: float = 60, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run pysteward as the client, with the file of servers."""
        process = self.start([*arguments], variables)
        output, complaints = process.communicate(timeout=seconds)
        return subprocess.CompletedProcess(
            arguments, process.returncode, output.decode(), complaints.decode()
        )

    def start(
        self, arguments: Sequence[str], variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "pysteward.tui", *arguments]
        return self._inside(self.home, argv, "", variables, captured=True)

    def command(self, arguments: Sequence[str]) -> list[str]:
        """Return what runs pysteward as the client, for a terminal of the test's own."""
        argv = [sys.executable, "-m", "pysteward.tui", *arguments]
        return ["unshare", "--mount", "sh", "-ec", self._script(self.home, argv, "")]

    def variables(self, home: Path) -> dict[str, str]:
        """Return the variables that keep to a home of its own."""
        return {
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "XDG_CONFIG_HOME": str(home / ".config"),
        }

    def _script(self, home: Path, argv: Sequence[str], before: str) -> str:
        passwd = home.parent / f"{home.name}.passwd"
        passwd.write_text(
            f"root:x:0:0:root:{home}:/bin/bash\nsshd:x:105:65534::/run/sshd:/usr/sbin/nologin\n"
        )
        return f"mount --bind {passwd} /etc/passwd; {before} exec {shlex.join(argv)}"

    def _inside(
        self,
        home: Path,
        argv: Sequence[str],
        before: str,
        variables: Mapping[str, str] | None = None,
        *,
        captured: bool = False,
    ) -> subprocess.Popen[bytes]:
        script = self._script(home, argv, before)
        usual = {key: value for key, value in os.environ.items() if not key.startswith("SSH_")}
        environment = {**usual, **self.variables(home), **(variables or {})}
        stream = subprocess.PIPE if captured else subprocess.DEVNULL
        return subprocess.Popen(
            ["unshare", "--mount", "sh", "-ec", script],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )

    def end(self) -> None:
        for process in self._processes:
            process.terminate()
            process.wait(10)
        for listener in self._listeners:
            listener.close()


@contextmanager
def running(directory: Path) -> Iterator[SshServers]:
    servers = SshServers(directory)
    try:
        yield servers
    finally:
        servers.end()


def program(directory: Path, config: Path, state: Path, before: str = "") -> Path:
    """Make a `pysteward` that a server's PATH can name; return its directory."""
    directory.mkdir(parents=True, exist_ok=True)
    script = directory / "pysteward"
    script.write_text(
        f"#!/bin/sh\n{before}\nexport PYSTEWARD_CONFIG={config} PYSTEWARD_STATE_DIR={state}\n"
        f'exec {sys.executable} -m pysteward.tui "$@"\n'
    )
    script.chmod(0o755)
    return directory


def hidden_pythons() -> tuple[str, ...]:
    """The system's interpreters, which a server of its own would not have."""
    return tuple({os.path.realpath(path) for path in _INTERPRETERS if os.path.exists(path)})


def _make_key(path: Path) -> None:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)],
        check=True,
        stdin=subprocess.DEVNULL,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _until_listening(port: int) -> None:
    end = time.monotonic() + _WAIT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert time.monotonic() < end, "sshd does not listen"
            time.sleep(0.02)
