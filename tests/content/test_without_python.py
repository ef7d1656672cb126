"""Content that needs no Python: it is answered so, deployed so, and no upgrade counts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pysteward.core.builds import find_content
from pysteward.core.bundles import open_bundle
from pysteward.core.content import deploy
from pysteward.core.services import ContentService, UpgradeService
from tests.support.server import SampleServer

SHINY = {"shiny": {"Source": "CRAN"}}
RETICULATE = {**SHINY, "reticulate": {"Source": "CRAN"}}


@pytest.fixture
def unpython(tmp_path: Path) -> SampleServer:
    """A server without a single Python: none is needed."""
    return SampleServer(tmp_path, [], tmp_path / "packages")


def content(
    server: SampleServer,
    name: str,
    mode: str = "static",
    packages: object = None,
    **files: str,
) -> Path:
    texts = {"index.html": "<p>", **{file.replace("_", "."): text for file, text in files.items()}}
    metadata = {"appmode": mode, "entrypoint": "app"}
    bundle = server.bundle(name, files=texts, metadata=metadata, packages=packages)
    document = json.loads((bundle / "manifest.json").read_text())
    del document["python"]
    (bundle / "manifest.json").write_text(json.dumps(document))
    (bundle / "requirements.txt").unlink()
    return bundle


@pytest.mark.parametrize("mode", ["static", "shiny", "nodejs", "tensorflow-saved-model"])
def test_match_answers_that_no_python_is_needed(unpython: SampleServer, mode: str) -> None:
    bundle = content(unpython, "site", mode)
    done = unpython.run("match", "--bundle", bundle)
    assert (done.returncode, done.stdout) == (0, "site: needs no Python\n"), done.stderr
    answer = json.loads(unpython.run("--json", "match", "--bundle", bundle).stdout)
    assert (answer["decisions"], answer["needs_no_python"]) == ([], ["site"])


def test_it_is_deployed_without_a_python(unpython: SampleServer) -> None:
    done = unpython.run("deploy", content(unpython, "site"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("site: succeeded, needs no Python\n")
    ready = unpython.run("content", "ensure", "site")
    assert (ready.returncode, ready.stdout) == (0, "")
    assert "site needs no Python" in ready.stderr
    found = find_content(unpython.state_dir, "site")
    assert (found.python, found.environment) == (None, None)
    (status,) = ContentService(unpython.configured).list(())
    assert not status.is_outdated
    assert status.new_deploy is None
    assert UpgradeService(unpython.configured).subjects()[0] == ()


def test_content_may_stop_needing_python(server: SampleServer) -> None:
    built = server.end(deploy(server.configured, server.bundle("app")))
    assert built.environment is not None
    deploy(server.configured, content(server, "site"), "app")
    after = find_content(server.state_dir, "app")
    assert (after.python, after.environment) == (None, None)
    assert UpgradeService(server.configured).subjects()[0] == ()


def test_bundles_without_python_are_summed_up_in_a_line(unpython: SampleServer) -> None:
    for name in ("a", "b"):
        content(unpython, name)
    unpython.bundle("c")
    directory = unpython.directory / "bundles"
    done = unpython.run("upgrade", "plan", "--bundles", directory, "--add", "3.8.1")
    assert done.stderr == "2 bundles need no Python and are not counted\n"
    assert done.stdout.startswith("1 gains")


@pytest.mark.parametrize(
    "text",
    ["library(shiny)\n", "# library(reticulate)\n", 'note <- "reticulate is not used"\n'],
)
def test_reticulate_that_no_file_uses_is_a_warning(unpython: SampleServer, text: str) -> None:
    bundle = content(unpython, "r", "shiny", RETICULATE, app_R=text)
    assert not open_bundle(bundle).needs_python
    build = deploy(unpython.configured, bundle)
    assert build.outcome == "succeeded"
    assert any("no file uses it" in notice for notice in build.notices)
    done = unpython.run("--json", "diagnose", bundle)
    assert done.returncode == 0, done.stdout
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["code"], finding["role"]) == ("reticulate-unused", "warning")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("app_R", "library( 'reticulate' )\n"),
        ("app_R", "x <- reticulate::import('os')\n"),
        ("app_R", "pacman::p_load(shiny, reticulate)\n"),
        ("report_Rmd", "Text\n\n```{python, echo=FALSE}\n1 + 1\n```\n"),
    ],
)
def test_r_code_that_calls_python_needs_one(unpython: SampleServer, file: str, text: str) -> None:
    bundle = content(unpython, "r", "shiny", RETICULATE, **{file: text})
    for verb in (("match", "--bundle"), ("deploy",)):
        done = unpython.run(*verb, bundle)
        assert done.returncode == 2
        assert "RETICULATE_PYTHON" in done.stderr
    done = unpython.run("--json", "diagnose", bundle)
    assert json.loads(done.stdout)["findings"][0]["code"] == "python-block-missing"
