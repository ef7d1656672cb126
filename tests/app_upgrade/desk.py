"""A server that does not exist, on which an upgrade was asked about and is under way."""

from __future__ import annotations

from pysteward.core.errors import StateError
from pysteward.core.findings import Finding
from pysteward.core.upgrades import (
    Bundles,
    PlanFile,
    PlanStep,
    Prediction,
    PreflightAnswer,
    StepState,
    Subject,
    UpgradePlan,
)
from pysteward.core.versions import PythonVersion
from pysteward.tui.app.demo import DemoBackend
from pysteward.tui.app.demo_content import SUBJECTS

NEW = PythonVersion(3, 12, 1)


def prediction(name: str, answer: PreflightAnswer) -> Prediction:
    return Prediction(name, NEW, (name,), answer, "2025-01-15T09:00:00.000Z")


PREDICTIONS = (
    prediction("pricing-engine", PreflightAnswer("installs", (("numpy", "1.26.4"),))),
    prediction(
        "risk-dashboard", PreflightAnswer("needs-source-build", source_only=("pandas==1.5.3",))
    ),
    prediction(
        "chat-summaries",
        PreflightAnswer(
            "fails",
            findings=(
                Finding(
                    "requires-python",
                    "cause",
                    "torch 1.13.1 does not support Python 3.12.1: it requires >=3.7,<3.12",
                    "Ask for a release of torch that supports Python 3.12.",
                    None,
                    (),
                ),
            ),
        ),
    ),
)
PLAN = UpgradePlan(
    id="20250115-091500000",
    by="ada",
    created="2025-01-15T09:15:00.000Z",
    change="remove /opt/python/3.11.7, matching nearest",
    settings="/etc/rstudio-connect/rstudio-connect.gcfg",
    run_as=None,
    at_once=2,
    backups=(),
    steps=(
        PlanStep("churn-api", "broken",
             "its Python 3.8.18 is unusable: virtualenv is not installed",
             "3.8.18", "3.9.18", None, StepState.DONE, "20250115-091501000-aaaa"),
        PlanStep("pricing-engine", "retired", "Python 3.11.7 is no longer configured",
             "3.11.7", "3.12.1", "installs", StepState.BUILDING, "20250115-091502000-bbbb"),
        PlanStep("risk-dashboard", "retired", "Python 3.11.7 is no longer configured",
             "3.11.7", "3.12.1", "needs-source-build", StepState.WAITING),
        PlanStep("chat-[b]summaries", "retired", "Python 3.11.7 is no longer configured",
             "3.11.7", "3.12.1", "fails", StepState.FAILED, "20250115-091503000-cccc",
             "torch 1.13.1 does not support Python 3.12.1: it requires >=3.7,<3.12"),
        PlanStep("old-etl", "new", "it has no environment yet; nothing matches 3.7.3",
             None, None, None, StepState.UNMATCHED),
    ),
)  # fmt: skip


class Desk:
    """What the screens ask of it. plan: None where there is no upgrade yet."""

    def __init__(self, plan: UpgradePlan | None, *, is_driven: bool, file: PlanFile) -> None:
        self.plan = plan
        self.is_driven = is_driven
        self.file = file
        self.deeds: list[str] = []

    def subjects(self) -> tuple[tuple[Subject, ...], Bundles]:
        return SUBJECTS, {}

    def predictions(self) -> tuple[Prediction, ...]:
        return PREDICTIONS

    def last(self) -> tuple[PlanFile, UpgradePlan, bool]:
        if self.plan is None:
            raise StateError("there was no upgrade")
        return self.file, self.plan, self.is_driven

    def stop(self) -> PlanFile:
        self.deeds.append("stop")
        return self.file


class Planned(DemoBackend):
    """The demonstration's server as if it were one."""

    why_read_only = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(pause=0)
        self.desk = self.upgrades = desk
