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
    ("x.c:1:10: fatal error: 'libxml/xmlversion.h' file not found", "system-header-missing"),
    ("src/x.cpp:3:10: schwerwiegender Fehler: geos_c.h: Datei oder Verzeichnis nicht gefunden", "system-header-missing"),
    ("x.c:9:10: erreur fatale: ffi.h : Aucun fichier ou dossier de ce type", "system-header-missing"),
    ("x.c:9:10: erreur fatale: ffi.h: Aucun fichier ou dossier de ce nom", "system-header-missing"),
    ("x.c:9:10: error fatal: sql.h: No existe el archivo o el directorio", "system-header-missing"),
    ("_yaml.c:271:18: error: yaml.h: No such file or directory", "system-header-missing"),
    ("x.c:1:10: Schwerer Fehler: Python.h: Datei oder Verzeichnis nicht gefunden", "python-headers-missing"),
    ("src/_portaudiomodule.c:29:10: fatal error: 'portaudio.h' file not found", "system-header-missing"),
    ("x.cpp:1:10: fatal error: numpy/arrayobject.h: No such file or directory", "build-dependency-undeclared"),
    # Linkers.
    ("/usr/bin/ld: cannot find -lpq", "system-library-missing"),
    ("ld: library not found for -lssl", "system-library-missing"),
    ("/usr/bin/ld: -lmysqlclient kann nicht gefunden werden", "system-library-missing"),
    ("/usr/bin/ld : ne peut trouver -lxslt : Aucun fichier ou dossier de ce type", "system-library-missing"),
    ("ld.lld: error: unable to find library -lblas", "system-library-missing"),
    # Configurators.
    ("Package libffi was not found in the pkg-config search path.\nNo package 'libffi' found", "system-library-missing"),
    ("Package 'cairo', required by 'virtual:world', not found", "system-library-missing"),
    ("../meson.build:31:12: ERROR: Dependency \"cairo\" not found, tried pkgconfig and cmake", "system-library-missing"),
    ("../scipy/meson.build:216:9: ERROR: Dependency lookup for OpenBLAS with method 'pkgconfig' failed: Pkg-config for machine host machine not found. Giving up.", "system-library-missing|system-tool-missing"),
    ("../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]", "compiler-missing"),
    ("../meson.build:80:0: ERROR: Unknown compiler(s): ['gfortran', 'flang', 'ifort']", "compiler-missing"),
    ("CMake Error: CMAKE_C_COMPILER not set, after EnableLanguage", "compiler-missing"),
    ("CMake Error at CMakeLists.txt:3 (project):\n  No CMAKE_CXX_COMPILER could be found.", "compiler-missing"),
    ("CMake Error at /usr/share/cmake/Modules/FindPackageHandleStandardArgs.cmake:230 (message):\n  Could NOT find Boost (missing: Boost_INCLUDE_DIR)", "system-library-missing"),
    ('CMake Error at CMakeLists.txt:9 (find_package):\n  Could not find a package configuration file provided by "Arrow" with any of', "system-library-missing"),
    ("configure: error: no acceptable C compiler found in $PATH", "compiler-missing"),
    ("configure: error: C compiler cannot create executables", "compiler-missing"),
    ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "compiler-missing"),
    ("unable to execute 'gcc': No such file or directory\nerror: command 'gcc' failed with exit status 1", "compiler-missing"),
    ("error: command 'g++' failed: Permission denied", "compiler-missing|permission-denied"),
    ("gcc: fatal error: cannot execute 'cc1plus': execvp: No such file or directory", "compiler-missing"),
    ("gcc: error trying to exec 'cc1plus': execvp: No such file or directory", "compiler-missing"),
    # Programs.
    ("/bin/sh: 1: mysql_config: not found", "system-tool-missing"),
    ("/bin/sh: xslt-config: command not found", "system-tool-missing"),
    ("FileNotFoundError: [Errno 2] No such file or directory: 'gdal-config'", "system-tool-missing"),
    ("Exception: Can not find valid pkg-config name.\nSpecify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually", "system-tool-missing|system-library-missing"),
    ("OSError: mysql_config not found", "system-tool-missing"),
    ("Error: Please make sure the libxml2 and libxslt development packages are installed.", "system-library-missing"),
    ("RuntimeError: CMake must be installed to build the following extensions: _dlib", "system-tool-missing"),
    ("FileNotFoundError: [Errno 2] No such file or directory: 'cmake'", "system-tool-missing"),
    ("error: command 'swig' failed: No such file or directory", "system-tool-missing"),
    ("The headers or library files could not be found for jpeg,\na required dependency when compiling Pillow from source.", "system-library-missing"),
    ("__main__.RequiredDependencyException: zlib", "system-library-missing"),
    # Rust.
    ("error: can't find Rust compiler", "rust-missing"),
    ("Cargo, the Rust package manager, is not installed or is not on PATH.", "rust-missing"),
    ("error: package `base64ct v1.8.0` cannot be built because it requires rustc 1.85 or newer, while the currently active rustc version is 1.63.0", "rust-missing"),
    ("error: rustc 1.56.0 is not supported by the following package:", "rust-missing|setup-script-failed|unknown"),
    ("  feature `edition2024` is required", "rust-missing"),
    ("error: failed to run custom build command for `openssl-sys v0.9.60`\n  Could not find directory of OpenSSL installation, and this `-sys` crate cannot", "system-library-missing|setup-script-failed"),
    ("error[E0425]: cannot find function `foo` in this scope\nerror: could not compile `thing` due to previous error", "compile-error"),
    ("💥 maturin failed\n  Caused by: rustc, the rust compiler, is not installed or not in PATH. This package requires Rust and Cargo to compile extensions.", "rust-missing"),
    # Sources.
    ("x.c:7:5: error: implicit declaration of function 'PyUnicode_AS_DATA' [-Werror]", "compile-error"),
    ("x.c:7:5: Fehler: unbekannter Typname »PyFrameObject«", "compile-error"),
    ("x.o: undefined reference to `PyInt_FromLong'", "compile-error"),
    ("Cython.Compiler.Errors.CompileError: thing/_x.pyx", "compile-error"),
    # Memory.
    ("g++: fatal error: Killed signal terminated program cc1plus\ncompilation terminated.", "out-of-memory"),
    ("g++: internal compiler error: Killed (program cc1plus)", "out-of-memory"),
    ("virtual memory exhausted: Cannot allocate memory", "out-of-memory"),
    ("OSError: [Errno 12] Cannot allocate memory", "out-of-memory"),
    ("x.c:1: confused by earlier errors, bailing out\n/tmp/ccX.s: Fatal error: can't close x.o: No space left on device", "disk-full"),
    ("OSError: [Errno 122] Disk quota exceeded: '/srv/x'", "disk-full"),
    # What setup scripts run into.
    ("      Traceback (most recent call last):\n        File \"setup.py\", line 3, in <module>\n      ModuleNotFoundError: No module named 'Cython'", "build-dependency-undeclared"),
    ("        File \"setup.py\", line 8\n          except Exception, e:\n                          ^\n      SyntaxError: multiple exception types must be parenthesized", "python2-only"),
    ("        File \"setup.py\", line 8\n          except ValueError, e:\n                          ^\n      SyntaxError: invalid syntax", "python2-only"),
    ("        File \"setup.py\", line 5\n          print sys.version\n                  ^\n      SyntaxError: invalid syntax", "python2-only"),
    ("        File \"setup.py\", line 5\n      NameError: name 'unicode' is not defined", "python2-only"),
    ("        File \"setup.py\", line 5\n      ModuleNotFoundError: No module named 'urllib2'", "python2-only"),
    ("        File \"setup.py\", line 5\n      ModuleNotFoundError: No module named 'distutils'", "package-too-old-for-python"),
    ("        File \"setup.py\", line 5\n      ModuleNotFoundError: No module named 'imp'", "package-too-old-for-python"),
    ("        File \"setup.py\", line 5\n      AttributeError: module 'configparser' has no attribute 'SafeConfigParser'. Did you mean: 'RawConfigParser'?", "package-too-old-for-python"),
    ("        File \"setup.py\", line 5\n      ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/python3.10/collections/__init__.py)", "package-too-old-for-python"),
    ("        File \"setup.py\", line 5\n      AttributeError: module 'pkgutil' has no attribute 'ImpImporter'. Did you mean: 'zipimporter'?", "package-too-old-for-python"),
    ("        File \"setup.py\", line 5\n      AttributeError: install_layout. Did you mean: 'install_platlib'?", "setuptools-too-new"),
    ("      error in thing setup command: use_2to3 is invalid.", "python2-only"),
    ("        File \"setup.py\", line 5\n      ModuleNotFoundError: No module named 'pkg_resources'", "setuptools-too-new"),
    ("      setuptools.errors.InvalidConfigError: Invalid dash-separated key 'description-file' in 'metadata' (setup.cfg), please use the underscore name 'description_file' instead.", "setuptools-too-new"),
    ("        File \"setup.py\", line 5\n      AttributeError: module 'setuptools.dep_util' has no attribute 'newer_group'", "setuptools-too-new"),
    ("      usage: setup.py [global_opts] cmd1\n      error: invalid command 'bdist_wheel'", "build-dependency-undeclared"),
    ("        File \"setup.py\", line 5\n      RuntimeError: Python version >= 3.9 required.", "requires-python"),
    ("        File \"setup.py\", line 5\n      KeyError: 'VENDOR_HOME'", "setup-script-failed"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "codes"), BUILDS)
