"""What a manifest says, as both real clients write it, and what is wrong with it."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, strategies as st

from pysteward.core.bundles import read_manifest, request_of
from pysteward.core.errors import BundleError
from tests.support.bundles import MANIFEST, manifest_bytes, refusal

# As the R package rsconnect writes it (R/bundle.R, createAppManifest): nulls for what is absent.
FROM_R = b"""{
  "version": 1,
  "locale": "en_US",
  "platform": "4.3.1",
  "metadata": {
    "appmode": "rmd-shiny",
    "primary_rmd": "report.Rmd",
    "primary_html": null,
    "content_category": null,
    "has_parameters": false
  },
  "environment": {
    "r": {"requires": "~=4.3.0"},
    "python": {"requires": ">=3.9"},
    "environment_management": {"r": true}
  },
  "quarto": null,
  "python": {
    "version": "3.9.6",
    "requires": ">=3.9",
    "package_manager": {"name": "pip", "version": "21.1.3", "package_file": "requirements.txt"}
  },
  "packages": {
    "reticulate": {"Source": "CRAN", "Repository": "x", "description": {"A": "1", "A": "2"}}
  },
  "files": {"report.Rmd": {"checksum": "ab"}},
  "users": null
}"""


def refused(data: bytes) -> BundleError:
    with pytest.raises(BundleError) as caught:
        read_manifest(data)
    assert "\n" not in str(caught.value)
    assert caught.value.message.startswith("manifest.json")
    return caught.value


def changed(path: str, value: Any) -> bytes:
    """The usual manifest with one field replaced."""
    document = json.loads(json.dumps(MANIFEST))
    *parents, last = path.split(".")
    inner = document
    for name in parents:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return json.dumps(document).encode()


def test_every_field_that_matters_is_read() -> None:
    extra = changed("environment.environment_management", {"python": False, "r": True})
    manifest = read_manifest(extra)
    assert manifest.version == 1
    assert manifest.appmode == "python-api"
    assert manifest.entrypoint == "app:app"
    assert manifest.python_version == "3.11.7"
    assert manifest.package_manager == "pip"
    assert manifest.package_manager_version == "23.2.1"
    assert manifest.package_file == "requirements.txt"
    assert manifest.environment_management is False
    assert manifest.files == {"requirements.txt": "cfdea7934019617dc8e2d9a7ea631e00"}
    assert manifest.python_requires is None


def test_content_of_the_r_client_carries_the_same_block() -> None:
    manifest = read_manifest(FROM_R)
    assert manifest.uses_reticulate
    assert manifest.needs_python
    assert manifest.primary_rmd == "report.Rmd"
    assert manifest.environment_management is None
    assert request_of(manifest).text == ">=3.9"


def test_unknown_fields_are_kept() -> None:
    manifest = read_manifest(changed("python.novelty", {"a": [1]}))
    python: Any = manifest.raw["python"]
    assert python["novelty"] == {"a": [1]}


def test_the_constraint_wins_over_the_version() -> None:
    both = read_manifest(changed("environment.python.requires", ">=3.8,<3.11"))
    assert request_of(both).constraint is not None
    assert request_of(both).text == ">=3.8,<3.11"


def test_a_blank_constraint_is_none() -> None:
    assert request_of(read_manifest(changed("environment.python.requires", " "))).text == "3.11.7"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("version", "1", "version: must be a number, not text"),
        ("version", 2, "version: 2 is not a form"),
        ("version", True, "version: must be a number, not true or false"),
        ("metadata", [1], "metadata: must be an object, not a list"),
        ("metadata.appmode", 3, "metadata.appmode: must be text, not a number"),
        ("python", "3.9", "python: must be an object, not text"),
        ("python.version", 3.9, "python.version: must be text, not a number"),
        ("python.version", "3.9\0", "python.version: holds a zero byte"),
        ("python.version", "3.9\ud800", "python.version: holds half a character"),
        ("python.package_manager", "pip", "python.package_manager: must be an object, not text"),
        (
            "python.package_manager.package_file",
            "../../etc/passwd",
            "python.package_manager.package_file: '../../etc/passwd' is not a file in the bundle",
        ),
        (
            "python.package_manager.package_file",
            "/etc/passwd",
            "python.package_manager.package_file: '/etc/passwd' is not a file in the bundle",
        ),
        ("environment", "x", "environment: must be an object, not text"),
        ("environment.python.requires", [">=3"], "environment.python.requires: must be text"),
        (
            "environment.environment_management.python",
            "false",
            "environment.environment_management.python: must be true or false, not text",
        ),
        ("environment.environment_management", False, "environment_management: must be an object"),
        ("files", ["a"], "files: must be an object, not a list"),
        ("files.x", 1, "files.x: must be an object, not a number"),
    ],
)
def test_a_wrong_field_is_named(path: str, value: Any, says: str) -> None:
    error = refused(changed(path, value))
    assert says in error.message
    assert error.line == 1
    assert error.column is not None


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("python.version", "3", "python.version: '3' is not a Python version"),
        ("python.version", "latest", "python.version: 'latest' is not"),
        ("python.version", None, "python.version: is missing"),
        ("python", None, "python: is missing"),
        ("environment.python.requires", "3.9", "environment.python.requires: '3.9' is not"),
        ("environment.python.requires", ">>3", "environment.python.requires: '>>3' is not"),
    ],
)
def test_a_request_that_is_none_names_its_field(path: str, value: Any, says: str) -> None:
    manifest = read_manifest(changed(path, value))
    with pytest.raises(BundleError) as caught:
        request_of(manifest)
    assert says in caught.value.message


def test_reticulate_without_a_python_block_says_what_to_do() -> None:
    document = json.loads(FROM_R)
    del document["python"], document["environment"]
    with pytest.raises(BundleError, match="RETICULATE_PYTHON") as caught:
        request_of(read_manifest(json.dumps(document).encode()))
    assert caught.value.code == "python-block-missing"


@pytest.mark.parametrize(
    ("data", "says", "place"),
    [
        (b"", "is empty", (None, None)),
        (b" \n ", "is empty", (None, None)),
        (b"[1]", "must be an object, not a list", (1, 1)),
        (b'{\n  "version": 1;\n}', "is not JSON", (2, 15)),
        (b'{"version": 1', "is not JSON", (1, 14)),
        (b'{"python": {\n"version": NaN}}', "python.version: NaN is not JSON", (2, 12)),
        (b'{"a": [1, -Infinity]}', "a[1]: -Infinity is not JSON", (1, 11)),
        (
            b'{"python":\n{"version": "3.8", "x": {"version": 1},\n "version": "3.9"}}',
            "python.version: given twice",
            (3, 13),
        ),
        (b'\xef\xbb\xbf{"version": 1}', "byte order mark", (None, None)),
        ('{"version": 1}'.encode("utf-16"), "UTF-16", (None, None)),
        ('{"version": 1}'.encode("utf-16-le"), "UTF-16", (None, None)),
        ('{\n "locale": "é"}'.encode("latin-1"), "is not UTF-8 (byte 0xe9)", (2, 13)),
        (b"[" * 200_000, "nested too deeply", (None, None)),
        (b'{"a":' * 200_000, "nested too deeply", (None, None)),
        (b'{"version": ' + b"9" * 5000 + b"}", "", None),
    ],
)
def test_what_is_not_the_json_of_a_manifest_is_said_with_its_place(
    data: bytes, says: str, place: tuple[int | None, int | None] | None
) -> None:
    error = refused(data)
    assert says in error.message
    if place is not None:
        assert (error.line, error.column) == place


def test_more_values_than_any_manifest_has_are_refused_before_they_take_memory() -> None:
    data = manifest_bytes()[:-1] + b',"x":[' + b"{}," * 1_000_001 + b"{}]}"
    tracemalloc.start()
    with pytest.raises(BundleError, match="more than 2,000,000 values"):
        read_manifest(data)
    assert tracemalloc.get_traced_memory()[1] < 4 * len(data)
    tracemalloc.stop()


def test_a_name_given_twice_in_what_the_product_keeps_for_itself_is_no_error() -> None:
    assert b'"A": "1", "A": "2"' in FROM_R
    assert read_manifest(FROM_R).r_packages == ("reticulate",)


def test_the_files_of_a_manifest_with_null_are_none() -> None:
    assert read_manifest(manifest_bytes(files=None)).files == {}


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    error = refusal(lambda: read_manifest(data))
    assert error is None or "\n" not in str(error)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
fields = st.sampled_from(
    [
        *("version", "locale", "metadata", "metadata.appmode", "python", "python.version"),
        *("python.package_manager", "python.package_manager.package_file", "environment"),
        *("environment.python", "environment.python.requires", "files", "files.a", "quarto"),
        *("environment.environment_management", "packages", "quarto.engines"),
    ]
)


@given(fields, json_values)
def test_no_value_of_a_field_crashes_the_reader(path: str, value: Any) -> None:
    error = refusal(lambda: request_of(read_manifest(changed(path, value))))
    assert error is None or error.message.startswith("manifest.json")
