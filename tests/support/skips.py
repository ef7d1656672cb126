"""With CI=true a test may only be skipped for a reason that ``tests/skips.txt`` names.

Else a test that can never run, because a tool is missing where the tests run, looks like one that
passes.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "skips.txt"


def allowed(lines: str) -> dict[str, str]:
    """What a file like `FILE` says: why a test may be skipped, by the pattern of its node id."""
    found: dict[str, str] = {}
    for line in lines.splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, _, why = line.partition(" ")
            assert why.strip(), f"{FILE.name}: say why {pattern} may be skipped"
            found[pattern] = why.strip()
    return found


def is_allowed(node: str) -> bool:
    """Whether this test, or module, may be skipped."""
    patterns = allowed(FILE.read_text("utf-8"))
    return any(fnmatchcase(node, f"*{pattern}") for pattern in patterns)


def _judge(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip that is not allowed into a failure."""
    if os.environ.get("CI") != "true" or hasattr(report, "wasxfail"):
        return
    if report.outcome == "skipped" and not is_allowed(report.nodeid):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{reason}\n{FILE.name} does not name it: make it run, or say why not"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _judge(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _judge(report)
    return report
