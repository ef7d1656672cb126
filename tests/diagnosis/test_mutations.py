"""The same log in other forms has the same cause: prefixed, quoted, broken, among other things."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from pysteward.core.diagnosis import Diagnosis, diagnose_log
from tests.support.sizes import how_many

DATA = Path(__file__).parents[1] / "data" / "failures"
LARGEST = 60_000  # bytes; so that the tests take seconds

# Logs of which a form loses what tells the cause.
EXCEPT = {
    # What pip retried stands on lines that the terminal had broken already; one broken line among
    # three does not tell the width.
    "broken at 80 columns": {
        "index_hangs_py311.log",
        "pdm_lock.log",
        "p_setup_python.log",
        "t_cryptography_openssl.log",
    },
    # One of n_heroku_r10's own lines, each with the same prefix, is as long as the width.
    "broken at 80 columns behind a prefix": {
        "index_hangs_py311.log",
        "pdm_lock.log",
        "n_heroku_r10.log",
        "p_setup_python.log",
    },
    # One broken line alone, objects of JSON that are cut in two, lines that pip breaks itself.
    "filled at 80 columns": {
        "p_setup_python.log",
        "u_gi.log",
        "connect_error_code.log",
        "connect_py_env.log",
        "ext_undefined.log",
        "glibc_too_old_py311.debug.log",
        "job_error.log",
        "json_lines.log",
        "local_label.log",
        "memory_install.log",
        "n_lambda_pydantic_core.log",
        "n_lambda_requests.log",
        "noexec_tmp.log",
        "p_playwright.log",
        "pdm_lock.log",
        "pyopenssl_pip.log",
        "requires_python_excludes_py37.log",
        "sdist_rust_old.log",
        "two_builds.log",
        "wheel_invalid.log",
        "wheel_platform_old_pip.log",
    },
    "folded at 80 columns": {
        "p_setup_python.log",
        "s_codeartifact.log",
        "u_pycairo.log",
        "cmake_python_dev.log",
        "connect_error_code.log",
        "corrupt_wheel_py311.log",
        "index_closed_port_py311.log",
        "index_http_500_py311.debug.log",
        "interpreter_no_ssl_module_py39.log",
        "job_error.log",
        "memory_install.log",
        "pdm_lock.log",
        "requests_runtime.log",
        "requires_python_excludes_py37.log",
        "two_builds.log",
        "venv_ensurepip.log",
        "wheel_platform_old_pip.log",
    },
    # A success after them tells of nothing they had begun: it may as well be the same content.
    "before a build that succeeded": {"interpreter_removed_env_dangling.log"},
}


EACH: Final = how_many(ci=9, full=1)


@cache
def logs() -> dict[str, tuple[bytes, Diagnosis]]:
    """The logs that fail, with their diagnoses: all of them, or a sample."""
    found: dict[str, tuple[bytes, Diagnosis]] = {}
    for path in (*sorted(DATA.glob("*.log")), *sorted((DATA / "unseen").glob("*.log")))[::EACH]:
        data = path.read_bytes()
        diagnosis = diagnose_log(data)
        if len(data) < LARGEST and diagnosis.cause is not None:
            found[path.name] = (data, diagnosis)
    return found


def prefixed(prefix: bytes) -> Callable[[bytes], bytes]:
    return lambda log: b"\n".join(prefix + line for line in log.split(b"\n"))


def text_lines(log: bytes) -> list[str]:
    return log.decode("utf-8", "replace").split("\n")


def as_objects(log: bytes) -> bytes:
    """As docker keeps it: one object a line."""
    objects = ({"log": f"{line}\n", "stream": "stderr"} for line in text_lines(log))
    return "\n".join(map(json.dumps, objects)).encode()


def as_task(log: bytes) -> bytes:
    """As Connect's API answers it."""
    return json.dumps({"id": "x", "output": text_lines(log), "finished": True, "code": 1}).encode()


def as_job(log: bytes) -> bytes:
    entries = [{"source": "stderr", "timestamp": None, "data": line} for line in text_lines(log)]
    return json.dumps({"entries": entries}, indent=1).encode()


def broken(log: bytes) -> bytes:
    pieces = [
        line[start : start + 80]
        for line in text_lines(log)
        for start in range(0, max(1, len(line)), 80)
    ]
    return "\n".join(pieces).encode()


def broken_by_a_platform(log: bytes) -> bytes:
    head = b"2024-01-05T10:11:12.123456+00:00 app[web.1]: "
    return b"\n".join(head + line for line in broken(log).split(b"\n"))


def colored(log: bytes) -> bytes:
    return b"\n".join(b"\x1b[31m" + line + b"\x1b[0m\x1b[K" for line in log.split(b"\n"))


def after_other_lines(log: bytes) -> bytes:
    other = (
        f"2024-01-01 10:00:{n % 60:02} worker-{n % 7} served /{n} in 12 ms\n" for n in range(10_000)
    )
    return "".join(other).encode() + log


