"""Other servers over ssh: real `sshd`s on loopback, of every kind that is met."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.errors import RemoteError, StewardError
from pysteward.core.remotes.ssh import SshServer, choose_servers, drift_of, read_servers
from pysteward.core.services import PythonRow, ServerOverview
from pysteward.core.versions import PythonVersion
from tests.support.pythons import real_python
from tests.support.ssh_servers import SSHD, SshServers, hidden_pythons, program, running

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root: an sshd in a mount namespace"),
    pytest.mark.skipif(not os.path.exists(SSHD), reason="needs OpenSSH's server"),
    pytest.mark.xdist_group("ssh"),
]
USUAL = "/usr/bin:/bin"
DEADLINE = 10.0


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServers]:
    directory = tmp_path_factory.mktemp("s")
    with running(directory) as made:
        for name in ("one", "two", "three"):
            settings = directory / f"{name}.toml"
            policy = "nearest" if name == "two" else "major-minor"
            python = f'executables = ["{os.path.realpath("/usr/bin/python3")}"]'
            creator = 'environment-creator = "bundled"'
            settings.write_text(f"[python]\n{python}\n{creator}\nversion-matching = '{policy}'\n")
            slow = "sleep 1" if name == "three" else ""
            place = program(directory / name / "bin", settings, directory / name / "state", slow)
            banner = "echo 'Welcome to {one}'; echo >&2 hello\n" if name == "one" else ""
            made.add(name, path=f"{place}:{USUAL}", bashrc=banner)
        made.add("bare", options=["MaxStartups 100"])
        made.add("changed", known_key=False)
        made.add("hanging", options=["ForceCommand exec sleep 40"])
        made.add_silent("silent")
        yield made


@pytest.fixture(scope="module")
def surveyed(servers: SshServers) -> tuple[dict[str, Any], int, float, str]:
    """`servers --json` over all: by name, the exit status, the seconds, standard error."""
    begun = time.monotonic()
    arguments = ("servers", "--json", "--servers", str(servers.file), "--timeout", str(DEADLINE))
    found = servers.run(*arguments)
    seconds = time.monotonic() - begun
    rows = json.loads(found.stdout)["servers"]
    return {row["server"]: row for row in rows}, found.returncode, seconds, found.stderr


def test_every_server_has_a_row_and_none_holds_up_the_others(
    surveyed: tuple[dict[str, Any], int, float, str],
) -> None:
    rows, status, seconds, _ = surveyed
    reached = {name for name, row in rows.items() if row["reached"]}
    assert reached == {"one", "two", "three", "bare"}
    assert status == 1
    assert seconds < DEADLINE + 15  # the deadline once, not once for each that hangs


def test_a_row_says_who_answered_and_what_is_there(
    surveyed: tuple[dict[str, Any], int, float, str], servers: SshServers
) -> None:
    row = surveyed[0]["one"]
    assert (row["usable"], row["unusable"]) == (1, 0)
    overview = row["overview"]
    assert overview["user"] == "root"
    assert overview["state_dir"] == str(servers.directory / "one" / "state")
    assert (overview["content"], overview["running"], overview["failed"]) == (0, 0, 0)
    assert overview["disk"] == 0


def test_a_banner_on_standard_output_is_no_part_of_the_answer(
    surveyed: tuple[dict[str, Any], int, float, str],
) -> None:
    assert surveyed[0]["one"]["overview"]["matching"] == "major-minor"


def test_a_server_without_pysteward_shows_its_pythons_and_no_content(
    surveyed: tuple[dict[str, Any], int, float, str],
) -> None:
    overview = surveyed[0]["bare"]["overview"]
    assert overview["version"] is None
    assert overview["content"] is None
    assert any(python["usable"] for python in overview["pythons"])


def test_what_differs_is_said_of_the_one_that_differs(
    surveyed: tuple[dict[str, Any], int, float, str],
) -> None:
    rows = surveyed[0]
    assert rows["two"]["drift"] == ["version-matching nearest, others major-minor"]
    assert rows["one"]["drift"] == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("changed", "remote-host-key"),
        ("hanging", "remote-too-slow"),
        ("silent", "remote-too-slow"),
    ],
)
def test_a_server_that_cannot_be_asked_says_why(
    surveyed: tuple[dict[str, Any], int, float, str], name: str, code: str
) -> None:
    assert surveyed[0][name]["error"]["code"] == code
    assert name in surveyed[3]


@pytest.mark.full
def test_twenty_servers_of_which_five_hang(servers: SshServers) -> None:
    names = servers.alias("bare", 15)
    for number in range(5):
        servers.add_silent(f"hangs{number}")
        names.insert(0, f"hangs{number}")
    file = servers.directory / "twenty.toml"
    file.write_text("".join(f"[servers.{name}]\n" for name in names))
    told = servers.run_python(_TWENTY, str(file), str(DEADLINE))
    times = [(float(seconds), is_now == "True") for seconds, is_now in map(str.split, told)]
    assert [is_now for _, is_now in times] == [True] * 15 + [False] * 5
    assert times[14][0] < DEADLINE - 1  # none waits for those that hang
    assert times[19][0] < DEADLINE + 3


_TWENTY = """
import sys, time
from pathlib import Path
from pysteward.core.remotes.ssh import Connections, Memory, read_servers, survey_servers
servers = list(read_servers(Path(sys.argv[1])).values())
begun = time.monotonic()
with Connections() as connections:
    for row in survey_servers(servers, connections, Memory(), float(sys.argv[2])):
        print(time.monotonic() - begun, row.is_now)
