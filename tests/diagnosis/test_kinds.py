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


# What a log says, the code, and what the sentence must name. The wording of each is that of the
# tool as the public thread beside it shows it; the projects are invented.
NAMED = [
    # github.com/rstudio/rsconnect-jupyter/issues/149: RStudio Connect 1.7
    ("Building Jupyter notebook...\nBuild error: Unable to find a compatible version of Python: No known installation matching major.minor version of 3.7.0", "no-python-match", "3.7.0"),
    # github.com/posit-dev/rsconnect-python/issues/256: Connect 2022, through rsconnect-python
    ("Building Dash application...\nCannot find compatible environment: no compatible Local environment with Python version 3.10.4\nAn error occurred while building the content (build-failed-error)\nError: Task exited with status 1.", "no-python-match", "3.10.4"),
    # Connect off-host, as several public READMEs quote it
    ("Cannot find compatible environment: no compatible Kubernetes environment with Python version 3.13.7 (available versions: 3.11.14, 3.12.12)", "no-python-match", "3.13.7; there are 3.11.14, 3.12.12"),
    # github.com/rstudio/rstudio/issues/8844: a reticulated document without a python block
    ("[Connect] 2021/01/29 02:44:59.690845664 warning: using reticulate but python was not specified; will use python at /opt/python/3.7.7/bin/python3\n[Connect] 2021/01/29 02:45:03.1 Error in py_module_import(module, convert = convert) :\n[Connect] 2021/01/29 02:45:03.1   ModuleNotFoundError: No module named 'pandas'\n[Connect] 2021/01/29 02:45:03.2 Execution halted", "python-block-missing", "/opt/python/3.7.7/bin/python3"),
    # github.com/rstudio/rsconnect/issues/1043
    ("Error: Unhandled Exception: Child Task 12 failed: Error parsing manifest: Schema validation failed: Additional properties are not allowed ('environment' was unexpected)", "bundle-invalid", "environment"),
    # github.com/posit-dev/rsconnect-python/issues/848: Connect Cloud resolves with uv
    ("Error resolving dependencies: Because the current Python version (3.9.17) does not satisfy Python>=3.10 and thing==0.15.3 depends on Python>=3.10, we can conclude that thing==0.15.3 cannot be used.", "requires-python", "thing==0.15.3 needs Python >=3.10"),
    # posit-dev/publisher's tests: two lines of pip in one of Connect's
    ("2024/01/09 11:20:47 AM: ERROR: Could not find a version that satisfies the requirement thing (from versions: none) 2024/01/09 11:20:47 AM: ERROR: No matching distribution found for thing\n2024/01/09 11:20:51 AM: pip install failed with exit code 1", "package-not-found", "no file for thing"),
    # github.com/pypa/pip/issues/1805: a console of 80 columns
    ("Collecting thing\n  Retrying (Retry(total=0, connect=None, read=None, redirect=None)) after connec\ntion broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connectio\nn failed: 407 Proxy Authentication Required',))': /simple/thing/\n  Could not find a version that satisfies the requirement thing (from versions: )\nNo matching distribution found for thing", "proxy-unreachable", "user and password"),
    # github.com/pypi/warehouse/issues/3394: Ansible's pip module
    ('fatal: [node]: FAILED! => {"changed": false, "cmd": "/usr/bin/pip2 install thing", "msg": "stdout: Collecting thing\\n  Could not fetch URL https://index.example.org/simple/thing/: There was a problem confirming the ssl certificate: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:579) - skipping\\n\\n:stderr:   Could not find a version that satisfies the requirement thing (from versions: )\\nNo matching distribution found for thing\\n"}', "tls-certificate", "index.example.org"),
    # github.com/runpod-workers/worker-stable_diffusion_v1/issues/17: BuildKit's plain log
    ("102.6 ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n102.6     unknown package:\n102.6         Expected sha256 402f40adfc6f418f9dae\n102.6              Got        a61ed6be3ef0c42ee7c1\n102.6 ", "hash-mismatch", "402f40adfc6f"),
    # github.com/hipsuc/VintedMonitor/issues/1: the one in conflict is the last of those quoted
    ("ERROR: Cannot install -r requirements.txt (line 2), -r requirements.txt (line 3) and widget==1.25.8 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    The user requested widget==1.25.8\n    one 0.1 depends on widget>=1.25.7\n    two 0.6 depends on widget>=1.24.1\n    three 0.2 depends on widget<2.0.0 and >=1.25.8\n    four 2.2 depends on widget!=1.25.0, <1.26 and >=1.21.1\n    five 0.16.0 depends on widget>=1.25.10\n", "dependency-conflict", "widget==1.25.8 and five==0.16.0 contradict each other"),
    # github.com/pypa/pip/issues/13422: a directory whose name pip does not know yet
    ("ERROR: Cannot install None because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    thing 0.0.0 depends on widget>=8.2.0\n    The user requested (constraint) widget==8.1.1\n", "dependency-conflict", "widget==8.1.1 and thing==0.0.0"),
    # github.com/pypa/pip/pull/9300: pip 20.3 names no versions
    ("ERROR: Could not find a version that satisfies the requirement widget<2,>=1.12.0 (from thing)\nERROR: No matching distribution found for widget<2,>=1.12.0", "version-not-found", "which thing needs"),
    # github.com/astral-sh/uv/issues/2172
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because there is no version of widget==2.0.2 and thing==1.32.2 depends on widget==2.0.2, we can conclude that thing==1.32.2 cannot be used.\n      And because you require thing==1.32.2, we can conclude that the requirements are unsatisfiable.", "version-not-found", "widget==2.0.2"),
    # github.com/astral-sh/uv/issues/12771
    ("  × No solution found when resolving dependencies for split\n  │ (python_full_version >= '3.8' and python_full_version < '3.10'):\n  ╰─▶ Because the requested Python version (>=3.8) does not satisfy\n      Python>=3.10 and your project depends on thing[cli], we can conclude that\n      your project's requirements are unsatisfiable.", "requires-python", "thing[cli] needs Python >=3.10"),
    # github.com/jupyterhub/binderhub/issues/1872: refused metadata of what is not pinned
    ("Collecting thing\nWARNING: Ignoring version 0.1.0 of thing since it has invalid metadata:\nRequested thing from https://index.example.org/thing-0.1.0-py3-none-any.whl has invalid metadata: .* suffix can only be used with `==` or `!=` operators\n    widget (>=4.*)\n            ~~~~^\nPlease use pip<24.1 if you need to use this version.\nERROR: Could not find a version that satisfies the requirement thing (from versions: 0.1.0)\nERROR: No matching distribution found for thing", "version-not-found", "its metadata are not valid"),
    # github.com/pytorch/pytorch/issues/1022, github.com/vespa-engine/sample-apps/pull/548
    ("Collecting thing==0.1.10\n    99% |################################| 360.3MB 32.1MB/s eta 0:00:01Killed", "out-of-memory", "thing"),
    ("ERROR: Command 'pip3 install -qqq thing widget' returned code 137", "out-of-memory", "memory"),
    # github.com/Zhefan-Xu/NavRL/issues/70: a relative path, in Chinese
    ("ERROR: Could not install packages due to an OSError: [Errno 13] 权限不够: 'RECORD'\nConsider using the `--user` option or check the permissions.", "permission-denied", "RECORD"),
    # github.com/pypa/virtualenv/issues/1186 and 2457
    ("New python executable in /srv/venv/bin/python\nInstalling setuptools, pip, wheel...\n  Complete output from command /srv/venv/bin/python - setuptools pip wheel:\n  Traceback (most recent call last):\n  File \"<stdin>\", line 11, in <module>\nImportError: cannot import name main\n----------------------------------------\n...Installing setuptools, pip, wheel...done.\nTraceback (most recent call last):\n  File \"/opt/lib/python2.7/site-packages/virtualenv.py\", line 904, in install_wheel\n    call_subprocess(cmd, show_stdout=False, extra_env=env, stdin=SCRIPT)\nOSError: Command /srv/venv/bin/python - setuptools pip wheel failed with error code 1", "virtualenv-incompatible", "cannot import name main"),
    ("Traceback (most recent call last):\n  File \"/srv/env/lib/python3.12/site-packages/pip/_vendor/urllib3/packages/six.py\", line 100, in _load\nModuleNotFoundError: No module named 'pip._vendor.urllib3.packages.six.moves'", "virtualenv-incompatible", "3.12"),
    # github.com/laradock/laradock/issues/3269
    ("The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following command.\n\n    apt install python3.8-venv\n", "ensurepip-missing", "Python 3.8"),
    # github.com/kelvinthh/ig-dm-reels-autodownload/issues/1
    ("ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\\\Users\\\\me\\\\conda-bld\\\\thing_16\\\\work'", "requirements-local-path", "conda-bld"),
    # github.com/astral-sh/uv/pull/1909
    ("  x No Python 3.10 found through `py --list-paths` or in `PATH`. Is Python 3.10 installed?", "interpreter-missing", "3.10"),
    # github.com/Wang-Lin-boop/GeminiMol/issues/3: of two indexes, the one whose path stands there
    ("Looking in indexes: https://index.example.org/simple, https://files.example.org/whl/cu116\nWARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'SSLError(SSLError(1, '[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1131)'))': /whl/cu116/thing/\nERROR: Could not find a version that satisfies the requirement thing (from versions: none)\nERROR: No matching distribution found for thing", "index-unreachable", "files.example.org"),
    # github.com/pypi/warehouse/issues/10523: pip 9 with -v names it where it gets the page
    ("  * https://old.example.org/simple/thing/\n  Getting page https://old.example.org/simple/thing/\n  Retrying (Retry(total=0, connect=None, read=None, redirect=None)) after connection broken by 'ProtocolError('Connection aborted.', error(104, 'Connection reset by peer'))': /simple/thing/\n  Could not find a version that satisfies the requirement thing (from versions: )\nNo matching distribution found for thing", "index-unreachable", "old.example.org"),
    # github.com/actions/setup-python/issues/733
    ("  Error: WARNING: 401 Error, Credentials not correct for https://x.example.org/pypi/simple/thing/\n  Error: ERROR: Could not find a version that satisfies the requirement thing (from versions: none)\n  Error: ERROR: No matching distribution found for thing", "index-auth", "x.example.org wants other credentials (401)"),
    # github.com/AUTOMATIC1111/stable-diffusion-webui/issues/4831
    ("pip._vendor.urllib3.exceptions.ProtocolError: (\"Connection broken: ConnectionResetError(10054, 'An existing connection was forced to be dropped by the remote host', None, 10054, None)\", ConnectionResetError(10054, 'An existing connection was forced to be dropped by the remote host', None, 10054, None))", "download-broken", "cut short"),
    # github.com/gitpython-developers/GitPython/issues/27: pip 1.0
    ("Downloading/unpacking git-thing==0.3.1\n  Could not find any downloads that satisfy the requirement git-thing==0.3.1\nNo distributions at all found for git-thing==0.3.1", "package-not-found", "for git-thing"),
    # github.com/ogx-ai/ogx-demos/issues/144, github.com/a2aproject/a2a-samples/issues/284
    ("error: Failed to parse `uv.lock`\n  Caused by: TOML parse error at line 3, column 8\n  |\n3 | thing==5.5.0\n  |        ^\ninvalid string\nexpected `\"`, `'`", "requirements-syntax", "uv cannot read uv.lock: TOML parse error at line 3"),
    ("error: Failed to parse `uv.lock`\n  Caused by: Dependency `thing` has missing `source` field but has more than one matching package", "requirements-syntax", "Dependency `thing` has"),
    # github.com/mozilla/bugbug/issues/6117
    ("#14 7.381 The lockfile at `uv.lock` needs to be updated, but `--locked` was provided. To update the lockfile, run `uv lock`.\n#14 ERROR: executor failed running [/bin/sh -c uv sync --locked --no-dev]: exit code: 1", "dependency-conflict", "uv.lock does not fit"),
    # github.com/rstudio/reticulate/issues/1509 and 686
    ("Error: Tools for managing Python virtual environments are not installed.\n\nInstall venv with:\n$ sudo apt-get install python3-venv", "virtualenv-missing", "virtualenv"),
    ("#> Creating virtual environment \"env\" ...\n#> Warning in system2(python, args): '\"/home/u/.virtualenvs/env/bin/python\"' not found\n#> Error: Error installing package(s): \"pip\", \"wheel\", \"setuptools\"", "interpreter-missing", "/home/u/.virtualenvs/env/bin/python"),
    # github.com/pypa/pip/issues/733: what setuptools said to pip 1.2
    ("ValueError: ('Missing distribution spec', '\\xff\\xfeD\\x00j\\x00a\\x00n\\x00g\\x00o\\x00=\\x00=\\x001\\x00')", "requirements-encoding", "UTF-16"),
    ("ValueError: ('Expected version spec in', 'thing=1.0', 'at', '=1.0')", "requirements-syntax", "thing=1.0"),
    # github.com/rstudio/rsconnect/issues/204: shinyapps.io
    (" Error: Unhandled Exception: Child Task 488229131 error: Unhandled Exception: Timeout waiting for '_check_container_alive' after 0:00:30 ", "timeout", "0:00:30"),
    # github.com/astral-sh/uv/issues/12730, 2538, 8601; github.com/xlang-ai/OSWorld/issues/137
    ("  × Failed to download `thing==1.11.0`\n  ├─▶ Failed to write to the distribution cache\n  ├─▶ error decoding response body\n  ├─▶ error reading a body from connection\n  ╰─▶ connection reset", "download-broken", "thing 1.11.0"),
    ("  x No solution found when resolving dependencies:\n  `-> Because thing==2.2.0 is unusable because no wheels are available with a matching Python implementation and you require thing==2.2.0, we can conclude that the requirements are unsatisfiable.", "no-compatible-file", "thing==2.2.0"),
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because only the following versions of thing{python_full_version >= '3.10'} are available:\n          thing{python_full_version >= '3.10'}<=0.4.33\n          thing{python_full_version >= '3.10'}==0.4.34\n      and the requested Python version (>=3.9) does not satisfy Python>=3.10, we can conclude that\n      thing{python_full_version >= '3.10'}>=0.4.33 is incompatible.\n      And because your project depends on thing{python_full_version >= '3.10'}>=0.4.33, we can conclude that your\n      project's requirements are unsatisfiable.", "requires-python", "thing>=0.4.33 needs Python >=3.10"),
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because only the following versions of widget are available:\n          widget<=1.26.0\n          widget==1.26.1\n      and thing==2.2.3 depends on widget>=1.26.0, we can conclude that thing==2.2.3 depends on widget>=1.26.0.\n      And because you require widget>=1.24.4,<1.25.dev0 and thing>=2.2.3, we can conclude that your requirements are unsatisfiable.", "dependency-conflict", "widget>=1.24.4"),
    # github.com/Preston-Landers/concurrent-log-handler/issues/14 (pip 8), github.com/pypa/pip/issues/4169
    ("concurrent-thing is in an unsupported or invalid wheel", "wheel-broken", "concurrent-thing"),
    ("Exception information:\npip.exceptions.InvalidWheelFilename: thing-_invalid_-py3-none-any.whl is not a valid wheel filename.", "wheel-broken", "thing-_invalid_-py3-none-any.whl"),
    # github.com/fossasia/open-event-server/issues/5915
    ("       Your Pipfile.lock (dafbfb) is out of date. Expected: (73f868).\n       Aborting deploy.\n !     Push failed", "dependency-conflict", "Pipfile.lock"),
    # github.com/pypa/pip/issues/11043, github.com/OpenFreeEnergy/gufe/issues/26
    ("  Running command git clone --filter=blob:none -q https://git.example.org/thing.git /tmp/pip-install-x/thing_e5\n  fatal: bad revision '43995bd42fa23bbc4c3a59d5fb9da99042fcf139'\n  error: https://git.example.org/thing.git did not send all necessary objects", "vcs-unreachable", "bad revision"),
    ("  Running command git clone --filter=blob:none -q https://git.example.org/thing.git /tmp/pip-req-build-66\nUsername for 'https://git.example.org':", "vcs-unreachable", "git.example.org asks git for a user"),
    # github.com/pypa/pip/issues/9152: Windows in Korean
    ("Could not install packages due to an EnvironmentError: [WinError 5] 액세스가 거부되었습니다: 'c:\\\\python38\\\\lib\\\\site-packages\\\\thing.txt'\nConsider using the `--user` option or check the permissions.", "permission-denied", "thing.txt"),
    # github.com/pypa/virtualenv/issues/2887
    ("Exception: Wheel for pip for Python 3.12 is unavailable. apt install python3-pip-whl\nRuntimeError: seed failed due to failing to download wheels wheel, pip, setuptools", "ensurepip-missing", "python3-pip-whl"),
    # github.com/PromptEngineer48/Ollama/issues/5: the versions ignored are numpy's
    ("ERROR: Ignored the following versions that require a different python version: 1.21.2 Requires-Python >=3.7,<3.11; 1.21.6 Requires-Python >=3.7,<3.11\nERROR: Could not find a version that satisfies the requirement thing>=1.14.1 (from widget) (from versions: none)\nERROR: No matching distribution found for thing>=1.14.1", "package-not-found", "which widget needs"),
    # github.com/mugulmd/Claude/issues/15
    ("ERROR: Could not find a version that satisfies the requirement pkg_resources==0.0.0 (from versions: none)\nERROR: No matching distribution found for pkg_resources==0.0.0", "package-not-found", "is no package"),
    # github.com/pypa/pip/issues/1876: pip 1.5
    ("Downloading/unpacking thing==2.3.13\nCannot fetch index base URL https://index.example.org/simple/\nCould not find any downloads that satisfy the requirement thing==2.3.13\nNo distributions at all found for thing==2.3.13", "index-unreachable", "index.example.org"),
    # github.com/pypi/warehouse/issues/3826: as far as that was shown
    ("  File \"c:\\python\\lib\\site-packages\\pip\\_vendor\\urllib3\\response.py\", line 360, in _error_catcher\n    yield\nsocket.timeout: The read operation timed out\n\nDuring handling of the above exception, another exception occurred:", "index-timeout", "did not answer in time"),
    # github.com/tholoien/XDGMM/issues/44
    (
        "Collecting git+https://github.com/someone/tally.git\n      error in tally setup command: use_2to3 is invalid.",
        "python2-only",
        "tally is written",
    ),
    # github.com/mapillary/OpenSfM/issues/1067
    (
        "      running egg_info\n      writing lib3/tally.egg-info/PKG-INFO\n      Traceback (most recent call last):\n      AttributeError: cython_sources",
        "setup-script-failed",
        "of tally is written for Cython 0.29",
    ),
    # github.com/chinuno-usami/CuteR/issues/3
    (
        "The headers or library files could not be found for zlib,\na required dependency when compiling Pillow from source.",
        "system-library-missing",
        "Pillow is built",
    ),
    # github.com/pymssql/pymssql/issues/533
    (
        '  File "/tmp/sql-test/sql_test.py", line 4, in <module>\n    import tally\nImportError: libsybdb.so.5: cannot open shared object file: No such file or directory',
        "system-library-missing",
        "module tally needs",
    ),
    # github.com/accumulator/charge-lnd/issues/93
    ("ERROR: Exception:\nTraceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/pip/_internal/cli/base_command.py\", line 186, in _main\n    status = self.run(options, args)\npkg_resources.extern.packaging.version.InvalidVersion: Invalid version: '0.23ubuntu1' (package: thing)", "setuptools-too-new", "thing, which is installed here, has the version 0.23ubuntu1"),
    # github.com/scipy/scipy/issues/12608
    (
        "error: library mach has Fortran sources but no Fortran compiler found\nERROR: Command errored out with exit status 1: /opt/python3.10 -c 'import sys; sys.argv[0] = '\"'\"'/home/x/src/tally/setup.py'\"'\"'; __file__='\"'\"'/home/x/src/tally/setup.py'\"'\"'",
        "compiler-missing",
        "tally is compiled",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "named"), NAMED)
