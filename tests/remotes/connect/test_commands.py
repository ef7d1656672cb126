"""The commands that read a Connect server, as they are typed."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from pysteward.tui.__main__ import main
from tests.support import connect_server as faults
from tests.support.connect_content import bundle_bytes, dash_app
from tests.support.connect_server import (
    ADMINISTRATOR,
    PUBLISHER,
    VIEWER,
    ConnectServer,
    Content,
    Job,
    guid_of,
)

LOG = """\
Collecting foo==9
ERROR: Could not find a version that satisfies the requirement foo==9 (from versions: 1.0)
ERROR: No matching distribution found for foo==9
"""

Json = Callable[..., Any]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Servers, keys and caches of a test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYSTEWARD_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("CONNECT_API_KEY", raising=False)
    return tmp_path


@pytest.fixture
def prod(server: ConnectServer, monkeypatch: pytest.MonkeyPatch) -> ConnectServer:
    """A server that is configured as `prod`, with an administrator's key."""
    add(server, monkeypatch, ADMINISTRATOR)
    return server


def add(server: ConnectServer, monkeypatch: pytest.MonkeyPatch, key: str, *more: str) -> None:
    monkeypatch.setenv("CONNECT_API_KEY", key)
    at = ["connect", "add", "prod", server.url, "--ca", str(server.ca)]
    assert main([*at, "--replace", *more]) == 0
    monkeypatch.delenv("CONNECT_API_KEY")


