"""What keeps a diagnosis from a wrong cause, whatever the words: each guard by its log."""

from __future__ import annotations

import pytest

from pysteward.core.diagnosis import diagnose_log


def told(log: str) -> tuple[str, str]:
    """The code and the sentence of the first finding."""
    found = diagnose_log(log.encode()).findings[0]
    return found.code, found.cause


def test_what_a_tool_only_warned_of_is_no_cause_beside_what_ended_it() -> None:
    log = """\
Collecting tally==1.0
  Building wheel for tally (setup.py): finished with status 'done'
WARNING: extension not compiled: fatal error: Python.h: No such file or directory
ERROR: Cannot install tally==1.0 and widget==2.0 because these package versions have conflicting dependencies.

The conflict is caused by:
    tally 1.0 depends on cog<2
    widget 2.0 depends on cog>=2

ERROR: ResolutionImpossible: see the documentation
"""
    code, cause = told(log)
    assert code == "dependency-conflict"
    assert "cog" in cause


@pytest.mark.parametrize("module", ["requests", "widget"])
def test_behind_what_cannot_be_imported_stands_why(module: str) -> None:
    code, cause = told(
        f"[ERROR] Runtime.ImportModuleError: Unable to import module 'handler': No module named '{module}'\n"
    )
    assert code == "module-not-installed"
    assert f"module {module} " in cause
    log = "[ERROR] Runtime.ImportModuleError: Unable to import module 'handler': No module named 'handler'\n"
    assert told(log)[0] == "entry-point-missing"


def test_a_module_that_a_server_itself_imports_is_not_what_starts_the_content() -> None:
    log = """\
Traceback (most recent call last):
  File "/srv/env/lib/python3.12/site-packages/gunicorn/util.py", line 12, in <module>
    import gearbox
ModuleNotFoundError: No module named 'gearbox'
"""
    assert told(log)[0] == "module-not-installed"


def test_pip_is_not_too_old_for_what_is_older_than_all_that_it_sees() -> None:
    log = """\
ERROR: Could not find a version that satisfies the requirement tensorflow=={} (from versions: 2.2.0, 2.13.0)
ERROR: No matching distribution found for tensorflow=={}
WARNING: You are using pip version 20.0.2; however, version 23.3.1 is available.
"""
    assert told(log.format("1.15", "1.15"))[0] == "version-not-found"
    assert told(log.format("2.16.1", "2.16.1"))[0] == "pip-too-old"


def test_a_compiler_whose_words_are_not_in_the_log_is_quoted_with_nothing() -> None:
    log = """\
  Building wheel for tally (setup.py): finished with status 'error'
  ╰─> [2 lines of output]
{}      error: command '/usr/bin/cc' failed with exit code 1
      [end of output]
  ERROR: Failed building wheel for tally
"""
    assert "nothing quotable" in told(log.format(""))[1]
    said = "cc: error: unrecognized command-line option '-fcf-protection'"
    assert "-fcf-protection" in told(log.format(f"      {said}\n"))[1]


def test_an_exception_whose_text_stands_below_it_is_quoted_with_that_text() -> None:
    log = """\
Traceback (most recent call last):
  File "/srv/tally/report.py", line 30, in <module>
    words = tokens(text)
LookupError:
*********************************************
  Resource tallywords not found.
"""
    assert "Resource tallywords not found" in told(log)[1]
    log = """\
Traceback (most recent call last):
  File "/srv/tally/report.py", line 30, in <module>
    connect()
tally.Refused: no answer
	from the host ledger.example.org
"""
    assert "ledger.example.org" in told(log)[1]


@pytest.mark.parametrize(
    "line",
    ["##[error]the agent lost it", "::error file=a.py,line=3::the agent lost it"],
)
def test_what_a_platform_marks_as_an_error_is_a_failure(line: str) -> None:
    diagnosis = diagnose_log(f"Starting: build\n{line}\n".encode())
    assert diagnosis.outcome == "failed"
    assert "the agent lost it" in diagnosis.findings[0].cause


def test_compiled_code_of_a_package_is_not_the_contents_own() -> None:
    log = """\
Traceback (most recent call last):
  File "/srv/tally/main.py", line 8, in <module>
    model = joblib.load("model.joblib")
  File "gearbox/tree/_tree.pyx", line 865, in gearbox.tree._tree.Tree.__setstate__
ValueError: the array has another layout
"""
    cause = told(log)[1]
    assert "main.py, line 8" in cause
    assert "within gearbox" in cause


def test_a_port_that_may_not_be_taken_is_no_file_that_may_not_be_written() -> None:
    log = """\
Traceback (most recent call last):
  File "/srv/tally/main.py", line 8, in <module>
    serve(port=80)
  File "/usr/lib/python3.11/socketserver.py", line 466, in server_bind
    self.socket.bind(self.server_address)
PermissionError: [Errno 13] Permission denied
"""
    assert told(log)[0] == "port-not-served"


def test_what_is_built_for_another_package_is_said_to_be_so() -> None:
    log = """\
Collecting tally==1.0
  Installing build dependencies: finished with status 'error'
  error: subprocess-exited-with-error
  × pip subprocess to install build dependencies did not run successfully.
  ╰─> [8 lines of output]
      Collecting widget==2.0
        Getting requirements to build wheel: finished with status 'error'
            Traceback (most recent call last):
              File "<string>", line 2, in <module>
              File "/tmp/pip-install-q/widget_1/setup.py", line 1, in <module>
                import distutils.core
            ModuleNotFoundError: No module named 'distutils'
      [end of output]
"""
    assert "widget 2.0, which tally is built with," in told(log)[1]


def test_what_pip_raised_is_not_the_contents_whatever_frames_are_left() -> None:
    log = """\
  Downloading tally-2.3.1-cp311-cp311-manylinux1_x86_64.whl (779.1 MB)
Traceback (most recent call last):
  File "/usr/lib/python3.11/http/client.py", line 573, in _readall_chunked
    raise IncompleteRead(b''.join(value), expected)
pip._vendor.urllib3.exceptions.ProtocolError: ('Connection broken: IncompleteRead(17 bytes read)')
"""
    code, cause = told(log)
    assert code == "download-broken"
    assert "tally-2.3.1" in cause
