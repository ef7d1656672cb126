"""Failures that are known by the form of a sentence, and what looks like one and is none."""

from __future__ import annotations

import pytest

from pysteward.core.diagnosis import diagnose_log

STARTED = "[2024-05-05 10:00:00 +0000] [1] [INFO] Booting worker with pid: 8\n"

# In words that no rule has: the thing, its kind and that it is not there.
SAID = [
    ("FATAL: the environment variable TALLY_KEY must be set\n", "variable-missing", "TALLY_KEY"),
    ("ERROR: missing required env var LEDGER_DSN\n", "variable-missing", "LEDGER_DSN"),
    ("Error: the plugin 'tally-io' could not be imported\n", "module-not-installed", "tally-io"),
    ("Error: unable to load application module 'ledger.web'\n", "entry-point-missing", "ledger.web"),
    ("ERROR: start.yaml does not exist\n", "entry-point-missing", "start.yaml"),
    ("spawn /srv/env/bin/gunicorn ENOENT\nExited with status 127\n", "module-not-installed", "/srv/env/bin/gunicorn"),
    ("Error: web did not become healthy within 90 seconds on port 8088\n", "start-timeout", "8088"),
    ("Error: Python 3.8.1 is not supported by this project (>=3.10)\n", "requires-python", ">=3.10"),
    ("ERROR: the runtime python-3.5.2 is not supported\n", "no-python-match", "3.5.2"),
    ("ERROR: could not load the native library libtally.so.3\n", "system-library-missing", "libtally.so.3"),
    ("ERROR: ffmpeg executable not found\n", "system-tool-missing", "ffmpeg"),
    ("ERROR: Could not read poetry.lock: it was made by another release\n", "requirements-syntax", "poetry.lock"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "code", "named"), SAID)
def test_a_sentence_that_names_what_is_missing_is_understood(
    said: str, code: str, named: str
) -> None:
    found = diagnose_log((STARTED + said).encode()).findings[0]
    assert (found.code, found.role) == (code, "cause")
    assert named in found.cause


# What programs do without, and what recovers: no failure in any of these.
DONE_WITHOUT = [
    "2024-01-01 10:00:00.1: W tensorflow/dso_loader.cc:64] Could not load dynamic library 'libcudart.so.11.0'; dlerror: libcudart.so.11.0: cannot open shared object file: No such file or directory\n",
    'WARN[0000] The "DB_PASS" variable is not set. Defaulting to a blank string.\n',
    "[INFO] environment variable SENTRY_DSN is not set, skipping\n",
    "WARNING: cache did not respond within 2 seconds, falling back to memory\n",
    "Warning  Unhealthy  8s  kubelet  Startup probe failed: statuscode: 503\nINFO:     Application startup complete.\n",
    "-----> No Pipfile.lock found, using requirements.txt\n",
    "x.py:14: CryptographyDeprecationWarning: Python 3.6 is no longer supported by the Python core team.\n",
    "2025-03-03 12:00:00,100 WARN received SIGTERM indicating exit request\n",
    "Main process exited, code=exited, status=0/SUCCESS\n",
]  # fmt: skip


@pytest.mark.parametrize("said", DONE_WITHOUT)
def test_what_a_program_does_without_is_no_failure(said: str) -> None:
    diagnosis = diagnose_log((STARTED + said).encode())
    assert (diagnosis.outcome, diagnosis.findings) == ("unknown", ())


def test_a_line_of_source_in_a_traceback_says_nothing_itself() -> None:
    log = STARTED + (
        "Traceback (most recent call last):\n"
        '  File "/srv/app.py", line 3, in <module>\n'
        '    raise OSError(errno.ENOSPC, "No space left on device")\n'
        "tally.WatchError: too many watches\n"
    )
    assert diagnose_log(log.encode()).findings[0].code == "content-failed"


def test_a_line_that_is_only_a_time_ends_what_pip_lists() -> None:
    time = "2024-02-11T09:15:05.1234567Z "
    lines = [
        "ERROR: Cannot install tally==1.0 and widget==2.0 because these package versions have conflicting dependencies.",
        "",
        "The conflict is caused by:",
        "    tally 1.0 depends on cog<2",
        "    widget 2.0 depends on cog>=2",
        "",
        "To fix this you could try to:",
        "1. loosen the range of package versions you've specified",
    ]
    found = diagnose_log("\n".join(time + line for line in lines).encode()).findings[0]
    assert found.code == "dependency-conflict"
    assert "To fix" not in found.cause
    assert "2024" not in found.cause


def test_connects_own_script_is_to_blame_for_its_failure() -> None:
    log = "Unexpected error while building python environment: chmod /opt/x: not a directory\nTask exited with status 1.\n"
    found = diagnose_log(log.encode()).findings[0]
    assert found.code == "server-script-failed"
    assert "chmod /opt/x" in found.cause


def test_what_a_build_script_fetches_for_itself_is_named() -> None:
    log = """\
Collecting oldapp==1.0
  Downloading oldapp-1.0.tar.gz (3 kB)
  error: subprocess-exited-with-error
  × python setup.py egg_info did not run successfully.
  ╰─> [9 lines of output]
        File "/tmp/pip-wheel-x/distribute_0a/setuptools/dist.py", line 103
          except ValueError, e:
                 ^^^^^^^^^^^^^
      SyntaxError: multiple exception types must be parenthesized
      subprocess.CalledProcessError: Command '['/srv/env/bin/python', '-m', 'pip', '--disable-pip-version-check', 'wheel', '--no-deps', '-w', '/tmp/tmpx', '--quiet', 'distribute']' returned non-zero exit status 1.
      [end of output]
error: metadata-generation-failed
"""
    found = diagnose_log(log.encode()).findings[0]
    assert found.code == "python2-only"
    assert "distribute" in found.cause
    assert "oldapp" in found.cause