def test_what_a_build_says_is_the_cause(said: str, codes: str) -> None:
    text = IN_A_BUILD.format("\n".join(f"      {line}" for line in said.split("\n")))
    assert first_code(text) in codes.split("|")


TEXTS = [
    # virtualenv and venv.
    ("/opt/python/3.8/bin/python: No module named virtualenv", "virtualenv-missing"),
    ("/usr/bin/python2: No module named virtualenv.__main__; 'virtualenv' is a package and cannot be directly executed", "virtualenv-missing|virtualenv-incompatible"),
    ("/usr/bin/python3: No module named venv", "virtualenv-missing"),
    ("/usr/bin/python3: No module named pip", "pip-missing"),
    ("/usr/bin/python3: No module named ensurepip", "ensurepip-missing"),
    ("The virtual environment was not created successfully because ensurepip is not\navailable.  On Debian/Ubuntu systems, you need to install the python3-venv\npackage using the following command.\n\n    apt install python3.10-venv\n\nFailing command: /srv/env/bin/python3", "ensurepip-missing"),
    ("Traceback (most recent call last):\n  File \"/opt/python/3.12.1/lib/python3.12/site-packages/virtualenv.py\", line 25, in <module>\n    import distutils.spawn\nModuleNotFoundError: No module named 'distutils'", "virtualenv-incompatible"),
    ("Traceback (most recent call last):\n  File \"/srv/env/lib/python3.12/site-packages/pip/_vendor/__init__.py\", line 33, in vendored\n  File \"/srv/env/lib/python3.12/site-packages/pip/_vendor/pkg_resources/__init__.py\", line 2172, in <module>\n    register_finder(pkgutil.ImpImporter, find_on_path)\nAttributeError: module 'pkgutil' has no attribute 'ImpImporter'", "virtualenv-incompatible"),
    ("RuntimeError: No virtualenv implementation for PythonInfo(spec=CPython2.7.18.final.0-64, exe=/opt/python/2.7.18/bin/python)", "virtualenv-incompatible"),
    ("Traceback (most recent call last):\n  File \"/srv/env/lib/python3.6/site-packages/pip/__main__.py\", line 22, in <module>\n    from pip._internal.cli.main import main as _main\n  File \"/srv/env/lib/python3.6/site-packages/pip/_internal/cli/main.py\", line 2\n    from __future__ import annotations\n    ^\nSyntaxError: future feature annotations is not defined", "virtualenv-incompatible"),
    ("RuntimeError: failed to find interpreter for Builtin discover of python_spec='/opt/python/3.8.1/bin/python3'", "interpreter-missing"),
    ("/srv/env/bin/pip: /srv/old/env/bin/python3.8: bad interpreter: No such file or directory", "interpreter-missing"),
    ("bash: /opt/python/3.9.2/bin/python3: No such file or directory", "interpreter-missing"),
    ("exec: /opt/python/3.9.2/bin/python3: not found", "interpreter-missing"),
    ("fork/exec /opt/Python/3.7.1/bin/python3.7: no such file or directory", "interpreter-missing"),
    ("FileNotFoundError: [Errno 2] No such file or directory: '/opt/python/3.8.1/bin/python3.8'", "interpreter-missing"),
    ("Fatal Python error: init_fs_encoding: failed to get the Python codec of the filesystem encoding\nModuleNotFoundError: No module named 'encodings'", "interpreter-broken"),
    ("/opt/python/3.11/bin/python3: /lib64/libc.so.6: version `GLIBC_2.34' not found (required by /opt/python/3.11/bin/python3)", "interpreter-broken"),
    ("ModuleNotFoundError: No module named '_ctypes'", "stdlib-module-missing"),
    ("zipimport.ZipImportError: can't decompress data; zlib not available", "stdlib-module-missing"),
    ("pip is configured with locations that require TLS/SSL, however the ssl module in Python is not available.\nCould not find a version that satisfies the requirement six (from versions: )", "stdlib-module-missing"),
    # The server's own lines.
    ("pysteward: build cancelled by anna", "cancelled"),
    ("pysteward: time limit of 3600 seconds reached", "timeout"),
    ("pysteward: no installation matches 3.4.0", "no-python-match"),
    ("pysteward: Python is disabled in the settings", "python-disabled"),
    ("2021/03/04 10:11:12.123456789 Bundle requested Python version 3.4.0\nError: Unable to find a compatible version of Python for version 3.4.0", "no-python-match"),
    ("An error occurred while building the content: Build error: could not find a compatible Python version 3.12.2", "no-python-match"),
    ("2024/01/05 10:11:12.123 PM: The server is not configured with Python.", "python-disabled"),
    # The machine.
    ("Collecting six\nKilled", "out-of-memory"),
    ("Collecting six\nTask exited with status 137", "out-of-memory"),
    ("signal: killed\npip install exited with code 137", "out-of-memory"),
    ("ERROR: Could not install packages due to an EnvironmentError: [Errno 28] No space left on device", "disk-full"),
    ("OSError: [Errno 30] Read-only file system: '/srv/env'", "read-only-filesystem"),
    ("Could not install packages due to an EnvironmentError: [Errno 13] Permission denied: '/srv/env/lib/x'\nConsider using the `--user` option or check the permissions.", "permission-denied"),
    ("PermissionError: [Errno 13] Permission denied: '/srv/env'", "permission-denied"),
    ("error: failed to create directory `/srv/cache/uv`: Permission denied (os error 13)", "permission-denied"),
    ("Operation cancelled by user", "cancelled"),
    ("Collecting six\n^CERROR: Operation cancelled by user", "cancelled"),
    # Version control.
    ("fatal: could not read Username for 'https://git.example.org': terminal prompts disabled", "vcs-unreachable"),
    ("fatal: Authentication failed for 'https://git.example.org/x/y.git/'", "vcs-unreachable"),
    ("git@git.example.org: Permission denied (publickey).\nfatal: Could not read from remote repository.", "vcs-unreachable"),
    ("remote: Repository not found.\nfatal: repository 'https://git.example.org/x/y.git/' not found", "vcs-unreachable"),
    ("  Cannot find command 'git'", "git-missing"),
    ("error: pathspec 'v9.9' did not match any file(s) known to git", "vcs-unreachable"),
    ("error: Git executable not found. Ensure that Git is installed and available.", "git-missing"),
    # Requirements.
    ("ERROR: Double requirement given: six==1.15 (from -r requirements.txt (line 2)) (already in six==1.16 (from -r requirements.txt (line 1)), name='six')", "dependency-conflict"),
    ("Invalid requirement: 'six=1.16.0'\n= is not a valid operator. Did you mean == ?", "requirements-syntax"),
    ("ERROR: Invalid requirement: 'python=3.9=h1234_0' (from line 3 of requirements.txt)", "requirements-syntax"),
    ("Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'", "requirements-file-missing"),
    ("In --require-hashes mode, all requirements must have their versions pinned with ==. These do not:\n    six from https://files.index.example.org/six.whl", "hash-missing"),
    ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hash-mismatch"),
    # uv, as it drew its stories at first.
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because flask==3.0.0 depends on werkzeug>=3.0.0 and you require\n      flask==3.0.0, we can conclude that you require werkzeug>=3.0.0.\n      And because you require werkzeug==2.0.0, we can conclude that your\n      requirements are unsatisfiable.", "dependency-conflict"),
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because the current Python version (3.8.18) does not satisfy Python>=3.9\n      and pandas==2.2.3 depends on Python>=3.9, we can conclude that\n      pandas==2.2.3 cannot be used.\n      And because you require pandas==2.2.3, we can conclude that your\n      requirements are unsatisfiable.", "requires-python"),
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because there is no version of requests==99 and you require requests==99,\n      we can conclude that your requirements are unsatisfiable.", "version-not-found"),
    ("  × No solution found when resolving dependencies:\n  ╰─▶ Because nosuchthing was not found in the package registry and you require\n      nosuchthing, we can conclude that your requirements are unsatisfiable.\n\n      hint: An index URL (https://index.example.org/simple) could not be queried due to a lack of valid authentication credentials (401 Unauthorized).", "index-auth"),
    ("error: Failed to fetch: `https://index.example.org/simple/six/`\n  Caused by: Request failed after 3 retries\n  Caused by: error sending request for url (https://index.example.org/simple/six/)\n  Caused by: client error (Connect)\n  Caused by: dns error: failed to lookup address information: Name or service not known", "index-unreachable"),
    ("error: Failed to fetch: `https://index.example.org/simple/six/`\n  Caused by: client error (Connect)\n  Caused by: invalid peer certificate: UnknownIssuer", "tls-certificate"),
    # Wheels and downloads.
    ("ERROR: thing-1.0-cp39-cp39-macosx_11_0_arm64.whl is not a supported wheel on this platform.", "wheel-wrong-platform"),
    ("zipfile.BadZipFile: File is not a zip file", "wheel-broken|download-broken"),
    ("pip._vendor.urllib3.exceptions.ProtocolError: (\"Connection broken: IncompleteRead(1024 bytes read, 9 more expected)\", IncompleteRead(1024 bytes read, 9 more expected))", "download-broken"),
    ("ERROR: HTTP error 403 while getting https://index.example.org/x.whl", "index-auth"),
    # pip's resolvers.
    ("ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/", "dependency-conflict"),
    ("error: resolution-too-deep\n\n× Dependency resolution exceeded maximum depth", "dependency-conflict"),
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
