"""`report` writes one readable text, with nothing secret and nothing hostile in it."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from pysteward.tui.__main__ import main
from tests.support.old_formats import WRITTEN

SECRETS = ("hunter2-secret", "s3cr3t-token-value", "0123456789-licence", "checked-value")


@pytest.fixture
def arguments(tmp_path: Path) -> list[str]:
    """A server with failed builds, an installation that is gone, and secrets in its settings."""
    state = tmp_path / "state"
    shutil.copytree(WRITTEN / "state", state)
    settings = tmp_path / "pysteward.toml"
    settings.write_text(
        "[python]\n"
        'executables = ["/nowhere/python3"]\n'
        'secret-variables = ["LICENCE"]\n'
        "[python.build-environment]\n"
        f'PIP_INDEX_URL = "https://user:{SECRETS[0]}@index.example/simple"\n'
        f'API_TOKEN = "{SECRETS[1]}"\n'
        f'LICENCE = "{SECRETS[2]}"\n'
        "[python.check-environment]\n"
        f'DATABASE = "{SECRETS[3]}"\n'
    )
    settings.chmod(0o600)
    log = next(state.glob("builds/*-6460/log.txt"))
    log.write_bytes(log.read_bytes() + f"\x1b]0;title\x07 {SECRETS[2]} {SECRETS[3]}\n".encode())
    return ["--config", str(settings), "--state-dir", str(state)]


def test_it_holds_what_someone_else_needs_and_no_secret(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.txt"
    assert main([*arguments, "report", str(file)]) == 0
    assert str(file) in capsys.readouterr().out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    parts = [line for line in text.splitlines() if line.startswith("== ")]
    assert len(parts) == 8
    for part in (
        "pysteward 0.",
        "index-url = https://user:****@index.example/simple",
        "LICENCE=****",
        "/nowhere/python3  unusable",
        "inodes free",
        "database: sound",
        "returned: asked for",
        "of faulty: failed",
        "cause ",
        "remedy: ",
    ):
        assert part in text, part
    assert not [secret for secret in SECRETS if secret in text]
    assert not [letter for letter in text if ord(letter) < 32 and letter != "\n"]
    assert "cannot be found out" not in text


def test_a_file_is_replaced_only_when_that_is_asked_for(
    tmp_path: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "report.txt"
    file.write_text("mine\n")
    assert main([*arguments, "report", str(file), "--json"]) == 2
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["code"] == "report-exists"
    assert "--force" in captured.err
    assert file.read_text() == "mine\n"
    assert main([*arguments, "report", str(file), "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file)}
    assert file.read_text() != "mine\n"


def test_what_cannot_be_found_out_is_said_and_the_rest_is_there(
    tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "state" / "pysteward.sqlite3").unlink()
    file = tmp_path / "report.txt"
    assert main([*arguments, "report", str(file)]) == 0
    text = file.read_text()
    assert text.count("cannot be found out: ") == 2  # content and builds
    assert "pysteward repair" in text
    assert "== Disk" in text
