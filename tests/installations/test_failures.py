"""Interpreters that give no answer: broken ones, and what is none at all."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pysteward.core.installations import Problem
from tests.support.pythons import AlteredPython, RealPython, shared_python
from tests.support.server import runs_command
from tests.support.waiting import wait_for

from .conftest import analyse_one

Make = Callable[[RealPython], AlteredPython]


def failure(path: Path, **options: object) -> Problem:
    installation = analyse_one(path, **options)
    assert not installation.usable
    (problem,) = installation.problems
    assert problem.remedy
    return problem


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_shared_build_whose_libpython_is_away_shows_the_loaders_message(make: Make) -> None:
    made = make(shared_python())
    made.load_library_from("/gone/lib")
    problem = failure(made.prefix)
    assert problem.code == "crashes"
    assert "error while loading shared libraries: libpython" in problem.message


def test_a_libpython_that_lies_beside_it_is_made_known_to_the_loader(make: Make) -> None:
    real = shared_python()
    made = make(real)
    made.load_library_from("/gone/lib")
    for library in (real.prefix / "lib").glob("libpython*.so*"):
        (made.prefix / "lib" / library.name).symlink_to(library)
    problem = failure(made.prefix)
    assert str(made.prefix / "lib") in (problem.remedy or "")
    assert "ldconfig" in (problem.remedy or "")


def test_a_version_that_its_files_tell_is_still_shown(make: Make) -> None:
    made = make(shared_python())
    made.load_library_from("/gone/lib")
    assert str(analyse_one(made.prefix).version) == made.real.text


def test_a_python_without_its_standard_library_crashes(python: AlteredPython) -> None:
    python.stdlib.rename(python.prefix / "gone")
    installation = analyse_one(python.prefix)
    assert not installation.usable
    assert installation.problems[0].code in ("crashes", "moved", "not-itself")


def test_a_python_ended_by_a_signal_crashes(python: AlteredPython) -> None:
    python.run_at_start("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    problem = failure(python.prefix)
    assert problem.code == "crashes"
    assert "SIGSEGV" in problem.message


def test_a_python_that_stops_at_its_start_crashes(python: AlteredPython) -> None:
    python.run_at_start("import os; os.write(2, b'licence expired'); os._exit(3)")
    problem = failure(python.prefix)
    assert problem.code == "crashes"
    assert "licence expired" in problem.message


def test_an_interpreter_that_never_answers_hangs(python: AlteredPython) -> None:
    python.run_at_start("import time; time.sleep(600)")
    began = time.monotonic()
    problem = failure(python.prefix, timeout=1.0)
    assert problem.code == "hangs"
    assert "1 second" in problem.message
    assert time.monotonic() - began < 10


def test_one_that_closes_one_of_its_streams_is_waited_for_without_work(tmp_path: Path) -> None:
    silent = script(tmp_path / "python3", "#!/bin/sh\nexec 2>&-\nsleep 600\n")
    began = time.process_time()
    assert failure(silent, timeout=2.0).code == "hangs"
    assert time.process_time() - began < 1.0


def test_one_that_closes_its_output_and_stays_hangs(tmp_path: Path) -> None:
    silent = script(tmp_path / "python3", "#!/bin/sh\nexec >&- 2>&-\nsleep 600\n")
    assert failure(silent, timeout=0.5).code == "hangs"


def test_whatever_it_started_is_ended_with_it(tmp_path: Path) -> None:
    started, seconds = tmp_path / "started", f"600.{os.getpid()}"
    hanging = script(tmp_path / "python3", f"#!/bin/sh\nsleep {seconds} &\ntouch {started}\nwait\n")
    failure(hanging, timeout=1.0)
    assert started.exists()
    wait_for(
        lambda: not runs_command("sleep", seconds),
        "the end of what the interpreter started",
        seconds=5,
    )


def test_a_grandchild_that_keeps_the_output_open_does_not_delay_the_answer(
    python: AlteredPython,
) -> None:
    python.run_at_start("import subprocess; subprocess.Popen(['sleep', '600'])")
    began = time.monotonic()
    assert analyse_one(python.prefix).usable
    assert time.monotonic() - began < 10


def test_one_that_leaves_while_a_grandchild_keeps_its_output_is_not_waited_for(
    tmp_path: Path,
) -> None:
    leaving = script(tmp_path / "python3", "#!/bin/sh\nsleep 600 &\nexit 7\n")
    began = time.monotonic()
    assert failure(leaving).code == "not-python"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\necho hello\n",
        "#!/bin/sh\nexit 0\n",
        '#!/bin/sh\necho "$@"\n',
        '#!/bin/sh\nprintf "%s\\0" "$@"\n',
        "#!/bin/cat\n",
    ],
    ids=["talks", "silent", "echo", "echo-nul", "cat"],
)
def test_what_is_no_python_is_told_so(tmp_path: Path, text: str) -> None:
    assert failure(script(tmp_path / "python3", text)).code == "not-python"


def test_endless_garbage_is_cut_off(tmp_path: Path) -> None:
    began = time.monotonic()
    assert failure(script(tmp_path / "python3", "#!/bin/sh\nexec yes\n")).code == "not-python"
    assert time.monotonic() - began < 8


def test_a_program_of_the_system_is_no_python() -> None:
    assert failure(Path("/bin/ls")).code == "not-python"


def test_text_without_an_interpreter_line_is_no_python(tmp_path: Path) -> None:
    assert failure(script(tmp_path / "python3", "print('hello')\n")).code == "not-python"


def test_a_script_for_an_interpreter_that_is_away_names_it(tmp_path: Path) -> None:
    problem = failure(script(tmp_path / "python3", "#!/gone/bin/python3\n"))
    assert problem.code == "crashes"
    assert "/gone/bin/python3" in problem.message


def test_another_architecture_is_named(tmp_path: Path) -> None:
    other = 183 if os.uname().machine != "aarch64" else 62
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHI", 2, other, 1) + bytes(40)
    path = tmp_path / "python3"
    path.write_bytes(header)
    path.chmod(0o755)
    problem = failure(path)
    assert problem.code == "wrong-architecture"
    assert ("aarch64" if other == 183 else "x86_64") in problem.message
    assert os.uname().machine in problem.message


def test_a_banner_does_no_harm(python: AlteredPython) -> None:
    python.run_at_start("import sys; sys.stdout.write('Welcome\\n' * 1000); sys.stdout.flush()")
    assert analyse_one(python.prefix).usable


def test_the_callers_variables_do_not_reach_it(
    python: AlteredPython, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    python.run_at_start(f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")
    monkeypatch.setenv("SECRET", "one")
    monkeypatch.setenv("PYTHONPATH", "/gone")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/gone")
    analyse_one(python.prefix)
    text = seen.read_text()
    assert "SECRET" not in text
    assert "/gone" not in text
    assert "C.UTF-8" in text


def test_the_variables_of_builds_reach_it_and_have_answers_of_their_own(
    make: Make, tmp_path: Path
) -> None:
    real = shared_python()
    made = make(real)
    made.load_library_from("/gone/lib")
    cache = tmp_path / "cache"
    variables = {"LD_LIBRARY_PATH": f"{real.prefix}/lib"}
    found = analyse_one(made.prefix, cache=cache, build_environment=variables, creator="bundled")
    assert found.verified
    assert str(found.version) == real.text
    assert failure(made.prefix, cache=cache).code == "crashes"


def test_nothing_is_written_into_it(python: AlteredPython) -> None:
    before = {path for path in python.prefix.rglob("*") if "__pycache__" in path.name}
    analyse_one(python.prefix)
    assert {path for path in python.prefix.rglob("*") if "__pycache__" in path.name} == before


def test_a_path_with_spaces_and_other_signs_is_run(python: AlteredPython) -> None:
    strange = python.prefix.parent / "a b'c\"d é\n"
    python.prefix.rename(strange)
    installation = analyse_one(strange)
    assert str(installation.version) == python.real.text
