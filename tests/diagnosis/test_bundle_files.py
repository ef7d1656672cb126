"""Findings about files cite the place in the manifest that names each of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pysteward.core.diagnosis.bundles import Server, diagnose_bundle
from pysteward.core.matching import Policy
from tests.support.bundles import write_bundle


@pytest.mark.parametrize("indent", [None, 1])
def test_each_file_is_cited_where_it_is_a_key(tmp_path: Path, indent: int | None) -> None:
    bundle = write_bundle(tmp_path / "app", "six\n", python="3.11.7")
    manifest = json.loads((bundle / "manifest.json").read_text())
    names = ("a.py", "b.py", "requirements.txt")
    manifest["files"] = {name: {"checksum": "0" * 32} for name in names}
    manifest["metadata"]["comment"] = "x" * 500
    (bundle / "manifest.json").write_text(json.dumps(manifest, indent=indent))
    found = diagnose_bundle(bundle, Server((), Policy.NEAREST)).findings
    quoted = [each for one in found if one.code == "bundle-checksum" for each in one.evidence]
    assert len({each.text for each in quoted}) == len(quoted) == 3
    assert sorted(each.text.lstrip("…").partition(":")[0] for each in quoted) == [
        f'"{name}"' for name in names
    ]
