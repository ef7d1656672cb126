"""What is said of a run: in the list, in words, and whether it is about today's environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.builds import Asked, Build, Content, EnvironmentRef
from pysteward.core.content import ContentStatus
from pysteward.core.findings import Evidence, Finding
from pysteward.core.running import CheckResult
from pysteward.core.state import RunRow
from pysteward.core.upgrades import PlanStep, StepState, built_word, installs_word
from pysteward.tui.app.tabs.content.run_paragraphs import run_paragraphs, starts_cell
from pysteward.tui.terminal.display import Display

CONTENT = Content(
    "app", "3.11", None, EnvironmentRef("e1", "/srv/e1"), "b1", "succeeded", "d",
    "2026-11-29T08:00:00.000Z", "2026-11-29T09:00:00.000Z",
)  # fmt: skip
CHECK = RunRow(
    "r1", "app", "check", "failed", "no", "e1",
    "2026-11-29T09:30:00.000Z", "2026-11-29T09:30:01.000Z",
)  # fmt: skip


@pytest.mark.parametrize(
    ("check", "starts"),
    [
        (CHECK, "no"),
        (CHECK._replace(starts="yes"), "yes"),
        (CHECK._replace(environment="e0"), "not-checked"),
        (CHECK._replace(started="2026-11-29T08:30:00.000Z"), "not-checked"),
        (CHECK._replace(id="b1", started="2026-11-29T08:59:00.000Z"), "no"),
        (None, "not-checked"),
    ],
)
def test_a_check_counts_for_the_environment_that_it_was_made_in(
    check: RunRow | None, starts: str
) -> None:
    status = ContentStatus(CONTENT, last_check=check)
    assert status.starts == starts
    shown = starts_cell(status, Display()).text
    assert starts.replace("-", " ") in shown


def test_the_detail_names_the_line_of_the_contents_own_file_and_the_remedy() -> None:
    evidence = (Evidence("app.py", 7, "import nothing"), Evidence("log", 3, "ModuleNotFoundError"))
    finding = Finding("module-not-installed", "cause", "It lacks X.", "Add X.", None, evidence)
    check = CheckResult("no", "it ended", (), ("a session",), (finding,))
    asked = Asked("check", "ana", "/b", "d", "3.11", "", "", "", ())
    run = Build(
        "r1", "app", "failed", "done", False, None, None, Path("/srv/runs/r1"),
        "2026-11-29T09:30:00.000Z", "2026-11-29T09:30:01.000Z", asked,
        findings=(finding,), check=check,
    )  # fmt: skip
    said = [line.content.plain for line in run_paragraphs(run, Display(), 0.0)]
    assert "app.py, line 7: import nothing" in said
    assert "Add X." in said
    assert any("It lacks X." in line for line in said)


@pytest.mark.parametrize(
    ("step", "built", "installs"),
    [
        (PlanStep("a", "new", ""), "-", "-"),
        (PlanStep("a", "new", "", predicted="fails"), "-", "no (predicted)"),
        (PlanStep("a", "new", "", predicted="fails", state=StepState.DONE), "yes", "yes"),
        (PlanStep("a", "new", "", state=StepState.FAILED), "no", "no"),
        (PlanStep("a", "new", "", state=StepState.FAILED, starts="no"), "yes", "yes"),
    ],
)
def test_a_step_that_installs_and_does_not_start_is_told_from_one_that_does_not_install(
    step: PlanStep, built: str, installs: str
) -> None:
    assert (built_word(step), installs_word(step)) == (built, installs)
