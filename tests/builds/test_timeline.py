"""The course of a build from its events: phases with their times, packages, how far it is."""

from __future__ import annotations

import pytest

from pysteward.core.builds import Count, Finished, PackageEvent, Phase, PhaseTime, Timeline, Waiting
from pysteward.core.builds.events import Event, decode_event, encode
from pysteward.core.environments.pip_progress import size_in
from pysteward.tui.cli.live_line import live_text
from pysteward.tui.terminal.build_strip import size_text, strip_parts
from pysteward.tui.terminal.symbols import Symbols, columns_of

BUILD: tuple[Event, ...] = (
    Phase(0.0, 0, "match", ""),
    Waiting(1.0, 0, "place", None),
    Phase(3.0, 0, "create", ""),
    Phase(5.0, 0, "resolve", "numpy"),
    PackageEvent(5.0, 0, "numpy", None, "found"),
    Phase(6.0, 0, "download", "numpy"),
    PackageEvent(6.0, 0, "numpy", "1.26.4", "downloading", 18_300_000),
    Phase(8.0, 0, "download", "numpy", 9_000_000, 18_300_000),
    Phase(10.0, 0, "resolve", "PyYAML"),
    PackageEvent(10.0, 0, "PyYAML", None, "found"),
    PackageEvent(11.0, 0, "pyyaml", "6.0.2", "cached", 700_000),
    Phase(12.0, 0, "build", "pyyaml"),
    PackageEvent(12.0, 0, "pyyaml", None, "building"),
    PackageEvent(19.0, 0, "pyyaml", None, "built"),
    Phase(20.0, 0, "install", "0 of 2", 0, 2),
    PackageEvent(21.0, 0, "pyyaml", "6.0.2", "installed"),
    Phase(21.0, 0, "install", "1 of 2: pyyaml", 1, 2),
)
END = (PackageEvent(26.0, 0, "numpy", "1.26.4", "installed"), Finished(28.0, 0, "succeeded"))


def test_a_phase_that_a_build_comes_back_to_has_one_time() -> None:
    timeline = Timeline(BUILD)
    assert [(each.name, each.seconds) for each in timeline.phases(24.0)] == [
        ("wait", 2.0),
        ("match", 1.0),
        ("create", 2.0),
        ("resolve", 3.0),
        ("download", 4.0),
        ("build", 8.0),
        ("install", 4.0),
    ]
    assert timeline.phases(24.0)[-1] == PhaseTime("install", 4.0, is_current=True)


def test_once_it_is_over_no_phase_is_at_work_and_no_time_passes() -> None:
    timeline = Timeline((*BUILD, *END))
    assert not any(each.is_current for each in timeline.phases(99.0))
    assert timeline.phases(99.0)[-1].seconds == 8.0


def test_a_bar_is_known_where_the_total_is() -> None:
    timeline = Timeline(BUILD[:8])
    assert timeline.count == Count(9_000_000, 18_300_000, is_bytes=True)
    timeline.add(BUILD[8])
    assert timeline.count is None
    assert Timeline(BUILD).count == Count(1, 2)


def test_packages_have_state_size_and_the_time_that_they_took() -> None:
    packages = {each.name: each for each in Timeline((*BUILD, *END)).packages()}
    numpy, yaml = packages["numpy"], packages["PyYAML"]
    assert (numpy.state, numpy.size, numpy.seconds) == ("installed", 18_300_000, 9.0)
    assert (yaml.state, yaml.version, yaml.seconds) == ("installed", "6.0.2", 8.0)
    assert Timeline(BUILD).cached == 1
    assert [each.name for each in Timeline((*BUILD, *END)).slowest()] == ["numpy", "PyYAML"]


def test_what_was_building_when_a_build_failed_has_failed() -> None:
    (*_, yaml) = Timeline((*BUILD[:13], Finished(15.0, 0, "failed"))).packages()
    assert (yaml.state, yaml.seconds) == ("failed", 3.0)


def test_what_is_not_known_is_left_out_of_the_record_and_read_back() -> None:
    assert b"done" not in encode(BUILD[0])
    assert b"size" not in encode(BUILD[4])
    for event in BUILD:
        assert decode_event(encode(event)) == event


def test_the_strip_leaves_out_the_first_phases_where_there_is_little_room() -> None:
    timeline, plain = Timeline(BUILD), Symbols(unicode=False)

    def strip(symbols: Symbols, width: int) -> str:
        return "".join(text for text, _ in strip_parts(timeline, 24.0, symbols, width))

    whole = "wait 2s ▸ match 1s ▸ create 2s ▸ resolve 3s ▸ download 4s ▸ build 8s ▶ install "
    assert strip(Symbols(), 120) == f"{whole}▰▰▰▰▰▱▱▱▱▱ 1/2 4s"
    assert strip(plain, 60) == "~ > download 4s > build 8s >> install #####----- 1/2 4s"
    for width in range(30, 120):
        assert columns_of(strip(Symbols(), width)) <= width


@pytest.mark.parametrize("width", [20, 60, 100, 140])
def test_the_live_line_fits_into_its_terminal(width: int) -> None:
    line = live_text(Timeline(BUILD), 24.0, Symbols(), width)
    assert "install" in line
    assert columns_of(line) <= width
    assert ("installed PyYAML" in line or "installed pyyaml" in line) == (width >= 140)


def test_sizes_are_read_as_pip_and_uv_print_them() -> None:
    assert size_in("18.3 MB") == 18_300_000
    assert size_in("512 kB") == 512_000
    assert size_in("2.0MiB") == 2 * 1024 * 1024
    assert size_in("") is None
    assert [size_text(size) for size in (1, 511_001, 18_300_000, 1_200_000_000)] == [
        "1 kB",
        "512 kB",
        "18.3 MB",
        "1.20 GB",
    ]