def test_the_sentence_names_what_the_log_names(text: str, code: str, named: str) -> None:
    found = diagnose_log(text.encode()).findings[0]
    assert (found.code, found.role) == (code, "cause")
    assert named in found.cause


SINCE_THEN = [
    "Successfully installed thing-1.0\nWARNING: pip is configured with locations that require TLS/SSL, however the ssl module in Python is not available.\nCould not fetch URL https://index.example.org/simple/pip/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='index.example.org', port=443): Max retries exceeded with url: /simple/pip/ (Caused by SSLError(\"Can't connect to HTTPS URL because the SSL module is not available.\")) - skipping",
    "Successfully installed thing-1.0\n  Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by 'NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused',)': /simple/pip/",
]


@pytest.mark.parametrize("text", SINCE_THEN)
def test_that_pip_cannot_ask_for_a_newer_pip_is_no_failure(text: str) -> None:
    diagnosis = diagnose_log(text.encode())
    assert (diagnosis.outcome, diagnosis.findings) == ("succeeded", ())


def test_what_pip_says_of_packages_in_conflict_is_no_failure_by_itself() -> None:
    # github.com/babysor/MockingBird/issues/770: as far as that was shown
    log = "ERROR: pip's dependency resolver does not currently take into account all the packages that are installed. This behaviour is the source of the following dependency conflicts.\nthing 5.2.2 requires widget<5.13, which is not installed.\n"
    diagnosis = diagnose_log(log.encode())
    assert [(one.code, one.role) for one in diagnosis.findings] == [
        ("dependency-conflict", "warning")
    ]


def test_reticulate_without_a_python_is_a_warning_where_nothing_was_missed() -> None:
    log = "[Connect] warning: using reticulate but python was not specified; will use python at /opt/python/3.7.7/bin/python3\n[Connect] Deployment completed\n"
    found = diagnose_log(log.encode()).findings[0]
    assert (found.code, found.role) == ("python-block-missing", "warning")


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


@pytest.mark.parametrize(
    "before",
    [
        "remote:        ",  # Heroku: github.com/cc-archive/legaldb/pull/144
        'Step #1 - "builder": ',  # Google: its distributed-load-testing-using-kubernetes/issues/29
    ],
)
def test_what_services_put_before_each_line_hides_no_success(before: str) -> None:
    log = f"{before}Collecting thing==4.3.1\n{before}Installing collected packages: thing\n{before}Successfully installed thing-4.3.1\n"
    assert diagnose_log(log.encode()).outcome == "succeeded"


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
