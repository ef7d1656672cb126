"""Findings of a log that rest on lines of the requirements themselves."""

from __future__ import annotations

from pathlib import Path

from pysteward.core.diagnosis import KnownFacts, conda_list_of, diagnose_log, index_lines_of
from pysteward.core.diagnosis.bundles import Server, diagnose_bundle
from pysteward.core.findings import Finding
from pysteward.core.matching import Policy
from tests.support.bundles import write_bundle

CONDA = "# platform: linux-64\n" + "".join(f"p{n}=1.{n}=py311h_{n}\n" for n in range(9))
LOCK = (
    'lock-version = "1.0"\n[[packages]]\nname = "six"\n'
    'wheels = [{ url = "https://files.example/six-1.0-py3-none-any.whl" }]\n'
)


def _cause(tmp_path: Path, log: str, texts: dict[str, bytes]) -> Finding:
    (tmp_path / "log.txt").write_text(log)
    known = KnownFacts(index_lines=index_lines_of(texts), conda_list=conda_list_of(texts))
    cause = diagnose_log(tmp_path / "log.txt", context=known).cause
    assert cause is not None
    return cause


def test_a_build_and_its_bundle_say_the_same_of_a_list_of_conda(tmp_path: Path) -> None:
    log = (
        "ERROR: Invalid requirement: 'p0=1.0=py311h_0': Expected end or semicolon\n"
        "    p0=1.0=py311h_0\n      ^ (from line 2 of requirements.txt)\n"
        "Hint: = is not a valid operator. Did you mean == ?\n"
    )
    found = _cause(tmp_path, log, {"requirements.txt": CONDA.encode()})
    bundle = write_bundle(tmp_path / "app", CONDA, python="3.11.7")
    sound = diagnose_bundle(bundle, Server((), Policy.NEAREST)).findings
    assert (found.code, found.cause) in [(each.code, each.cause) for each in sound]
    assert found.cause.startswith("9 lines of requirements.txt are lines of conda's list")


def test_an_address_of_a_lock_is_not_cured_by_the_servers_index(tmp_path: Path) -> None:
    log = (
        "Collecting six==1.0\nerror: connection-failed\n\n"
        "× Failed to connect to files.example while fetching "
        "https://files.example/six-1.0-py3-none-any.whl\n"
        "╰─> Failed to resolve IP address for 'files.example' "
        "([Errno -2] Name or service not known)\n"
    )
    found = _cause(tmp_path, log, {"pylock.toml": LOCK.encode()})
    assert found.code == "index-unreachable"
    assert "pylock.toml, line 4 names that address" in found.cause
    assert found.author_remedy is not None
    assert "pylock.toml" in found.author_remedy
    assert found.evidence[0].line == 4


def test_of_a_lock_the_first_line_of_each_host_is_kept() -> None:
    line = 'url = "https://{}/{}.whl"\n'
    text = "".join(line.format(host, n) for n in range(500) for host in ("a.example", "b.example"))
    assert [each.line for each in index_lines_of({"pylock.toml": text.encode()})] == [1, 2]
