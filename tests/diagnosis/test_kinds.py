"""The kinds of failure in the words of many tools; each text is what that tool prints."""

from __future__ import annotations

import pytest

from pysteward.core.diagnosis import diagnose_log

IN_A_BUILD = """\
Collecting thing==1.2
  Downloading thing-1.2.tar.gz (10 kB)
  error: subprocess-exited-with-error

  × Building wheel for thing (pyproject.toml) did not run successfully.
  │ exit code: 1
  ╰─> [12 lines of output]
{}
      [end of output]

  note: This error originates from a subprocess, and is likely not a problem with pip.
  ERROR: Failed building wheel for thing
Failed to build thing
ERROR: Could not build wheels for thing, which is required to install pyproject.toml-based projects
"""

BUILDS = [
    # Headers, in the languages in which compilers speak.
    ("x.c:9:10: erreur fatale: ffi.h: Aucun fichier ou dossier de ce nom", "system-header-missing"),
    ("x.c:9:10: error fatal: sql.h: No existe el archivo o el directorio", "system-header-missing"),
    ("_yaml.c:271:18: error: yaml.h: No such file or directory", "system-header-missing"),
    ("x.cpp:1:10: fatal error: numpy/arrayobject.h: No such file or directory", "build-dependency-undeclared"),
    # Linkers.
    ("/usr/bin/ld: cannot find -lpq", "system-library-missing"),
    ("ld: library not found for -lssl", "system-library-missing"),
    ("/usr/bin/ld : ne peut trouver -lxslt : Aucun fichier ou dossier de ce type", "system-library-missing"),
    # Configurators.
    ("CMake Error at CMakeLists.txt:3 (project):\n  No CMAKE_CXX_COMPILER could be found.", "compiler-missing"),
    ("configure: error: C compiler cannot create executables", "compiler-missing"),
    ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "compiler-missing"),
    ("error: command 'g++' failed: Permission denied", "compiler-missing|permission-denied"),
    ("gcc: error trying to exec 'cc1plus': execvp: No such file or directory", "compiler-missing"),
    # Rust.
    ("Cargo, the Rust package manager, is not installed or is not on PATH.", "rust-missing"),
    ("error: package `base64ct v1.8.0` cannot be built because it requires rustc 1.85 or newer, while the currently active rustc version is 1.63.0", "rust-missing"),
    ("  feature `edition2024` is required", "rust-missing"),
    ("💥 maturin failed\n  Caused by: rustc, the rust compiler, is not installed or not in PATH. This package requires Rust and Cargo to compile extensions.", "rust-missing"),
    # Sources.
    ("x.c:7:5: error: implicit declaration of function 'PyUnicode_AS_DATA' [-Werror]", "compile-error"),
    ("x.c:7:5: Fehler: unbekannter Typname »PyFrameObject«", "compile-error"),
    ("x.o: undefined reference to `PyInt_FromLong'", "compile-error"),
    # Memory.
    ("g++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.", "out-of-memory"),
    ("g++: internal compiler error: Killed (program cc1plus)", "out-of-memory"),
    ("virtual memory exhausted: Cannot allocate memory", "out-of-memory"),
    ("OSError: [Errno 12] Cannot allocate memory", "out-of-memory"),
    # What setup scripts run into.
    ("        File \"setup.py\", line 8\n          except Exception, e:\n                          ^\n      SyntaxError: multiple exception types must be parenthesized", "python2-only"),
    ("        File \"setup.py\", line 5\n      AttributeError: install_layout. Did you mean: 'install_platlib'?", "setuptools-too-new"),
    ("      setuptools.errors.InvalidConfigError: Invalid dash-separated key 'description-file' in 'metadata' (setup.cfg), please use the underscore name 'description_file' instead.", "setuptools-too-new"),
    ("        File \"setup.py\", line 5\n      AttributeError: module 'setuptools.dep_util' has no attribute 'newer_group'", "setuptools-too-new"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "codes"), BUILDS)
def test_what_a_build_says_is_the_cause(said: str, codes: str) -> None:
    text = IN_A_BUILD.format("\n".join(f"      {line}" for line in said.split("\n")))
    assert first_code(text) in codes.split("|")


