"""Findings in a bundle, before anything is built from it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pysteward.core.diagnosis import diagnose_log
from pysteward.core.diagnosis.bundles import diagnose_bundle
from pysteward.core.diagnosis.bundles.check import Server
from pysteward.core.diagnosis.model import Diagnosis
from pysteward.core.errors import BundleError
from pysteward.core.findings import Finding
from pysteward.core.matching import Policy, hypothetical
from pysteward.core.versions import PythonVersion

BUNDLES = Path(__file__).parents[1] / "data" / "bundles"


def server(*installed: str, **settings: Any) -> Server:
    candidates = tuple(hypothetical(PythonVersion.parse(text)) for text in installed)
    settings.setdefault("prohibited", ("appnope", "pywin32"))
    return Server(candidates, Policy.MAJOR_MINOR, **settings)


MakeBundle = Callable[..., Path]


@pytest.fixture
def bundle(tmp_path: Path) -> MakeBundle:
    """Makes a sound bundle of a Flask application, but for what the test wants otherwise."""

    def make(
        requirements: bytes | str = "flask==3.0.0\n",
        *,
        python: dict[str, Any] | None = None,
        requires: str | None = None,
        files: dict[str, str] | None = None,
        manifest: dict[str, Any] | None = None,
    ) -> Path:
        directory = tmp_path / "content"
        directory.mkdir()
        data = requirements.encode() if isinstance(requirements, str) else requirements
        contents = {"requirements.txt": data, "app.py": b"import flask\n"}
        contents |= {name: text.encode() for name, text in (files or {}).items()}
        for name, content in contents.items():
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            (directory / name).write_bytes(content)
        document: dict[str, Any] = {
            "version": 1,
            "metadata": {"appmode": "python-api", "entrypoint": "app"},
            "python": {
                "version": "3.11.7",
                "package_manager": {"name": "pip", "package_file": "requirements.txt"},
            },
            "files": {
                name: {"checksum": hashlib.md5(content).hexdigest()}
                for name, content in contents.items()
            },
        }
        if python is not None:
            document["python"] |= python
        if requires is not None:
            document["environment"] = {"python": {"requires": requires}}
        document |= manifest or {}
        (directory / "manifest.json").write_text(json.dumps(document, indent=2))
        return directory

    return make


def only(diagnosis: Diagnosis, code: str) -> Finding:
    assert [finding.code for finding in diagnosis.findings] == [code]
    return diagnosis.findings[0]


def test_a_sound_bundle_has_no_findings_and_no_verdict(bundle: MakeBundle) -> None:
    diagnosis = diagnose_bundle(bundle(), server("3.11.7"))
    assert (diagnosis.outcome, diagnosis.findings) == ("unknown", ())


@pytest.mark.parametrize("path", sorted(BUNDLES.glob("*.tar.gz")), ids=lambda path: path.stem)
def test_what_a_real_client_wrote_is_sound(path: Path) -> None:
    installed = ("3.9.18", "3.10.13", "3.11.7", "3.12.1")
    found = diagnose_bundle(path, server(*installed)).findings
    prohibited = 2 if "streamlit" in path.name else 0  # its author sits at a Mac
    assert [finding.code for finding in found] == ["package-prohibited"] * prohibited


def test_no_match_says_what_would_match(bundle: MakeBundle) -> None:
    found = only(diagnose_bundle(bundle(), server("3.12.1")), "no-python-match")
    assert found.role == "cause"
    assert "nearest would take 3.12.1" in found.cause
    assert found.evidence[0].text == '"version": "3.11.7",'


def test_python_may_be_switched_off(bundle: MakeBundle) -> None:
    found = only(diagnose_bundle(bundle(), server("3.11.7", enabled=False)), "python-disabled")
    assert "Enabled = true" in found.remedy


def test_a_prohibited_package_is_named_with_who_imports_it(bundle: MakeBundle) -> None:
    path = bundle(
        "flask\nPyWin32>=300 ; python_version > '3'\n", files={"a.py": "x=1\nimport win32api\n"}
    )
    diagnosis = diagnose_bundle(path, server("3.11.7"))
    found = only(diagnosis, "package-prohibited")
    assert diagnosis.outcome == "unknown"
    assert [(line.source, line.line) for line in found.evidence] == [
        ("requirements.txt", 2),
        ("a.py", 2),
    ]


def test_a_prohibited_package_that_nobody_imports_leaves_nothing_behind(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle("flask\nappnope\n"), server("3.11.7")), "package-prohibited"
    )
    assert "1 packages are left" in found.cause


@pytest.mark.parametrize(
    "line",
    [
        "flask @ file:///home/ann/conda/flask_1/work",
        "file:///C:/Users/ann/x-1.0-py3-none-any.whl",
        "-e /home/ann/project",
        "-e ../project",
        "/home/ann/x-1.0.tar.gz",
        "C:\\wheels\\x-1.0-py3-none-any.whl",
        "./wheels/gone-1.0-py3-none-any.whl",
    ],
)
def test_a_line_of_the_authors_own_disk_is_a_cause(bundle: MakeBundle, line: str) -> None:
    diagnosis = diagnose_bundle(bundle(f"flask\n{line}\n"), server("3.11.7"))
    found = only(diagnosis, "requirements-local-path")
    assert (found.evidence[0].line, found.evidence[0].text) == (2, line)


@pytest.mark.parametrize(
    "line", ["./pkg", "-e .", "./pkg/x-1.0-py3-none-any.whl", "-e git+https://h.example/r#egg=x"]
)
def test_a_path_inside_the_bundle_is_none(bundle: MakeBundle, line: str) -> None:
    path = bundle(f"flask\n{line}\n", files={"pkg/x-1.0-py3-none-any.whl": "", "setup.py": ""})
    assert diagnose_bundle(path, server("3.11.7")).findings == ()


def test_a_constraint_without_operator_is_told_what_to_write(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle(requires="3.8"), server("3.8.1")), "constraint-without-operator"
    )
    assert "==3.8.*" in found.cause


@pytest.mark.parametrize(
    ("requires", "wide"),
    [("~=3.11", True), ("~=3.11.0", False), ("~=3.11,<3.12", False), (">=3.11", False)],
)
def test_a_compatible_release_of_two_numbers_is_wider_than_meant(
    bundle: MakeBundle, requires: str, wide: bool
) -> None:
    diagnosis = diagnose_bundle(bundle(requires=requires), server("3.11.7"))
    assert [found.code for found in diagnosis.findings] == ["constraint-wider-than-meant"] * wide


def test_files_and_checksums_are_compared(bundle: MakeBundle) -> None:
    path = bundle(files={"data.csv": "1", "gone.csv": "2"})
    (path / "data.csv").write_text("changed")
    (path / "gone.csv").unlink()
    (path / "extra.csv").write_text("3")
    found = diagnose_bundle(path, server("3.11.7")).findings
    assert [(f.code, f.role) for f in found] == [("bundle-checksum", "warning")] * 3
    assert "data.csv" in found[0].cause
    assert "gone.csv" in found[1].cause
    assert "1 file of the directory" in found[2].cause
    assert not any("rsconnect-python" in each.remedy for each in found)


def test_a_requirements_file_that_an_old_client_summed_up_otherwise_is_told_as_such(
    bundle: MakeBundle,
) -> None:
    path = bundle("flask\n", files={"requirements.txt": "# a comment with the date\nflask\n"})
    (path / "requirements.txt").write_text("flask\n")
    found = only(diagnose_bundle(path, server("3.11.7")), "bundle-checksum")
    assert "rsconnect-python before 1.26" in found.remedy


def test_requirements_that_are_no_utf_8_are_a_cause(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle("# caf\xe9\nflask\n".encode("latin-1")), server("3.11.7")),
        "requirements-encoding",
    )
    assert found.role == "cause"


def test_utf_16_is_a_warning_since_pip_reads_it(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle("flask\n".encode("utf-16")), server("3.11.7")),
        "requirements-encoding",
    )
    assert found.role == "warning"


def test_a_utf_8_byte_order_mark_does_no_harm(bundle: MakeBundle) -> None:
    assert diagnose_bundle(bundle("\ufeffflask\n"), server("3.11.7")).findings == ()


def test_r_content_with_reticulate_must_say_which_python(bundle: MakeBundle) -> None:
    path = bundle(
        files={"report.Rmd": "```{python}\n```\n"},
        manifest={
            "platform": "4.3.1",
            "python": None,
            "metadata": {"appmode": "rmd-static", "primary_rmd": "report.Rmd"},
            "packages": {"reticulate": {"Source": "CRAN"}},
        },
    )
    found = only(diagnose_bundle(path, server("3.11.7")), "python-block-missing")
    assert "reticulate" in found.cause


def test_two_pins_of_one_package_contradict_each_other(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle("Flask==3.0.0\nflask==2.0.0\n"), server("3.11.7")),
        "dependency-conflict",
    )
    assert [line.line for line in found.evidence] == [1, 2]


def test_pins_that_markers_keep_apart_agree(bundle: MakeBundle) -> None:
    text = "flask==3.0.0 ; python_version>='3.8'\nflask==2.0.0 ; python_version<'3.8'\n"
    assert diagnose_bundle(bundle(text), server("3.11.7")).findings == ()


def test_hashes_are_for_all_or_for_none(bundle: MakeBundle) -> None:
    text = f"flask==3.0.0 --hash=sha256:{'0' * 64}\njinja2==3.1\n"
    found = only(diagnose_bundle(bundle(text), server("3.11.7")), "hash-missing")
    assert found.evidence[0].text == "jinja2==3.1"


def test_an_included_file_that_is_missing_is_a_cause(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle("flask\n-r more.txt\n"), server("3.11.7")),
        "requirements-file-missing",
    )
    assert found.evidence[0].line == 2


def test_a_line_that_is_no_requirement_is_a_cause(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle("flask\nthis is prose\n"), server("3.11.7")), "requirements-syntax"
    )
    assert found.evidence[0].line == 2


def test_nothing_is_asked_of_requirements_that_are_not_installed(bundle: MakeBundle) -> None:
    path = bundle(
        "/home/ann/x\n", manifest={"environment": {"environment_management": {"python": False}}}
    )
    assert diagnose_bundle(path, server("3.11.7")).findings == ()


def test_what_is_no_bundle_is_a_finding(tmp_path: Path) -> None:
    archive = tmp_path / "bundle.tar.gz"
    archive.write_bytes(b"\x1f\x8b not really")
    found = only(diagnose_bundle(archive, server("3.11.7")), "bundle-invalid")
    assert found.role == "cause"


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BundleError):
        diagnose_bundle(tmp_path / "none.tar.gz", server("3.11.7"))


def test_secrets_in_a_line_are_masked(bundle: MakeBundle) -> None:
    line = "x @ file://ann:secret@host/x-1.0.tar.gz"
    found = only(diagnose_bundle(bundle(f"{line}\n"), server("3.11.7")), "requirements-local-path")
    assert "secret" not in repr(found)


def test_a_list_of_conda_is_one_finding_with_a_count_and_the_first_lines(
    bundle: MakeBundle,
) -> None:
    lines = "".join(f"package{n}=1.{n}.0=py311h{n:06d}_0\n" for n in range(120))
    found = only(diagnose_bundle(bundle(lines), server("3.11.7")), "requirements-syntax")
    assert "120 lines of requirements.txt" in found.cause
    assert "conda" in found.cause
    assert [line.line for line in found.evidence] == [1, 2, 3]


def test_a_log_says_of_a_line_of_conda_what_its_bundle_says(bundle: MakeBundle) -> None:
    line = "numpy=1.26.0=py311h64a7726_0"
    of_bundle = only(diagnose_bundle(bundle(f"{line}\n"), server("3.11.7")), "requirements-syntax")
    log = f"ERROR: Invalid requirement: '{line}': Expected end or semicolon\n    {line}\n"
    of_log = diagnose_log(log.encode()).findings[0]
    assert of_log.code == of_bundle.code
    assert "conda" in of_log.cause
    assert "conda" in of_bundle.cause


def test_many_missing_files_are_one_finding(bundle: MakeBundle) -> None:
    files = {f"gone/{number}.csv": "1" for number in range(60)}
    path = bundle(files=files)
    for name in files:
        (path / name).unlink()
    found = only(diagnose_bundle(path, server("3.11.7")), "bundle-checksum")
    assert "and 57 more are listed" in found.cause
    assert len(found.evidence) == 3


def test_tens_of_thousands_of_missing_files_take_no_longer_than_their_manifest(
    bundle: MakeBundle,
) -> None:
    path = bundle()
    document = json.loads((path / "manifest.json").read_text())
    document["files"] |= {f"gone/{n}.csv": {"checksum": "0" * 32} for n in range(40_000)}
    (path / "manifest.json").write_text(json.dumps(document, indent=2))
    begun = time.process_time()
    found = only(diagnose_bundle(path, server("3.11.7")), "bundle-checksum")
    assert "39997 more" in found.cause
    assert time.process_time() - begun < 10


def test_line_ends_of_another_system_are_said_as_such(bundle: MakeBundle) -> None:
    path = bundle(files={"data.csv": "a\r\nb\r\n", "other.csv": "a\nb\n"})
    (path / "data.csv").write_bytes(b"a\nb\n")
    (path / "other.csv").write_bytes(b"a\r\nb\r\n")
    found = only(diagnose_bundle(path, server("3.11.7")), "bundle-checksum")
    assert "data.csv, other.csv differ" in found.cause
    assert "line ends" in found.cause


def test_paths_with_backslashes_are_those_of_windows_and_not_missing(bundle: MakeBundle) -> None:
    path = bundle(files={"sub/data.csv": "1"})
    text = (path / "manifest.json").read_text().replace("sub/data.csv", r"sub\\data.csv")
    (path / "manifest.json").write_text(text)
    found = only(diagnose_bundle(path, server("3.11.7")), "bundle-checksum")
    assert "backslashes" in found.cause


def test_evidence_is_the_line_of_that_very_file(bundle: MakeBundle) -> None:
    path = bundle(files={"app.pyx": "1"})
    (path / "app.py").write_text("changed")
    found = only(diagnose_bundle(path, server("3.11.7")), "bundle-checksum")
    assert [line.text for line in found.evidence] == ['"app.py": {']


def test_a_constraint_names_the_nearest_version_and_never_the_policy(bundle: MakeBundle) -> None:
    found = only(
        diagnose_bundle(bundle(requires="==3.9.2"), server("3.8.1", "3.9.18", "3.12.1")),
        "no-python-match",
    )
    assert "closest: 3.9.18" in found.cause
    assert "VersionMatching" not in found.remedy + (found.author_remedy or "")


def test_a_lock_file_is_no_list_of_requirements(bundle: MakeBundle) -> None:
    python = {"package_manager": {"name": "pip", "package_file": "pylock.toml"}}
    lock = 'lock-version = "1.0"\ncreated-by = "hand"\n\n[[packages]]\nname = "six"\n'
    path = bundle(python=python, files={"pylock.toml": lock})
    assert diagnose_bundle(path, server("3.11.7")).findings == ()


def test_an_index_that_the_requirements_name_is_said_with_its_line(bundle: MakeBundle) -> None:
    text = "flask\n--index-url https://packages.example.org/simple\n"
    found = only(diagnose_bundle(bundle(text), server("3.11.7")), "index-in-requirements")
    assert (found.role, found.evidence[0].line) == ("warning", 2)