"""


def test_an_older_answer_is_shown_with_its_age(servers: SshServers) -> None:
    file = servers.directory / "again.toml"
    file.write_text("[servers.one]\n")
    assert servers.run("servers", "--servers", str(file)).returncode == 0
    config = servers.home / ".ssh" / "config"
    kept = config.read_text()
    config.write_text(kept.replace("Host one\n", "Host one\n  ProxyCommand false\n"))
    try:
        found = servers.run("servers", "--servers", str(file))
    finally:
        config.write_text(kept)
    assert found.returncode == 1
    row = next(line for line in found.stdout.splitlines() if line.startswith("one "))
    assert "no answer, " in row
    assert "1 of 1" in row


def ask(servers: SshServers, *arguments: str, names: tuple[str, ...]) -> tuple[Any, int]:
    """Ask some servers; the document and the exit status."""
    file = servers.directory / "some.toml"
    file.write_text("".join(f"[servers.{name}]\n" for name in names))
    found = servers.run(*arguments, "--server=all", f"--servers={file}", "--timeout=60", "--json")
    return json.loads(found.stdout), found.returncode


def test_installations_of_all_servers_are_listed(servers: SshServers) -> None:
    found, status = ask(servers, "installations", names=("one", "bare"))
    assert status == 0
    for each in found["servers"]:
        assert each["error"] is None
        assert each["answer"]["installations"][0]["usable"]


def test_the_same_request_is_matched_everywhere_and_what_differs_is_named(
    servers: SshServers,
) -> None:
    version = PythonVersion.parse(os.popen("/usr/bin/python3 -V").read().split()[1])
    near = f"{version.major}.{version.minor + 1}.0"
    found, status = ask(servers, "match", near, str(version), names=("one", "two", "bare"))
    assert status == 1
    assert found["differs"] == [near]
    by_name = {each["server"]: each["answer"]["decisions"] for each in found["servers"]}
    assert by_name["one"][0]["selected"] is None
    assert by_name["two"][0]["selected"] == str(version)
    assert by_name["bare"][1]["selected"] == str(version)


def test_settings_are_compared(servers: SshServers) -> None:
    found, _ = ask(servers, "config", "show", names=("one", "two"))
    assert found["differs"] == {"version_matching": {"major-minor": ["one"], "nearest": ["two"]}}


def test_a_plan_is_summed_up_over_all_servers(servers: SshServers) -> None:
    found, status = ask(servers, "upgrade", "plan", "--add", "3.13.1", names=("one", "two"))
    assert status == 0
    assert set(found["counts"]) == {"fails", "moves", "gains", "unmatched", "keeps"}


def test_content_of_a_server_without_pysteward_is_an_error_never_nothing(
    servers: SshServers,
) -> None:
    found, status = ask(servers, "content", names=("bare",))
    assert status == 1
    assert found["servers"][0]["error"]["code"] == "remote-no-pysteward"


def test_a_server_without_python_3_shows_its_python_2(servers: SshServers) -> None:
    old = real_python((2, 7))
    servers.add("old", path=f"{old.program.parent}:{USUAL}", hidden=hidden_pythons())
    found, _ = ask(servers, "installations", names=("old",))
    listed = found["servers"][0]["answer"]["installations"]
    assert old.text in [row["version"] for row in listed]
    assert not [row for row in listed if row["path"].startswith("/usr/bin/")]


@pytest.fixture
def short() -> Iterator[Path]:
    """A directory whose path is short enough for sockets in it."""
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as name:
        yield Path(name)


def test_nothing_is_left_running_and_no_socket_stays(servers: SshServers, short: Path) -> None:
    file = servers.directory / "some.toml"
    file.write_text("[servers.one]\n[servers.hanging]\n")
    found = servers.run("servers", "--servers", str(file), "--timeout", "6", TMPDIR=str(short))
    assert found.returncode == 1
    assert list(short.iterdir()) == []
    assert not running_in(short)


def test_a_program_that_is_interrupted_leaves_nothing_either(
    servers: SshServers, short: Path
) -> None:
    file = servers.directory / "some.toml"
    file.write_text("[servers.hanging]\n[servers.silent]\n")
    process = servers.start(["servers", "--servers", str(file)], {"TMPDIR": str(short)})
    end = time.monotonic() + 30
    while len(running_in(short)) < 2:
        assert time.monotonic() < end, "ssh does not run"
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert list(short.iterdir()) == []
    assert not running_in(short)


def running_in(directory: Path) -> list[str]:
    """The processes that name a directory."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended
            found.append(path.read_text(errors="replace"))
    return [command for command in found if command.startswith("ssh") and str(directory) in command]


