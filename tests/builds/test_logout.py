"""Whoever logs out from a system that ends his processes is told so before he builds."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from pysteward.core.builds.logout import logout_warning

USER = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A system whose files say: this process runs in a login session, KillUserProcesses=yes."""
    write(tmp_path / "proc/self/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n")
    write(
        tmp_path / "etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\nKillExcludeUsers=\n"
    )
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_session_that_takes_its_processes_along_is_warned_of(system: Path) -> None:
    said = logout_warning(system)
    assert said is not None
    assert f"loginctl enable-linger {USER}" in said


def test_whoever_lingers_is_spared(system: Path) -> None:
    write(system / "var/lib/systemd/linger" / USER, "")
    assert logout_warning(system) is None


def test_outside_of_a_login_session_nothing_is_ended(system: Path) -> None:
    write(system / "proc/self/cgroup", "0::/system.slice/cron.service\n")
    assert logout_warning(system) is None
    (system / "proc/self/cgroup").unlink()
    assert logout_warning(system) is None


@pytest.mark.parametrize(
    ("option", "warned"),
    [
        ("KillUserProcesses=no", False),
        (f"KillExcludeUsers=somebody {USER}", False),
        ("KillExcludeUsers=somebody", True),
        ("KillOnlyUsers=somebody", False),
        (f"KillOnlyUsers=somebody {USER}", True),
    ],
)
def test_the_last_file_that_sets_an_option_counts(system: Path, option: str, warned: bool) -> None:
    write(system / "etc/systemd/logind.conf.d/90-own.conf", f"[Login]\n{option}\n")
    assert (logout_warning(system) is not None) is warned


def test_a_commented_option_shows_what_the_distribution_has_compiled_in(system: Path) -> None:
    for setting, warned in (("#KillUserProcesses=no", False), ("#KillUserProcesses=yes", True)):
        text = f"[Login]\n{setting}\nKillExcludeUsers=\n"
        write(system / "etc/systemd/logind.conf", text)
        assert (logout_warning(system) is not None) is warned
