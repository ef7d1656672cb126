"""A real source archive, the distribution's own, really compiled, which takes minutes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import SampleServer

pytestmark = [pytest.mark.full, pytest.mark.network, pytest.mark.timeout(3600)]


def source_lines() -> str:
    """This machine's own package sources, as sources of source packages."""
    said = Path("/etc/os-release").read_text("utf-8")
    named = re.search(r"^VERSION_CODENAME=(\w+)", said, re.MULTILINE)
    if named is None:
        pytest.skip("this distribution does not say its code name")
    codename = named[1]
    stanzas: list[str] = []
    for file in Path("/etc/apt").glob("sources.list.d/*.sources"):
        for stanza in re.split(r"\n\s*\n", file.read_text("utf-8")):
            suites = re.search(r"^Suites:(.*)$", stanza, re.MULTILINE)
            if suites is not None and codename in suites[1].split():
                stanza = stanza.replace(suites[0], f"Suites: {codename}")
                stanzas.append(re.sub(r"^Types:.*$", "Types: deb-src", stanza, flags=re.MULTILINE))
    if stanzas:
        return "\n\n".join(stanzas) + "\n"
    pytest.skip("no package sources in the form that this test reads")


def fetch_source(directory: Path) -> Path:
    """The archive of the distribution's own Python 3, with a configuration of apt's own."""
    if shutil.which("apt-get") is None:
        pytest.skip("no apt-get on this machine")
    name = Path(os.path.realpath("/usr/bin/python3")).name
    (directory / "lists" / "partial").mkdir(parents=True)
    (directory / "cache" / "archives" / "partial").mkdir(parents=True)
    (directory / "own.sources").write_text(source_lines(), "utf-8")
    options = {
        "Dir::State::Lists": directory / "lists",
        "Dir::Cache": directory / "cache",
        "Dir::Etc::sourcelist": directory / "own.sources",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "APT::Sandbox::User": "",
    }
    settings = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    for command in (["update"], ["source", "--download-only", name]):
        subprocess.run(["apt-get", *settings, *command], cwd=directory, check=True, timeout=600)
    (archive,) = directory.glob("*.orig.tar.*z")
    return archive


def test_the_distributions_own_source_becomes_a_usable_installation(tmp_path: Path) -> None:
    (tmp_path / "apt").mkdir()
    archive = fetch_source(tmp_path / "apt")
    server = SampleServer(tmp_path, [], tmp_path)
    settings = server.settings()
    # This one is completed from the real index.
    settings.write_text(settings.read_text().split("[python.build-environment]")[0])
    settings.chmod(0o600)
    program = [*(sys.executable, "-m", "pysteward.tui"), "--config", settings]
    program += ["--state-dir", server.state_dir]
    built = subprocess.run(
        [
            *(*program, "build-python", "install", archive, "--prefix", tmp_path / "python"),
            *("--add", "--json"),
        ],
        stdout=subprocess.PIPE,
        check=False,
    )
    document = json.loads(built.stdout)
    assert document["outcome"] == "succeeded", document
    assert [package["name"] for package in document["packages"]] == ["pip", "virtualenv"]
    codes = {finding["code"] for finding in document["findings"]}
    assert codes <= {"end-of-life"}, document["findings"]

    listed = subprocess.run(
        [*program, "installations", "--json"], stdout=subprocess.PIPE, check=True
    )
    (installation,) = json.loads(listed.stdout)["installations"]
    assert installation["usable"]
    assert installation["version"] == document["python"]["version"]
    environment = tmp_path / "environment"
    subprocess.run([installation["executable"], "-m", "virtualenv", environment], check=True)
    subprocess.run(
        [environment / "bin" / "python", "-c", "import ssl, sqlite3, ctypes, lzma, bz2"], check=True
    )