HOSTILE = {
    "endless": ("yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "remote-too-large"),
    "page": ("echo '<html>Sign in</html>'", "remote-answer"),
    "deep": ("head -c 100000 /dev/zero | tr '\\0' '['", "remote-answer"),
    "asks": ("read -r password; echo $password", "remote-answer"),
    "refused": ("echo 'sudo: a password is required' >&2; exit 1", "remote-answer"),
    "types": ("""echo '{"pythons": 3, "installations": {"a": 1}}'""", None),
    "escapes": ("cat FILE", None),
}


def test_an_answer_that_may_be_anything_is_an_error_or_is_shown_inert(servers: SshServers) -> None:
    evil = "\x1b]0;pwned\x07\x1b[2J\u202e"
    python = {
        "path": evil,
        "version": evil,
        "usable": True,
        "pip": [evil],
        "problems": [{"code": evil}],
    }
    file = servers.directory / "evil.json"
    file.write_text(json.dumps({"installations": [python, 3]}))
    for name, (script, _) in HOSTILE.items():
        place = servers.directory / f"{name}-bin"
        place.mkdir()
        program_file = place / "pysteward"
        program_file.write_text(f"#!/bin/sh\n{script.replace('FILE', str(file))}\n")
        program_file.chmod(0o755)
        servers.add(name, path=f"{place}:{USUAL}")
    found, status = ask(servers, "installations", names=tuple(HOSTILE))
    assert status == 1
    codes = {each["server"]: each["error"] and each["error"]["code"] for each in found["servers"]}
    assert codes == {name: code for name, (_, code) in HOSTILE.items()}
    shown = servers.run(
        "installations", "--server=escapes", f"--servers={servers.directory}/some.toml"
    )
    assert "escapes  warnings" in shown.stdout
    assert not {"\x1b", "\x07", "\u202e"} & {*shown.stdout, *shown.stderr}


@pytest.mark.parametrize("address", ["-oProxyCommand=touch x@y", "me@-oProxyCommand=x", "a b@c"])
def test_an_address_that_ssh_could_take_for_an_option_is_refused(address: str) -> None:
    with pytest.raises(RemoteError, match="address") as found:
        choose_servers(address, {}, None)
    assert found.value.code == "remote-settings"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[servers.a]\nhost = "-oProxyCommand=x"\n', ":1:1: a: the address"),
        ('[servers.a]\nhosts = "b"\n', "hosts is not known"),
        ("[servers.a]\nhost = 3\n", "must be a text"),
        ("[servers.all]\n", "cannot be the name"),
        ("servers = 3\n", r"\[servers.NAME\]"),
        ('[servers.a]\ncommand = ""\n', "must begin with a program"),
    ],
)
def test_a_mistake_in_the_file_of_servers_names_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "servers.toml"
    file.write_text(text)
    with pytest.raises(StewardError, match=said):
        read_servers(file)


def test_a_command_and_a_host_are_read(tmp_path: Path) -> None:
    file = tmp_path / "servers.toml"
    file.write_text('[servers.a]\nhost = "me@b"\ncommand = "sudo -n pysteward"\n[servers.c]\n')
    assert read_servers(file) == {
        "a": SshServer("a", "me@b", ("sudo", "-n", "pysteward")),
        "c": SshServer("c", "c"),
    }


def overview(*versions: str, policy: str = "nearest") -> ServerOverview:
    pythons = tuple(PythonRow(f"/opt/{each}", PythonVersion.parse(each), True) for each in versions)
    return ServerOverview(
        "1.0", "root", None, None, policy, pythons, {"version-matching": (policy,)}
    )


def test_a_missing_python_and_another_patch_are_drift() -> None:
    found = drift_of(
        {
            "a": overview("3.11.6", "3.12.1"),
            "b": overview("3.11.6", "3.12.1"),
            "c": overview("3.11.7"),
        }
    )
    assert found["a"] == found["b"] == ()
    assert found["c"] == ("Python 3.11.7, others 3.11.6", "no Python 3.12, others 3.12.1")
