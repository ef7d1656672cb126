"""What content is given, what it sees, and what it can reach."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pysteward.core.processes import find_confinement
from tests.running.content import GOOD, cause_of, checked, deployed
from tests.support.server import SampleServer

pytestmark = pytest.mark.skipif(
    not find_confinement().is_whole, reason="nothing here confines programs"
)

SECRET = "correct-horse-battery"

TELLS = """
import os
print("given", os.environ["DATABASE_URL"], flush=True)
found = []
for directory, directories, files in os.walk(os.environ["STATE"]):
    found += [os.path.join(directory, name) for name in files]
print("sees", [name for name in found if "/environments/" not in name], flush=True)
with open("/proc/net/dev") as file:
    print("network", [line.split(":")[0].strip() for line in file][2:], flush=True)
raise ValueError(os.environ["DATABASE_URL"])
"""


def test_content_sees_its_own_files_and_loopback_and_its_secrets_are_masked(
    server: SampleServer,
) -> None:
    name = deployed(server, {"app.py": TELLS})
    server.lines += [
        "[python.check-environment]",
        f'DATABASE_URL = "{SECRET}"',
        f'STATE = "{server.state_dir}"',
    ]
    found = checked(server, name)
    log = Path(found["log"]).read_text()
    assert "given ****" in log
    (sees,) = (line for line in log.splitlines() if line.startswith("sees "))
    assert [name for name in json.loads(sees[5:].replace("'", '"')) if "/run/" not in name] == []
    assert "network ['lo']" in log
    assert found["starts"] == "no"
    shown = server.run("config", "show").stdout
    assert SECRET not in shown
    server.run("runs", "export", found["build"], str(server.directory / "record.tar.gz"))
    packed = subprocess.run(
        ["tar", "-xzOf", server.directory / "record.tar.gz"], capture_output=True, check=True
    )
    assert SECRET.encode() not in packed.stdout
    kept = subprocess.run(
        ["grep", "-rlF", SECRET, str(server.state_dir)], capture_output=True, check=False
    )
    assert kept.stdout == b""


def test_a_link_that_content_makes_is_not_followed_for_evidence(
    server: SampleServer, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "key.py").write_text("not to be quoted\n")
    text = (
        f"import os\nos.symlink({str(tmp_path / 'outside')!r}, 'inside')\n"
        "exec(compile('raise ValueError(1)', os.path.abspath('inside/key.py'), 'exec'))\n"
    )
    cause = cause_of(checked(server, deployed(server, {"app.py": text + GOOD})))
    assert all("quoted" not in each["text"] for each in cause["evidence"])


def test_a_variable_of_a_file_reaches_content(server: SampleServer, tmp_path: Path) -> None:
    name = deployed(server, {"app.py": "import os\nos.environ['DATABASE_URL']\n" + GOOD})
    assert checked(server, name)["starts"] == "needs-variables"
    file = tmp_path / "variables"
    file.write_text("# for the check\nexport DATABASE_URL='sqlite://'\n")
    assert checked(server, name, "--env-file", str(file))["starts"] == "yes"
    file.write_text("DATABASE_URL\n")
    done = server.run("content", "check", name, "--env-file", file)
    assert done.returncode == 2
    assert f"{file}:1: must be NAME=VALUE" in done.stderr
