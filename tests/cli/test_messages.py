"""Errors on standard error: short, inert, and with a caret where the place is known."""

from __future__ import annotations

import pytest

from pysteward.core.errors import SettingsError
from pysteward.tui import messages


def told(capsys: pytest.CaptureFixture[str], problem: SettingsError) -> list[str]:
    messages.error(problem)
    return capsys.readouterr().err.splitlines()


def test_an_error_line_is_short_and_keeps_its_beginning_and_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    message = f"cannot read {'x' * 100_000}; check the path"
    (line,) = told(capsys, SettingsError(message, file="/etc/settings", line=3))
    assert len(line) <= 500
    assert line.startswith("pysteward: /etc/settings:3: cannot read xxx")
    assert line.endswith("xxx; check the path")


def test_escapes_count_as_they_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = told(capsys, SettingsError("\x1b" * 400))
    assert len(line) <= 500
    assert "\x1b" not in line


@pytest.mark.parametrize(("length", "column"), [(9, 4), (5_000, 1), (5_000, 2_500), (5_000, 5_000)])
def test_the_caret_stands_under_the_column_of_a_line_of_any_length(
    capsys: pytest.CaptureFixture[str], length: int, column: int
) -> None:
    source = "a" * (column - 1) + "b" + "a" * (length - column)
    problem = SettingsError("not a setting", line=1, column=column, source=source)
    _, shown, caret = told(capsys, problem)
    assert len(shown) <= 130
    assert shown[caret.index("^")] == "b"
