"""The screen of diagnosis: findings beside the log, the evidence marked, a report to send."""

from __future__ import annotations

import json
from pathlib import Path

from pysteward.core.diagnosis import page_of
from pysteward.core.services import DiagnosisInput, is_bundle
from pysteward.tui.app.log.panel import LogPanel
from pysteward.tui.app.tabs.diagnosis.findings import Findings
from pysteward.tui.app.tabs.diagnosis.screen import DiagnosisScreen
from tests.app_builds.conftest import MakeDesk
from tests.app_builds.records import LOG, write_build
from tests.support.interface import is_shown, screen_text, until_shown
from tests.support.waiting import until


def long_log(path: Path) -> Path:
    path.write_text("".join(f"line {n}\n" for n in range(1, 1001)) + LOG)
    return path


async def test_it_opens_empty_and_says_what_it_is_for(state: Path, make_desk: MakeDesk) -> None:
    async with make_desk("diagnosis").run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "Why did a deploy fail?")
        for action in ("evidence", "explain", "copy_report", "save_report", "copy_remedy"):
            assert pilot.app.why_not(f"diagnosis.{action}"), action


async def test_a_log_is_opened_by_its_path_at_its_evidence(
    state: Path, make_desk: MakeDesk
) -> None:
    long_log(Path("build.log"))
    async with make_desk("diagnosis").run_test(size=(80, 24)) as pilot:
        await pilot.press("O")
        pilot.app.focused.value = "build.log"
        await pilot.press("enter")
        await until_shown(pilot.app, "The build failed.")
        await until_shown(pilot.app, "> ERROR: Could not find a version")


async def test_findings_stand_beside_the_log_when_there_is_room(
    state: Path, make_desk: MakeDesk
) -> None:
    case = DiagnosisInput(path=long_log(Path("build.log")))
    async with make_desk("diagnosis", given=case).run_test(size=(140, 40)) as pilot:
        await until_shown(pilot.app, "> ERROR: Could not find")
        findings, panel = pilot.app.screen.query_one(Findings), pilot.app.screen.query_one(LogPanel)
        assert findings.region.right <= panel.region.x


async def test_enter_goes_through_the_evidence(state: Path, make_desk: MakeDesk) -> None:
    case = DiagnosisInput(path=long_log(Path("build.log")))
    async with make_desk("diagnosis", given=case).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "The build failed.")
        view = pilot.app.screen.query_one(LogPanel).view
        evidence = pilot.app.screen.evidence
        await until(lambda: view.evidence)
        view.action_beginning()
        await pilot.press("enter")
        assert view.current == evidence[0].line - 1
        await pilot.press("enter")
        assert view.current == evidence[1 % len(evidence)].line - 1


async def test_a_click_on_a_line_of_evidence_goes_to_it(state: Path, make_desk: MakeDesk) -> None:
    case = DiagnosisInput(path=long_log(Path("build.log")))
    async with make_desk("diagnosis", given=case).run_test(size=(140, 40)) as pilot:
        await until_shown(pilot.app, "> ERROR: Could not find")
        view, findings = (pilot.app.screen.query_one(each) for each in (LogPanel, Findings))
        await until(lambda: view.view.evidence)
        for nth, evidence in enumerate(pilot.app.screen.evidence):
            await pilot.press("tab", "g", "tab")
            assert await pilot.click(Findings, offset=(8, findings._tags.index(f"0 {nth}")))
            await until(lambda at=evidence.line - 1: view.view.current_in_view == at)


async def test_a_key_shows_the_page_of_the_findings_code(state: Path, make_desk: MakeDesk) -> None:
    case = DiagnosisInput(path=long_log(Path("build.log")))
    async with make_desk("diagnosis", given=case).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "The build failed.")
        page = page_of(pilot.app.screen.query_one(Findings).finding.code)
        await pilot.press("X")
        await until_shown(pilot.app, "How to make sure")
        assert page.meaning[:40] in screen_text(pilot.app)
        await pilot.press("escape")
        await until(lambda: is_shown(pilot.app.screen, DiagnosisScreen))


async def test_tab_turns_to_the_log_and_back(state: Path, make_desk: MakeDesk) -> None:
    case = DiagnosisInput(path=long_log(Path("build.log")))
    async with make_desk("diagnosis", given=case).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await pilot.press("tab")
        assert pilot.app.screen.query_one(LogPanel).view.has_focus
        await pilot.press("tab")
        assert pilot.app.screen.query_one(Findings).has_focus


async def test_escape_leads_from_the_log_to_the_findings(state: Path, make_desk: MakeDesk) -> None:
    case = DiagnosisInput(path=long_log(Path("build.log")))
    async with make_desk("diagnosis", given=case).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "> ERROR")
        await pilot.press("tab", "slash", *"line 77", "enter", "escape", "escape")
        assert pilot.app.screen.query_one(Findings).has_focus


async def test_a_build_is_diagnosed(state: Path, make_desk: MakeDesk) -> None:
    held = write_build(state, 1)
    case = DiagnosisInput(build=held.build.id)
    async with make_desk("diagnosis", given=case).run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "> ERROR: Could not find")


async def test_the_report_is_copied_and_saved(
    state: Path, make_desk: MakeDesk, tmp_path: Path
) -> None:
    app = make_desk("diagnosis", given=DiagnosisInput(path=long_log(Path("build.log"))))
    copied: list[str] = []
    app.copy = lambda text, what: copied.append(text)
    async with app.run_test(size=(120, 40)) as pilot:
        await until_shown(pilot.app, "The build failed.")
        await pilot.press("c")
        assert copied[0].startswith("# ")
        assert "nothere" in copied[0]
        await pilot.press("Y")
        assert copied[1]
        await pilot.press("S", "enter")
        await until(Path("diagnosis.md").exists)
        assert Path("diagnosis.md").read_text() == copied[0]


async def test_a_file_that_is_not_there_is_a_sentence(state: Path, make_desk: MakeDesk) -> None:
    case = DiagnosisInput(path=Path("nowhere.log"))
    async with make_desk("diagnosis", given=case).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot.app, "nowhere.log: ")


async def test_a_bundle_is_diagnosed_before_anything_is_built(
    state: Path, make_desk: MakeDesk
) -> None:
    bundle = Path("bundle")
    bundle.mkdir()
    manifest = {
        "version": 1,
        "metadata": {"appmode": "python-api"},
        "python": {"version": "3.4.0", "package_manager": {"package_file": "requirements.txt"}},
        "files": {},
    }
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    (bundle / "requirements.txt").write_text("flask\n")
    async with make_desk("diagnosis", given=DiagnosisInput(path=bundle)).run_test(
        size=(80, 24)
    ) as pilot:
        await until_shown(pilot.app, "cause")
        assert not pilot.app.screen.query_one(".proof").display
        await pilot.press("enter")
        assert "3.4" in screen_text(pilot.app)


def test_a_bundle_is_told_from_a_log(tmp_path: Path) -> None:
    log, archive = tmp_path / "log.txt", tmp_path / "bundle"
    log.write_text("Collecting flask\n")
    archive.write_bytes(b"\x1f\x8b\x08")
    assert not is_bundle(log)
    assert is_bundle(archive)
    assert is_bundle(tmp_path)
    assert is_bundle(tmp_path / "manifest.json")
