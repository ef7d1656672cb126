"""The demonstration's server with builds and content, for pictures: real records in a directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pysteward.core.builds import BuildOutcome, PackageEvent, Python
from pysteward.core.bundles import open_bundle, request_of, store_bundle
from pysteward.core.content import ContentStatus, RebuildReason, TodaysMatching, Urgency
from pysteward.core.diagnosis import diagnose_log
from pysteward.core.installations import Installation
from pysteward.core.services import (
    BuildService,
    ContentService,
    PythonBuildService,
    UpgradeService,
)
from pysteward.core.state.database import BundleRow, ContentRow, open_database
from pysteward.core.upgrades import PlanFile
from pysteward.tui.app.demo import INSTALLATIONS, DemoBackend
from tests.app_builds.records import (
    ASKED,
    NOON,
    Held,
    write_build,
)
from tests.app_upgrade.desk import PLAN
from tests.support.bundles import write_bundle

FAILED = Path(__file__).parent.parent / "data" / "failures" / "gcc_missing_py311.log"
_HEAD = """\
Bundle requested Python version {request}; using {executable} which has version {version}
Skipped packages: appnope
Creating environment: 8b1c2d3e4f5a6b7c8d9e0f
"""
_GOES_ON = """\
Collecting flask==3.0.3
  Downloading flask-3.0.3-py3-none-any.whl (101 kB)
Collecting numpy==1.26.4
  Downloading numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl (18.2 MB)
Collecting pandas==2.2.2
  Downloading pandas-2.2.2-cp311-cp311-manylinux_2_17_x86_64.whl (13.0 MB)
Installing collected packages: numpy, flask, pandas
"""
_SUCCEEDED = "Collecting flask==3.0.3\nSuccessfully installed flask-3.0.3\n"
# Name, request, version, rule, outcome, requirements; the last is the newest.
_DEPLOYED: tuple[tuple[str, str, str, str, BuildOutcome, str], ...] = (
    ("churn-api", "3.8.18", "3.8.18", "exact", "succeeded", "flask==3.0.3\n"),
    ("sales-forecast", "3.9.2", "3.9.18", "least-greater", "succeeded", "flask==3.0.3\n"),
    ("energy-map", "3.11.2", "3.12.1", "nearest", "succeeded", "flask==3.0.3\n"),
    ("risk-dashboard", "3.11.7", "3.11.7", "exact", "failed", "psutil==5.9.8\nappnope==0.1.3\n"),
    ("pricing-engine", "3.11.4", "3.11.7", "least-greater", "running",
     "flask==3.0.3\nnumpy==1.26.4\npandas==2.2.2\n"),
)  # fmt: skip


class Showcase(DemoBackend):
    """directory: where its state is put."""

    why_read_only = None

    def __init__(self, directory: Path) -> None:
        super().__init__(pause=0)
        self.state_dir = directory / "state"
        self.state_dir.mkdir()
        settings = self.opening().settings
        assert settings is not None
        self._held = [
            _deploy(self.state_dir, directory, number, each, settings.effective_prohibited)
            for number, each in enumerate(_DEPLOYED, 1)
        ]
        _plan(self.state_dir)
        context: Any = SimpleNamespace(
            state_dir=self.state_dir,
            builds=self.state_dir / "builds",
            settings=settings,
            run_as=None,
        )
        self._content = _Content(context)
        self._builds = BuildService(context)
        self.upgrades = UpgradeService(context)
        self.python_builds = PythonBuildService(context)

    @property
    def content(self) -> ContentService:
        return self._content

    @property
    def builds(self) -> BuildService:
        return self._builds

    def build(self, content: str) -> str:
        """The id of its build."""
        return next(held.build.id for held in self._held if held.build.content == content)

    def close(self) -> None:
        for held in self._held:
            held.release()


class _Content(ContentService):
    """Its installations do not exist: what is said of them comes from their analysis alone."""

    def list(self, installations: Sequence[Installation] | None) -> tuple[ContentStatus, ...]:
        today = TodaysMatching(INSTALLATIONS, self._server.settings.version_matching)
        broken = {each.executable: each for each in INSTALLATIONS if not each.usable}
        found: list[ContentStatus] = []
        for each in super().list(None):
            python = each.content.python
            reason = broken.get(python.executable) if python is not None else None
            need = None
            if reason is not None and python is not None:
                why = " ".join(problem.message for problem in reason.reasons_against)
                need = RebuildReason(
                    Urgency.BROKEN, f"its Python {python.version} is unusable: {why}"
                )
            found.append(replace(each, need=need, would_get=today.would_get(each.content)))
        return tuple(found)


def _plan(state_dir: Path) -> None:
    """An upgrade that was stopped half-way."""
    steps = tuple(replace(step, content=step.content.replace("[b]", "")) for step in PLAN.steps)
    file = PlanFile(state_dir / "upgrades" / f"{PLAN.id}.json")
    file.path.parent.mkdir()
    file.write(replace(PLAN, steps=steps))


def _deploy(
    state_dir: Path,
    directory: Path,
    number: int,
    given: tuple[str, str, str, str, BuildOutcome, str],
    prohibited: tuple[str, ...],
) -> Held:
    name, asked_for, version, rule, outcome, requirements = given
    bundle = open_bundle(write_bundle(directory / name, requirements, python=asked_for))
    store_bundle(bundle, state_dir / "bundles")
    executable = f"/opt/python/{version}/bin/python3"
    head = _HEAD.format(request=asked_for, executable=executable, version=version)
    rest = {"failed": FAILED.read_text("utf-8"), "running": _GOES_ON}.get(outcome, _SUCCEEDED)
    log = directory / "log"
    log.write_text(head + rest, "utf-8")
    findings = diagnose_log(log).findings if outcome == "failed" else ()
    asked = replace(
        ASKED,
        digest=bundle.digest,
        request=request_of(bundle).text,
        bundle=f"/srv/upload/{name}.tar.gz",
        matching="major-minor",
        prohibited=prohibited if name != "sales-forecast" else prohibited[:-1],
    )
    held = write_build(
        state_dir,
        number,
        outcome,
        content=name,
        log=head + rest,
        asked=asked,
        python=Python(version, executable, rule),
        findings=findings,
        reason=f"{version} was chosen by {rule}",
        considered=(),
        packages=(("flask", "3.0.3"),) if outcome == "succeeded" else (),
    )
    if outcome == "running":
        held.phase("install")
        package = PackageEvent(NOON + 6, held.writer.offset, "numpy", "1.26.4", "installing")
        held.writer.event(package)
    with open_database(state_dir) as store, store.change():
        (row,) = store.content(name)
        store.put_bundle(BundleRow(bundle.digest, f"{name}.tar.gz", bundle.size, row.created))
        store.put_content(
            ContentRow(
                name, bundle.digest, asked.request, version, executable, rule,
                None, row.build, row.created, row.updated,
            )
        )  # fmt: skip
    return held