TEXTS = [
    # virtualenv and venv.
    ("/usr/bin/python3: No module named venv", "virtualenv-missing"),
    ("/usr/bin/python3: No module named ensurepip", "ensurepip-missing"),
    ("The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following command.\n\n    apt install python3.10-venv\n\nFailing command: /srv/env/bin/python3", "ensurepip-missing"),
    ("Traceback (most recent call last):\n  File \"/opt/python/3.12.1/lib/python3.12/site-packages/virtualenv.py\", line 25, in <module>\n    import distutils.spawn\nModuleNotFoundError: No module named 'distutils'", "virtualenv-incompatible"),
    ("/srv/env/bin/pip: /srv/old/env/bin/python3.8: bad interpreter: No such file or directory", "interpreter-missing"),
    ("exec: /opt/python/3.9.2/bin/python3: not found", "interpreter-missing"),
    ("fork/exec /opt/Python/3.7.1/bin/python3.7: no such file or directory", "interpreter-missing"),
    ("Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding\nModuleNotFoundError: No module named 'encodings'", "interpreter-broken"),
    ("/opt/python/3.11/bin/python3: /lib64/libc.so.6: version `GLIBC_2.34' not found (required by /opt/python/3.11/bin/python3)", "interpreter-broken"),
    ("ModuleNotFoundError: No module named '_ctypes'", "stdlib-module-missing"),
    # The server's own lines.
    ("2021/03/04 10:11:12.123456789 Bundle requested Python version 3.4.0\nError: Unable to find a compatible version of Python for version 3.4.0", "no-python-match"),
    ("An error occurred while building the content: Build error: could not find a compatible Python version 3.12.2", "no-python-match"),
    ("2024/01/05 10:11:12.123 PM: The server is not configured with Python.", "python-disabled"),
    # The machine.
    ("Collecting six\nKilled", "out-of-memory"),
    ("Collecting six\nTask exited with status 137", "out-of-memory"),
    ("signal: killed\npip install exited with code 137", "out-of-memory"),
    ("error: failed to create directory `/srv/cache/uv`: Permission denied (os error 13)", "permission-denied"),
    # Version control.
    ("fatal: could not read Username for 'https://git.example.org': terminal prompts disabled", "vcs-unreachable"),
    ("fatal: Authentication failed for 'https://git.example.org/x/y.git/'", "vcs-unreachable"),
    ("remote: Repository not found.\nfatal: repository 'https://git.example.org/x/y.git/' not found", "vcs-unreachable"),
    ("error: pathspec 'v9.9' did not match any file(s) known to git", "vcs-unreachable"),
    # Requirements.
    ("Invalid requirement: 'six=1.16.0'\n= is not a valid operator. Did you mean == ?", "requirements-syntax"),
    ("ERROR: Invalid requirement: 'python=3.9=h1234_0' (from line 3 of requirements.txt)", "requirements-syntax"),
    # Wheels and downloads.
    ("ERROR: thing-1.0-cp39-cp39-macosx_11_0_arm64.whl is not a supported wheel on this platform.", "wheel-wrong-platform"),
    ("pip._vendor.urllib3.exceptions.ProtocolError: (\"Connection broken: IncompleteRead(1024 bytes read, 9 more expected)\", IncompleteRead(1024 bytes read, 9 more expected))", "download-broken"),
    # pip's resolvers.
    ("ERROR: Package 'thing' requires a different Python: 3.8.18 not in '>=3.9'", "requires-python"),
    ("thing requires Python '>=3.9' but the running Python is 3.6.15", "requires-python"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), TEXTS)
def test_what_a_tool_says_is_the_cause(text: str, codes: str) -> None:
    assert first_code(text) in codes.split("|")


HARMLESS = [
    "WARNING: You are using pip version 21.2.3; however, version 24.0 is available.",
    "Requirement already satisfied: six in ./env/lib/python3.9/site-packages (1.16.0)",
    "Collecting six\n  WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by 'ReadTimeoutError(\"HTTPSConnectionPool(host='index.example.org', port=443): Read timed out. (read timeout=15)\")': /simple/six/\n  Downloading six-1.16.0-py2.py3-none-any.whl (11 kB)\nInstalling collected packages: six\nSuccessfully installed six-1.16.0",
    "  Building wheel for thing (setup.py): finished with status 'error'\n  ERROR: Command errored out with exit status 1:\n      error: invalid command 'bdist_wheel'\n  ERROR: Failed building wheel for thing\n  Running setup.py clean for thing\nFailed to build thing\nInstalling collected packages: thing\n    Running setup.py install for thing: started\n    Running setup.py install for thing: finished with status 'done'\nSuccessfully installed thing-1.0",
    "",
    "Completed Python build against Python version: '3.7.1'",
    "      gcc -Wall -Werror -c src/errors.c -o build/errors.o\n      copying failed/tests.py -> build/lib",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_was_got_over_is_no_finding(text: str) -> None:
    diagnosis = diagnose_log(text.encode())
    assert diagnosis.findings == ()
    assert diagnosis.outcome in ("succeeded", "unknown")


def first_code(text: str) -> str:
    findings = diagnose_log(text.encode()).findings
    return findings[0].code if findings else "-"


def test_a_source_that_cython_processes_is_not_the_package_that_is_built() -> None:
    log = """\
Collecting numpy==1.19.5
  Building wheel for numpy (pyproject.toml): started
  error: subprocess-exited-with-error
  × Building wheel for numpy (pyproject.toml) did not run successfully.
      Processing numpy/random/_bounded_integers.pyx
      numpy/core/a.c:2968:27: error: incompatible type for argument 1 of 'f'
      error: Command "gcc -c a.c" failed with exit status 1
ERROR: Failed building wheel for numpy
"""
    found = diagnose_log(log.encode()).findings[0]
    assert found.code == "compile-error"
    assert "numpy 1.19.5" in found.cause