@pytest.fixture
def as_json(capsys: pytest.CaptureFixture[str]) -> Json:
    """Runs a command with --json; returns its document and checks its exit status."""

    def run(*arguments: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert main([*arguments, "--json"]) == status
        return json.loads(capsys.readouterr().out)

    return run


def test_a_key_from_the_environment_is_kept_for_its_owner_alone(
    prod: ConnectServer, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = home / "config" / "pysteward" / "connect" / "prod.key"
    assert key.read_text().strip() == ADMINISTRATOR
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert main(["connect", "list"]) == 0
    shown = capsys.readouterr()
    assert "prod" in shown.out
    assert ADMINISTRATOR not in shown.out + shown.err


def test_a_key_is_typed_at_a_terminal_without_an_echo(server: ConnectServer, home: Path) -> None:
    arguments = ["-m", "pysteward.tui", "connect", "add", "typed", server.url]
    child = pexpect.spawn(sys.executable, arguments, timeout=30, encoding="utf-8")
    child.expect("API key")
    child.sendline(ADMINISTRATOR)
    child.expect(pexpect.EOF)
    assert ADMINISTRATOR not in (child.before or "")
    child.close()
    assert child.exitstatus == 0
    key = home / "config" / "pysteward" / "connect" / "typed.key"
    assert key.read_text().strip() == ADMINISTRATOR


def test_without_a_terminal_and_a_key_it_is_said_how_to_give_one(
    server: ConnectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connect", "add", "x", server.url]) == 2
    assert "$CONNECT_API_KEY" in capsys.readouterr().err


def test_there_is_no_option_for_a_key_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["connect", "add", "--help"])
    options = {word.strip("[],") for word in capsys.readouterr().out.split() if word[:1] in "[-"}
    assert {"--key-file", "--key-command", "--from-rsconnect"} <= options
    assert not options & {"--key", "--api-key", "-k"}


def test_a_key_file_or_a_command_gives_the_key(
    server: ConnectServer, home: Path, as_json: Json
) -> None:
    file = home / "key"
    file.write_text(ADMINISTRATOR)
    file.chmod(0o600)
    at = ["connect", "add", "one", server.url, "--ca", str(server.ca)]
    assert main([*at, "--key-file", str(file)]) == 0
    at[2] = "two"
    assert main([*at, "--key-command", f"cat {file}"]) == 0
    for name in ("one", "two"):
        found = as_json("connect", "test", name)
        assert found["access"][0]["said"] == "admin, administrator"


def test_a_key_file_that_others_can_read_is_refused(
    server: ConnectServer, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "key"
    file.write_text(ADMINISTRATOR)
    file.chmod(0o644)
    assert main(["connect", "add", "one", server.url, "--key-file", str(file)]) == 2
    assert "chmod 600" in capsys.readouterr().err


def test_a_server_of_rsconnect_python_is_taken_over_with_its_ca(
    server: ConnectServer, home: Path, as_json: Json
) -> None:
    directory = home / "config" / "rsconnect-python"
    directory.mkdir(parents=True)
    entry = {"url": server.url, "api_key": ADMINISTRATOR, "ca_cert": server.ca.read_text()}
    (directory / "servers.json").write_text(json.dumps({"work": entry}))
    assert main(["connect", "add", "prod", "--from-rsconnect", "work"]) == 0
    assert as_json("connect", "test", "prod")["access"][3]["said"] == "0 pieces"


def test_a_name_that_is_taken_is_not_replaced_in_silence(
    prod: ConnectServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONNECT_API_KEY", "other")
    assert main(["connect", "add", "prod", prod.url]) == 2
    assert "--replace" in capsys.readouterr().err


def test_a_removed_server_is_gone(prod: ConnectServer, as_json: Json) -> None:
    assert as_json("connect", "remove", "prod") == {"removed": "prod"}
    assert as_json("connect", "list") == {"servers": []}
    assert as_json("content", "--connect", "prod", status=2)["error"]["code"] == "remote-unknown"


def test_a_test_says_release_role_and_what_can_be_read(
    prod: ConnectServer, as_json: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    prod.add(dash_app(1, "3.11.6"))
    found = {each["name"]: each for each in as_json("connect", "test", "prod")["access"]}
    assert found["release"]["said"] == "2026.08.0"
    assert found["user"]["said"] == "admin, administrator"
    assert {each["error"] for each in found.values()} == {None}
    assert {"Pythons", "content", "packages", "bundles", "download", "jobs"} <= found.keys()
    prod.release, prod.hides_version = (2023, 9), True
    add(prod, monkeypatch, VIEWER)
    found = {each["name"]: each for each in as_json("connect", "test", "prod", status=1)["access"]}
    assert found["user"]["said"] == "vera, viewer"
    assert found["Pythons"]["error"] == "remote-denied"
    assert found["packages"]["error"] == "remote-not-found"
    assert found["release"]["said"] == "the server hides it"


def test_a_test_tries_the_download_of_a_bundle(prod: ConnectServer, as_json: Json) -> None:
    prod.add(dash_app(1, "3.11.6"))
    prod.faults["/download"] = faults.answering(403)
    found = {each["name"]: each for each in as_json("connect", "test", "prod")["access"]}
    assert found["bundles"]["error"] is None
    assert found["download"]["error"] == "remote-denied"


def test_a_test_names_requests_that_the_release_wants_replaced(
    prod: ConnectServer, as_json: Json
) -> None:
    def deprecated(handler: faults.Handler) -> bool:
        handler.send_json([], X_Deprecated_Endpoint="/v2/content")
        return True

    prod.faults["/v1/content"] = deprecated
    last = as_json("connect", "test", "prod")["access"][-1]
    assert last["said"] == "this release wants /v2/content instead of /v1/content"


@pytest.mark.parametrize("release", [(2023, 9), (2024, 11), (2025, 12), (2026, 8)], ids=str)
@pytest.mark.parametrize("key", [ADMINISTRATOR, PUBLISHER, VIEWER], ids=lambda key: key[:9])
def test_every_command_answers_on_every_release_for_every_role(
    prod: ConnectServer,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    release: tuple[int, int],
    key: str,
) -> None:
    prod.release = release
    prod.add(failing(1, owner="ana"))
    prod.add(dash_app(2, "3.8.1", "3.8.18", owner="vera"))
    prod.add(dash_app(3, "3.7.1", has="", owner="vera", lock="dash==2.17.0\n"))
    add(prod, monkeypatch, key)
    for command in (
        ["connect", "test", "prod"],
        ["installations", "--connect", "prod"],
        ["match", "--connect", "prod", "3.8.1"],
        ["content", "--connect", "prod"],
        ["upgrade", "plan", "--connect", "prod", "--remove", "3.8"],
        ["connect", "failures", "prod", "--since", "2020-01-01"],
        ["diagnose", "--connect", "prod", guid_of(1)],
        ["diagnose", "--connect", "prod", guid_of(3)],
        ["connect", "eol", "prod"],
        ["connect", "scenario", "prod", "-o", str(home / "x.toml"), "--read-bundles"],
        ["connect", "pull", "prod", guid_of(3), "-o", str(home / "out")],
    ):
        assert main(command) in (0, 1, 2)
        shown = capsys.readouterr()
        assert "mistake in pysteward" not in shown.err, (command, shown.err)
        assert shown.out or shown.err, command


def test_the_pythons_of_a_server_are_listed(prod: ConnectServer, as_json: Json) -> None:
    prod.add(dash_app(1, "3.8.1", "3.8.18"))
    found = as_json("installations", "--connect", "prod")
    listed = {each["version"]: each for each in found["installations"]}
    assert listed["3.8.18"]["publishable"] is False
    assert listed["3.8.18"]["content"] == 1
    assert listed["3.8.18"]["end_of_life"] == "2024-10-07"
    assert (found["matching"], found["matching_assumed"]) == ("major-minor", True)


def test_content_is_listed_with_what_is_worth_knowing(prod: ConnectServer, as_json: Json) -> None:
    prod.add(dash_app(1, "3.7.1", "3.7.17"))
    prod.add(dash_app(2, "3.8.1", "3.8.18"))
    prod.add(dash_app(3, "3.5.1", has=""))
    prod.add(dash_app(4, "3.11.6"))
    prod.add(Content(5, "report", app_mode="rmd-static", python=None))
    found = as_json("content", "--connect", "prod")
    assert {each["name"]: each["remark"] for each in found["content"]} == {
        "app-1": "its Python is gone",
        "app-2": "new content cannot use its Python",
        "app-3": "it never got a Python",
        "app-4": None,
    }


def test_a_request_is_matched_against_what_new_content_may_use(
    prod: ConnectServer, as_json: Json
) -> None:
    found = as_json("match", "--connect", "prod", "3.8.1", "3.11.1", status=1)
    assert [each["selected"] for each in found["decisions"]] == [None, "3.11.6"]
    assert prod.paths() == ["/__api__/v1/server_settings/python"]
    nearest = as_json("match", "--connect", "prod", "3.8.1", "--matching", "nearest")
    assert nearest["decisions"][0]["selected"] == "3.10.13"
    with_more = as_json("match", "--connect", "prod", "3.8.1", "--with", "3.8.20")
    assert with_more["decisions"][0]["selected"] == "3.8.20"


def test_a_plan_has_the_fields_of_a_plan_and_more(prod: ConnectServer, as_json: Json) -> None:
    for number in range(3):
        prod.add(dash_app(number, "3.11.6"))
    prod.add(dash_app(7, "3.8.10", "3.8.18", owner="bob"))
    plan = as_json("upgrade", "plan", "--connect", "prod", "--remove", "3.8", "--add", "3.8.20")
    assert {"matching", "counts", "moves", "changes", "preflight"} <= plan.keys()
    assert plan["counts"]["moves"] == 1
    assert plan["counts"]["keeps"] == 3
    moved = next(each for each in plan["changes"] if each["fate"] == "moves")
    assert moved["requested"] == "3.8.10"
    assert moved["to"]["version"] == "3.8.20"
    assert (moved["owner"], moved["request_known"]) == ("bob", True)
    assert len([path for path in prod.paths() if path.endswith("download")]) == 1


def test_content_that_would_lose_its_python_makes_the_answer_no(
    prod: ConnectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    prod.add(dash_app(7, "3.8.10", "3.8.18"))
    assert main(["upgrade", "plan", "--connect", "prod", "--remove", "3.8"]) == 1
    shown = capsys.readouterr()
    assert "1 fails" in shown.out
    assert "major-minor is assumed" in shown.err
    assert "their bundles are read" in shown.err


def test_an_option_without_a_meaning_there_is_refused(
    prod: ConnectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["upgrade", "plan", "3.8.1", "--connect", "prod", "--remove", "3.8"]) == 2
    assert main(["upgrade", "plan", "--connect", "prod", "--add", "/opt/python/3.9"]) == 2
    assert main(["match", "3.8.1", "--connect", "prod", "--installed", "3.9"]) == 2
    assert main(["installations", "--connect", "prod", "--log"]) == 2
    assert main(["diagnose", "app", "--connect", "prod", "--probe"]) == 2
    assert prod.requests == []
    assert "do not go together" in capsys.readouterr().err


def failing(number: int, **more: Any) -> Content:
    job = Job(f"job{number}", exit_code=1, log=LOG, start="2026-11-20T10:00:00Z")
    return Content(number, f"app-{number}", bundle=bundle_bytes("3.11.6"), jobs=[job], **more)


def test_failures_come_with_their_causes_and_their_count(
    prod: ConnectServer, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    for number in range(3):
        prod.add(dash_app(number, "3.7.4", has="", owner="bob"))
    prod.add(failing(7))
    report = home / "report.md"
    arguments = ["connect", "failures", "prod", "--since", "2020-01-01", "--report", str(report)]
    assert main(arguments) == 1
    shown = capsys.readouterr().out
    assert "3 of 4: no compatible Python" in shown
    assert "app-1 (bob)" in shown
    text = report.read_text()
    assert "| 3 of 4 | no compatible Python |" in text
    assert "- Owner: bob" in text


def test_failures_as_json_hold_the_diagnosis(prod: ConnectServer, as_json: Json) -> None:
    prod.add(failing(7))
    prod.content[0].jobs[0].error = (28, "no bundle")
    found = as_json("connect", "failures", "prod", "--since", "2020-01-01", status=1)
    (failure,) = found["failures"]
    assert failure["kind"] == "environment"
    assert failure["connect_error"] == {"code": 28, "summary": "no bundle"}
    assert failure["diagnosis"]["findings"][0]["evidence"][0]["source"] == "job job7"


def test_what_is_left_out_of_the_failures_is_said(
    prod: ConnectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    prod.add(failing(7))
    prod.content[0].jobs[0].start = prod.content[0].jobs[0].end = "2020-01-01T00:00:00Z"
    assert main(["connect", "failures", "prod"]) == 0
    shown = capsys.readouterr()
    assert "No failures were found." in shown.out
    assert "1 failures before" in shown.err
    assert main(["connect", "failures", "prod"]) == 0
    assert "--refresh asks again" in capsys.readouterr().err


@pytest.mark.parametrize("since", ["yesterday", "7", "7y", "2026-13-01", "-7d", ""])
def test_a_time_that_is_none_is_refused(prod: ConnectServer, since: str) -> None:
    assert main(["connect", "failures", "prod", f"--since={since}"]) == 2


def test_content_is_diagnosed_by_its_log_and_its_bundle(
    prod: ConnectServer, as_json: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    prod.add(failing(7))
    address = f"{prod.url}/connect/#/apps/{guid_of(7)}/logs"
    for wanted in ("app-7", guid_of(7), address):
        found = as_json("diagnose", "--connect", "prod", wanted, status=1)
        assert found["outcome"] == "failed"
        assert found["content"]["guid"] == guid_of(7)
        assert found["failure"]["job"]["key"] == "job7"
    assert main(["diagnose", "--connect", "prod", "app-7"]) == 1
    shown = capsys.readouterr().out
    assert "remedy:" in shown
    assert "foo==9" in shown


def test_content_without_a_job_is_diagnosed_by_its_bundle(
    prod: ConnectServer, as_json: Json
) -> None:
    prod.add(dash_app(1, "3.7.4", has=""))
    found = as_json("diagnose", "--connect", "prod", "app-1", status=1)
    assert found["findings"][0]["code"] == "no-python-match"
    assert found["failure"]["job"] is None


def test_sound_content_is_told_as_such(prod: ConnectServer, as_json: Json) -> None:
    files = {"app.py": b""}
    bundle = bundle_bytes("3.11.6", files=files)
    prod.add(Content(1, "app", bundle=bundle, jobs=[Job("good")]))
    found = as_json("diagnose", "--connect", "prod", "app")
    assert found["failure"] is None
    assert not [each for each in found["findings"] if each["role"] == "cause"]


def test_a_server_is_saved_as_a_scenario(prod: ConnectServer, home: Path, as_json: Json) -> None:
    prod.add(dash_app(1, "3.11.2", "3.11.6", owner="secret"))
    file = home / "prod.toml"
    made = as_json("connect", "scenario", "prod", "-o", str(file), "--read-bundles")
    assert made["bundles_read"] == 1
    assert "secret" not in file.read_text()
    played = as_json("scenario", str(file))
    assert played["decisions"][0]["requested"] == "3.11.2"


def test_content_is_pulled_to_be_deployed_here(
    prod: ConnectServer, home: Path, as_json: Json
) -> None:
    prod.add(dash_app(1, "3.8.1", "3.11.6", lock="dash==2.17.0\n"))
    out = home / "out"
    got = as_json("connect", "pull", "prod", "app-1", "-o", str(out))
    assert got["pinned"] == "lock"
    assert (out / "content" / "requirements.txt").read_text() == "dash==2.17.0\n"
    assert (
        json.loads((out / "content" / "manifest.json").read_text())["python"]["version"] == "3.11.6"
    )


def test_content_is_listed_by_the_end_of_its_python(prod: ConnectServer, as_json: Json) -> None:
    prod.add(dash_app(1, "3.11.6"))
    prod.add(dash_app(2, "3.8.1", "3.8.18"))
    for command in (["connect", "eol", "prod"], ["content", "eol", "--connect", "prod"]):
        found = as_json(*command, status=1)
        assert [each["name"] for each in found["content"]] == ["app-2", "app-1"]
        assert found["content"][0]["days_left"] < 0
        assert found["content"][0]["owner"] == "ana"


def test_escape_sequences_in_names_are_shown_as_text(
    prod: ConnectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = "x\x1b]0;title\x07\x1b[31m\u202e\r\n"
    prod.add(failing(1, title=evil, owner=evil))
    prod.content[0].name = evil
    for command in (
        ["content", "--connect", "prod"],
        ["connect", "failures", "prod", "--since", "2020-01-01"],
        ["connect", "eol", "prod"],
        ["diagnose", "--connect", "prod", guid_of(1)],
        ["upgrade", "plan", "--connect", "prod", "--remove", "3.11"],
        ["content", "show", evil],
    ):
        main(command)
        shown = capsys.readouterr()
        for character in "\x1b\x07\u202e\r":
            assert character not in shown.out + shown.err, command


@pytest.mark.parametrize(
    "fault",
    [
        faults.login_page,
        faults.redirecting("https://login.example.com/"),
        faults.sending(b"[{"),
        faults.sending(b"null"),
        faults.answering(401),
    ],
    ids=["login page", "redirect", "cut off", "null", "key refused"],
)
def test_every_failure_is_one_line_without_the_key(
    prod: ConnectServer, capsys: pytest.CaptureFixture[str], fault: faults.Fault
) -> None:
    prod.faults["/v1/content"] = fault
    assert main(["content", "--connect", "prod"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len([line for line in shown.err.splitlines() if line.startswith("pysteward: ")]) == 1
    assert ADMINISTRATOR not in shown.err
    assert "mistake in pysteward" not in shown.err


def test_no_record_and_no_file_but_its_own_holds_the_key(
    prod: ConnectServer, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prod.add(failing(1))
    report = home / "report.md"
    main(["connect", "failures", "prod", "--since", "2020-01-01", "--report", str(report)])
    main(["connect", "scenario", "prod", "-o", str(home / "x.toml"), "--read-bundles"])
    main(["connect", "pull", "prod", "app-1", "-o", str(home / "out")])
    main(["upgrade", "plan", "--connect", "prod", "--remove", "3.11"])
    holding = [
        path
        for path in home.rglob("*")
        if path.is_file() and ADMINISTRATOR.encode() in path.read_bytes()
    ]
    assert [path.name for path in holding] == ["prod.key"]
    shown = capsys.readouterr()
    assert ADMINISTRATOR not in shown.out + shown.err


def test_without_httpx_it_is_said_what_to_install(home: Path, prod: ConnectServer) -> None:
    code = (
        "import sys\n"
        "sys.modules['httpx'] = None\n"
        "from pysteward.tui.__main__ import main\n"
        "sys.exit(main(['content', '--connect', 'prod']))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 2
    assert "pip install 'pysteward[connect]'" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_other_command_imports_httpx() -> None:
    code = (
        "import sys\n"
        "from pysteward.tui.__main__ import main\n"
        "main(['match', '3.8', '--installed', '3.8.1'])\n"
        "main(['connect', 'list'])\n"
        "assert 'httpx' not in sys.modules\n"
        "assert 'asyncio' not in sys.modules\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