SUCCESS = (
    b"Collecting zzyzx\n  Downloading zzyzx-1.0-py3-none-any.whl (1 kB)\n"
    b"Installing collected packages: zzyzx\nSuccessfully installed zzyzx-1.0\n"
)


def filled(log: bytes) -> bytes:
    """Broken at spaces that are gone then, as mail and word processors do."""
    return "\n".join(
        piece
        for line in text_lines(log)
        for piece in (
            [line] if len(line) <= 80 else textwrap.wrap(line, 80, break_on_hyphens=False)
        )
    ).encode()


def folded(log: bytes) -> bytes:
    """Broken behind spaces, as ``fold -s`` does."""
    pieces: list[str] = []
    for whole in text_lines(log):
        line = whole
        while len(line) > 80:
            end = line.rfind(" ", 0, 80) + 1 or 80
            pieces.append(line[:end])
            line = line[end:]
        pieces.append(line)
    return "\n".join(pieces).encode()


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "of a platform": prefixed(b"2024-01-05T10:11:12.123456+00:00 app[web.1]: "),
    "of a step": prefixed(b"[builder 6/9] "),
    "of a process": prefixed(b"2024-01-05T10:11:12+00:00 shinyapps[1234567]: "),
    "of a stream": prefixed(b"2024-01-05T10:11:12.123456789Z stderr F "),
    "of a logger": prefixed(b"2024-01-05 10:11:12,123 - INFO - "),
    "of a level": prefixed(b"[2024-01-05 10:11:12 +0000] [7] [INFO] "),
    "of BuildKit": prefixed(b"#12 34.56 "),
    "of the kernel's clock": prefixed(b"[   12.345678] "),
    "of compose": prefixed(b"web-1  | "),
    "of GitLab": prefixed(b"2024-01-05T10:11:12.123456Z 01O "),
    "CRLF": lambda log: log.replace(b"\n", b"\r\n"),
    "colored": colored,
    "objects": as_objects,
    "a task": as_task,
    "a job": as_job,
    "broken at 80 columns": broken,
    "broken at 80 columns behind a prefix": broken_by_a_platform,
    "filled at 80 columns": filled,
    "folded at 80 columns": folded,
    "after 10,000 other lines": after_other_lines,
    "after a build that succeeded": lambda log: SUCCESS + log,
}


def wrong_in(
    form: str, change: Callable[[bytes], bytes], names: set[str] | None = None
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, (log, diagnosis) in logs().items():
        if name in EXCEPT.get(form, ()) or (names is not None and name not in names):
            continue
        found = diagnose_log(change(log)).cause
        if found is None or diagnosis.cause is None or found.code != diagnosis.cause.code:
            wrong[name] = found.code if found else "-"
    return wrong


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(form, marks=pytest.mark.full if form.startswith("after 10,000") else ())
        for form in FORMS
    ],
)
def test_a_log_in_another_form_has_the_same_cause(form: str) -> None:
    assert wrong_in(form, FORMS[form]) == {}


def test_a_prefix_that_nobody_knows_is_learned_from_the_log() -> None:
    names = {name for name, (log, _) in logs().items() if log.count(b"\n") > 5}
    assert wrong_in("", prefixed(b"tally-web-7f9c88> "), names) == {}


def test_a_failed_build_before_one_that_succeeded_is_found() -> None:
    names = {path.name for path in DATA.glob("*.log")}
    form = "before a build that succeeded"
    assert wrong_in(form, lambda log: log + b"\n" + SUCCESS, names) == {}


@pytest.mark.parametrize("form", [broken, filled, folded])
def test_evidence_in_a_broken_log_is_the_first_piece_as_it_stands_in_the_file(
    form: Callable[[bytes], bytes],
) -> None:
    log = (
        "x\n" * 5 + "ERROR: Could not find a version that satisfies the requirement tally==9 "
        "(from versions: 1.0, 1.1)\n"
    )
    text = form(log.encode())
    found = diagnose_log(text).findings[0]
    line = found.evidence[0]
    assert found.code == "version-not-found"
    assert line.text == text.decode().split("\n")[line.line - 1].rstrip()


def test_a_name_in_brackets_is_no_color() -> None:
    log = b"ERROR: No matching distribution found for celery[mongodb]==99\n"
    finding = diagnose_log(log).findings[0]
    assert "celery[mongodb]==99" in finding.evidence[0].text
    assert "celery" in finding.cause


def test_a_failed_attempt_that_was_repeated_with_success_is_a_warning() -> None:
    log = b"""Collecting tally==1.0
ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device
Collecting tally==1.0
Successfully installed tally-1.0
"""
    diagnosis = diagnose_log(log)
    assert diagnosis.outcome == "succeeded"
    assert [(one.code, one.role) for one in diagnosis.findings] == [("disk-full", "warning")]
