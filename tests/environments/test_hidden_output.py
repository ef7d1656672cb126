"""What pip writes only into its log is shown where it belongs; pips 9 to 26 differ in how."""

from __future__ import annotations

from pathlib import Path

import pytest

from pysteward.core.environments.hidden_output import HiddenOutput

# Each: what the log holds, the line that pip prints, what is shown instead.
PIPS = {
    "26": (
        """\
2026-11-22T18:13:22,694   Running command Getting requirements to build wheel
2026-11-22T18:13:22,700   all is well
2026-11-22T18:13:22,808   Getting requirements to build wheel: finished with status 'done'
2026-11-22T18:13:22,814   Running command Preparing metadata (pyproject.toml)
2026-11-22T18:13:22,904   Traceback (most recent call last):
2026-11-22T18:13:22,908     File "<string>", line 1, in <module>
2026-11-22T18:13:22,908   OSError: no compiler
2026-11-22T18:13:22,924   ERROR: Preparing metadata (pyproject.toml) exited with 1
2026-11-22T18:13:22,930 ERROR: metadata-generation-failed
""",
        "  ╰─> No available output.",
        [
            "  ╰─> [3 lines of output]",
            "      Traceback (most recent call last):",
            '        File "<string>", line 1, in <module>',
            "      OSError: no compiler",
            "      [end of output]",
        ],
    ),
    "20": (
        """\
2026-11-22T18:14:34,961     Running command python setup.py egg_info
2026-11-22T18:14:35,300     no compiler
2026-11-22T18:14:35,332 ERROR: Command errored out with exit status 1: python setup.py egg_info \
Check the logs for full command output.
2026-11-22T18:14:35,333 Exception information:
""",
        "ERROR: Command errored out with exit status 1: python setup.py egg_info "
        "Check the logs for full command output.",
        [
            "    Complete output (1 lines):",
            "    no compiler",
            "    ----------------------------------------",
            "ERROR: Command errored out with exit status 1: python setup.py egg_info "
            "Check the logs for full command output.",
        ],
    ),
    "9": (
        """\
  Using version 1.0 (newest of versions: 1.0)
    Running command python setup.py egg_info
    no compiler
Cleaning up...
""",
        'Command "python setup.py egg_info" failed with error code 1 in /tmp/build/x/',
        [
            "    Complete output (1 lines):",
            "    no compiler",
            "    ----------------------------------------",
            'Command "python setup.py egg_info" failed with error code 1 in /tmp/build/x/',
        ],
    ),
}


@pytest.mark.parametrize("version", PIPS)
def test_a_failed_command_s_output_is_shown(version: str, tmp_path: Path) -> None:
    log, line, shown = PIPS[version]
    (tmp_path / "pip.log").write_text(log)
    assert list(HiddenOutput(tmp_path / "pip.log").shown_for(line)) == shown


@pytest.mark.parametrize("version", PIPS)
def test_it_is_shown_once(version: str, tmp_path: Path) -> None:
    log, line, _ = PIPS[version]
    (tmp_path / "pip.log").write_text(log)
    hidden = HiddenOutput(tmp_path / "pip.log")
    hidden.shown_for(line)
    assert hidden.shown_for("ERROR: Failed building wheel for x") == (
        "ERROR: Failed building wheel for x",
    )
    assert hidden.shown_for(line) == (line,)


def test_each_failure_is_shown_with_its_own_output(tmp_path: Path) -> None:
    log, line, _ = PIPS["26"]
    (tmp_path / "pip.log").write_text(log + log.replace("no compiler", "no headers"))
    hidden = HiddenOutput(tmp_path / "pip.log")
    assert "      OSError: no compiler" in hidden.shown_for(line)
    assert "      OSError: no headers" in hidden.shown_for(line)


def test_all_other_lines_are_shown_as_they_are(tmp_path: Path) -> None:
    hidden = HiddenOutput(tmp_path / "there is none")
    for line in ("Collecting flask", "  ╰─> No available output.", ""):
        assert hidden.shown_for(line) == (line,)


def test_endless_output_is_cut(tmp_path: Path) -> None:
    with open(tmp_path / "pip.log", "w") as log:
        log.write("  Running command make\n")
        log.writelines(f"  line {number}\n" for number in range(100_000))
    shown = HiddenOutput(tmp_path / "pip.log").shown_for("  ╰─> No available output.")
    assert len(shown) < 10_000
    assert "      line 99999" in shown
