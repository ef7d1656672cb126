"""A deploy says which content it updates; another path asks, or is a warning, or an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.builds import find_content, list_builds
from pysteward.core.content import deploy
from pysteward.core.errors import BuildError
from tests.support.server import SampleServer

MODE = {"appmode": "static", "entrypoint": "index.html"}


@pytest.fixture
def plain(tmp_path: Path) -> SampleServer:
    """A server of content that needs no Python: nothing is built here."""
    return SampleServer(tmp_path, [], tmp_path / "packages")


def elsewhere(server: SampleServer, place: str, **metadata: str) -> Path:
    """A bundle called app in a directory of its own."""
    files = {"place.txt": place}
    bundle = server.bundle(f"{place}/app", files=files, metadata=MODE | metadata)
    manifest = bundle / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"python"', '"was"'))
    return bundle


def test_the_same_path_again_is_said_in_the_log(plain: SampleServer) -> None:
    bundle = elsewhere(plain, "alpha")
    first = deploy(plain.configured, bundle)
    assert "updates" not in first.log.read_text()
    again = deploy(plain.configured, bundle / "manifest.json")
    assert again.notices == ()
    said = f"this updates content 'app', last deployed {first.started} from {bundle}\n"
    assert said in again.log.read_text()


def test_another_path_is_a_warning_without_a_terminal(plain: SampleServer) -> None:
    first = deploy(plain.configured, elsewhere(plain, "alpha"))
    done = plain.run("deploy", "--detach", elsewhere(plain, "beta"))
    assert done.returncode == 0
    assert f"warning: this updates content 'app', last deployed {first.started}" in done.stderr
    assert "--content" in done.stderr


@pytest.mark.parametrize("other", [{"appmode": "shiny"}, {"entrypoint": "other.html"}])
def test_another_kind_of_content_is_replaced_only_by_name(
    plain: SampleServer, other: dict[str, str]
) -> None:
    first = deploy(plain.configured, elsewhere(plain, "alpha"))
    bundle = elsewhere(plain, "beta", **other)
    done = plain.run("deploy", bundle)
    assert done.returncode == 2
    assert f"this bundle's {next(iter(other.values()))}" in done.stderr
    assert find_content(plain.state_dir, "app").build == first.id
    named = deploy(plain.configured, bundle, "app")
    assert named.outcome == "succeeded"
    assert "this updates content 'app'" in named.log.read_text()


def test_with_a_terminal_another_path_asks(plain: SampleServer) -> None:
    deploy(plain.configured, elsewhere(plain, "alpha"))
    bundle = elsewhere(plain, "beta", appmode="shiny")
    asked: list[str] = []

    def answer(yes: bool) -> Callable[[str], bool]:
        def say(question: str) -> bool:
            asked.append(question)
            return yes

        return say

    with pytest.raises(BuildError, match="nothing was deployed"):
        deploy(plain.configured, bundle, confirm=answer(False))
    assert len(list_builds(plain.state_dir)) == 1
    assert deploy(plain.configured, bundle, confirm=answer(True)).outcome == "succeeded"
    assert asked[0].startswith("This updates content 'app' (its app mode is static")
    assert deploy(plain.configured, bundle, confirm=answer(False)).outcome == "succeeded"
    assert len(asked) == 2


def test_what_is_new_is_not_asked_about(plain: SampleServer) -> None:
    assert (
        deploy(plain.configured, elsewhere(plain, "alpha"), confirm=lambda _: False).notices == ()
    )
