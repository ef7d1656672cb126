"""What a field for a path suggests while one types."""

from __future__ import annotations

from pathlib import Path

from pysteward.tui.app.widgets.path_suggester import PathSuggester


async def test_a_path_is_completed_by_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "bundle.tar.gz").touch()
    (tmp_path / "source").mkdir()
    suggester = PathSuggester()
    assert await suggester.get_suggestion(f"{tmp_path}/bun") == f"{tmp_path}/bundle.tar.gz"
    assert await suggester.get_suggestion(f"{tmp_path}/so") == f"{tmp_path}/source/"
    assert await suggester.get_suggestion(f"{tmp_path}/nothing") is None


async def test_a_directory_that_is_not_there_suggests_nothing(tmp_path: Path) -> None:
    assert await PathSuggester().get_suggestion(f"{tmp_path}/nowhere/bun") is None
