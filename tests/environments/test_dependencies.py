"""Do installed packages fit together? The answers of `pip check`, without a pip."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from pysteward.core.environments.dependencies import (
    Target,
    absent,
    brought_in,
    check,
)
from pysteward.core.environments.inventory import read_inventory

PYTHON_3 = Target("3.12.1", "linux", "cpython")
PYTHON_2 = Target("2.7.18", "linux2", "")


def _installed(
    directory: Path,
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    requires_python: str = "",
    record: bool = True,
) -> Path:
    info = directory / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    lines = [f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {line}" for line in requires]
    lines += [f"Requires-Python: {requires_python}"] if requires_python else []
    (info / "METADATA").write_text("\n".join(lines) + "\n\nRequires-Dist: in the description\n")
    if record:
        (info / "RECORD").touch()
    return info


def _codes(directory: Path, target: Target = PYTHON_3) -> list[tuple[str, str]]:
    found = check(read_inventory([directory]), target)
    return [(item.code, item.remedy.rpartition(" ")[2].rstrip(".")) for item in found]


def _messages(directory: Path, target: Target = PYTHON_3) -> list[str]:
    return [item.cause for item in check(read_inventory([directory]), target)]


def test_what_fits_is_not_complained_about(tmp_path: Path) -> None:
    _installed(tmp_path, "Flask", "3.0", requires=["Some_Thing>=1,<2"], requires_python=">=3.8")
    _installed(tmp_path, "some.thing", "1.5")
    assert _messages(tmp_path) == []


def test_a_dependency_that_is_not_there_is_named(tmp_path: Path) -> None:
    _installed(tmp_path, "flask", "3.0", requires=["jinja2>=3"])
    assert _messages(tmp_path) == ["flask 3.0 requires jinja2, which is not installed"]


def test_a_version_that_contradicts_is_named(tmp_path: Path) -> None:
    _installed(tmp_path, "flask", "3.0", requires=["jinja2[i18n]>=3,<4"])
    _installed(tmp_path, "Jinja2", "2.1")
    assert _messages(tmp_path) == [
        "flask 3.0 has requirement jinja2[i18n]<4,>=3, but you have Jinja2 2.1"
    ]


@pytest.mark.parametrize(
    ("marker", "target", "applies"),
    [
        ("python_version < '3'", PYTHON_2, True),
        ("python_version < '3'", PYTHON_3, False),
        ("python_version >= '3.10'", PYTHON_3, True),
        ("python_full_version >= '3.12.1'", PYTHON_3, True),
        ("sys_platform == 'linux2'", PYTHON_2, True),
        ("sys_platform == 'linux2'", PYTHON_3, False),
        ("platform_python_implementation == 'CPython'", PYTHON_3, True),
        ("platform_python_implementation == 'CPython'", PYTHON_2, True),
        ("implementation_name == 'pypy'", Target("3.10.1", "linux", "pypy"), True),
        ("extra == 'test'", PYTHON_3, False),
        ("python_version >= '3' and extra == 'test'", PYTHON_3, False),
    ],
)
def test_markers_are_those_of_the_environment_and_not_ours(
    tmp_path: Path, marker: str, target: Target, applies: bool
) -> None:
    _installed(tmp_path, "one", "1.0", requires=[f"other ; {marker}"])
    assert bool(_messages(tmp_path, target)) == applies


def test_a_prerelease_satisfies_what_it_satisfies(tmp_path: Path) -> None:
    _installed(tmp_path, "one", "1.0", requires=["two>=2.0b1"])
    _installed(tmp_path, "two", "2.0b2")
    assert _messages(tmp_path) == []


def test_an_address_is_satisfied_by_any_version(tmp_path: Path) -> None:
    _installed(tmp_path, "one", "1.0", requires=["two @ https://index.example/two-1.zip"])
    _installed(tmp_path, "two", "0.1")
    assert _messages(tmp_path) == []


def test_the_wrong_python_is_named(tmp_path: Path) -> None:
    _installed(tmp_path, "one", "1.0", requires_python=">=3.13")
    assert _messages(tmp_path) == ["one 1.0 needs Python >=3.13, this is 3.12.1"]


def test_a_package_that_lies_there_twice_is_named(tmp_path: Path) -> None:
    _installed(tmp_path, "one", "1.0")
    _installed(tmp_path, "one", "1.1")
    assert _codes(tmp_path) == [("duplicate-package", "one")]


def test_a_package_without_record_or_metadata_is_named(tmp_path: Path) -> None:
    _installed(tmp_path, "one", "1.0", record=False)
    (tmp_path / "two-1.0.dist-info").mkdir()
    assert _codes(tmp_path) == [("incomplete-package", "one"), ("incomplete-package", "two")]


@pytest.mark.parametrize(
    "line", ["", "!!", "two (>=1", "two ; nonsense == '1'", "two>=x.y", "two ; python_version > 3"]
)
def test_a_line_that_no_standard_allows_is_passed_over(tmp_path: Path, line: str) -> None:
    _installed(tmp_path, "one", "1.0", requires=[line])
    assert _messages(tmp_path) == []


def test_a_version_that_is_none_is_passed_over(tmp_path: Path) -> None:
    _installed(tmp_path, "one", "1.0", requires=["two>=1"])
    _installed(tmp_path, "two", "2004d-custom")
    assert _messages(tmp_path) == []


def test_an_old_setup_s_requirements_are_read(tmp_path: Path) -> None:
    info = tmp_path / "one-1.0-py2.7.egg-info"
    info.mkdir()
    (info / "PKG-INFO").write_text("Name: one\nVersion: 1.0\n")
    (info / "requires.txt").write_text(
        "two>=2\n\n[:python_version<'3']\nthree\n\n[test]\nfour\n[test:python_version<'3']\nfive\n"
    )
    assert _messages(tmp_path, PYTHON_2) == [
        "one 1.0 requires two, which is not installed",
        "one 1.0 requires three, which is not installed",
    ]


def test_a_distutils_package_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "one-1.0-py2.7.egg-info").write_text("Name: one\nVersion: 1.0\n")
    assert [(item.name, item.version) for item in read_inventory([tmp_path])] == [("one", "1.0")]


def test_folded_headers_and_odd_bytes_are_read(tmp_path: Path) -> None:
    info = tmp_path / "one-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_bytes(
        b"Metadata-Version: 2.1\r\nNAME: one\r\nVersion: 1.0\r\nAuthor: M\xfcller\r\n"
        b"Requires-Dist: two\r\n  >=1\r\n\r\nName: not this\r\n"
    )
    (item,) = read_inventory([tmp_path])
    assert (item.name, item.version, item.requires) == ("one", "1.0", ("two >=1",))


def test_links_are_not_followed(tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    info = site / "one-1.0.dist-info"
    info.mkdir(parents=True)
    elsewhere.write_text("Name: secret\nVersion: 6\n")
    (info / "METADATA").symlink_to(elsewhere)
    assert [(item.name, item.version) for item in read_inventory([site])] == [("one", "")]


def test_a_prohibited_dependency_is_reported_with_who_brought_it(tmp_path: Path) -> None:
    _installed(tmp_path, "ipykernel", "6.0", requires=["AppNope ; sys_platform == 'linux'"])
    _installed(tmp_path, "other", "6.0", requires=["appnope ; sys_platform == 'darwin'"])
    _installed(tmp_path, "appnope", "0.1")
    (complaint,) = brought_in(read_inventory([tmp_path]), ("APPNOPE", "pywin32"), PYTHON_3)
    assert complaint.code == "prohibited-dependency"
    assert complaint.cause == (
        "appnope 0.1 is prohibited and was installed, brought in by ipykernel"
    )


def test_what_was_required_and_is_absent_is_named(tmp_path: Path) -> None:
    _installed(tmp_path, "some.thing", "1.0")
    lines = (
        "Some-Thing==1.0 --hash=sha256:abc",
        "flask[async]>=2 ; python_version >= '3'",
        "enum34 ; python_version < '3'",
        "tool @ https://index.example/tool.zip",
        "--index-url https://index.example/simple",
        "-c numpy==1",
        "./local.whl",
    )
    assert absent(lines, read_inventory([tmp_path]), PYTHON_3) == ("flask",)


def test_of_any_number_of_complaints_the_first_are_shown_and_the_rest_is_said(
    tmp_path: Path,
) -> None:
    for number in range(100):
        _installed(tmp_path, f"p{number:02d}", "1", requires=["q"] * 3)
    *shown, last = _messages(tmp_path)
    assert shown == [f"p{n // 3:02d} 1 requires q, which is not installed" for n in range(200)]
    assert last == "there is more that does not fit: only the first 200 are shown"


def test_any_number_of_unmet_requirements_is_one_short_finding(tmp_path: Path) -> None:
    names = [f"missing{number}" for number in range(11_000)]
    _installed(tmp_path, "app", "1", requires=names)
    _installed(tmp_path, "long", "1", requires=["x" * 100_000])
    many, long = _messages(tmp_path)
    assert many == (
        "11000 requirements of app 1 are not met: missing0, missing1, missing2 and 10997 more"
    )
    assert long.startswith("long 1 requires xxx")
    assert len(long) < 600


def test_more_packages_than_are_believable_are_refused(tmp_path: Path) -> None:
    for number in range(20):
        _installed(tmp_path, f"p{number}", "1", requires=["q"] * 11_000)
    with pytest.raises(OSError, match="200000 requirements of packages"):
        read_inventory([tmp_path])


def test_metadata_that_is_a_pipe_or_a_link_is_not_waited_for(tmp_path: Path) -> None:
    info = _installed(tmp_path, "flask", "3.0")
    (info / "METADATA").unlink()
    os.mkfifo(info / "METADATA")
    assert _messages(tmp_path) == ["flask has no readable metadata (flask-3.0.dist-info)"]
