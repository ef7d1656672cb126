"""What the rules on builds share: the package, the Python, whether a package is built at all."""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..facts import build_constraint, package_of, python_of
from ..log_lines import Line
from ..rule import Explanation, LineMatch

WHEELS: Final = "or avoid building: a version of the package that has a wheel for this Python needs no compiler."
AUTHOR_WHEEL: Final = "Pin a version of the package that has a wheel for this Python, so that nothing needs to be compiled."

# Configure scripts compile small programs to see what there is; that some fail is their purpose.
_TRIALS: Final = re.compile(
    r"conftest|_configtest|CMakeTmp|CMakeScratch|cmTC_|testfile\.c|sanitycheck|CheckFunction|feature_test"
)


def built(hit: LineMatch, otherwise: str = "A package") -> str:
    """The package that is built where a rule hit, to begin a sentence with."""
    name = package_of(hit) or otherwise
    if (outer := _built_for(hit)) and normalize(outer) != normalize(name.split(" ")[0]):
        return f"{name}, which {outer} is built with,"
    inner = _fetched_by_script(hit)
    if not inner or normalize(inner) in normalize(name):
        return name
    return f"{inner}, which the build script of {name} installs,"


_FOR_A_BUILD: Final = "pip subprocess to install build dependencies did not run"
_COLLECTED: Final = re.compile(r"Collecting (?P<name>[A-Za-z][\w.-]{0,80})")


def _built_for(hit: LineMatch) -> str:
    """The package whose build dependencies are installed where a rule hit; pip quotes that below."""
    within = False
    for count, line in enumerate(hit.log.back_from(hit.index)):
        if count > 400:
            break
        if _FOR_A_BUILD in line.body:
            within = True
        elif within and (found := _COLLECTED.match(line.body)):
            return found["name"]
    return ""


_BY_SCRIPT: Final = re.compile(
    r"['\"\s]wheel['\"]?,? ['\"]?--no-deps['\"]?,? .{0,300}?['\"\s](?P<name>[A-Za-z][\w.-]{0,80})(?:[<>=!~][^'\"\]\s]{0,40})?['\"]?(?:\]|$|['\"]? (?:returned|failed|died))"
)


def _fetched_by_script(hit: LineMatch) -> str:
    """What a setup.py had pip build for itself (setup_requires), where that is what failed."""
    for line in hit.after(40):
        if "--no-deps" in line.body and (found := _BY_SCRIPT.search(line.body, 0, 2000)):
            return found["name"]
        if line.body.startswith(("Collecting ", "ERROR: Failed building", "Building wheel for")):
            break
    return ""


def is_trial(hit: LineMatch) -> bool:
    """Whether the line is a configure script's trial and no failure."""
    return bool(_TRIALS.search(hit.line.body)) or any(
        _TRIALS.search(line.body, 0, 2000) for line in hit.before(2)
    )


def this_python(hit: LineMatch) -> str:
    """The Python in use, with its version where anything tells it."""
    version = python_of(hit.case)
    return f"Python {version}" if version else "this Python"


def that_python(hit: LineMatch) -> str:
    """The Python in use, to end "this is …" with: its version, or that it is another one."""
    version = python_of(hit.case)
    return f"Python {version}" if version else "another"


def as_it_is(hit: LineMatch) -> str:
    """The Python in use, to end a sentence with; nothing where no line tells which it is."""
    version = python_of(hit.case)
    return f"; this is Python {version}" if version else ""


def setuptools_too_new(hit: LineMatch, what: str = "pkg_resources") -> Explanation:
    """The explanation of what newer setuptools no longer have."""
    return Explanation(
        "setuptools-too-new",
        f"{built(hit)} needs {what} while it is built, which the newest setuptools no longer has.",
        f"Let builds use an older setuptools: {build_constraint(hit.case, 'setuptools<81')}; better, have the author pin a newer release of the package.",
        "Pin a newer release of the package, one that does without it or has a wheel.",
    )


_BUILD_FILES: Final = re.compile(
    r"<string>|setup\.py|build_meta|_in_process|/pip-install-|/pip-build-|/pip-req-build-|sdists-v|/builds-v|"
    r"pyproject_(?:hooks|api|buildrequires)|/poetry/core/|/flit_core/|/hatchling/|/mesonpy/|/scikit_build_core/"
)


_BUILD_OUTPUT: Final = re.compile(
    r"lines of output\]|errored out with exit status|Complete output(?! from command \S{1,300} - setuptools)|setup\.py egg_info|"
    r"did not run successfully|^\[stderr\]|^running (?:egg_info|bdist_wheel|build)|build backend returned|^--- std(?:out|err):|[Bb]uild backend failed|Cannot import build backend"
)


def in_build(hit: LineMatch) -> bool:
    """Whether a traceback is that of a package being built, not of pip itself or of content."""
    before = hit.before(40)
    for at in range(len(before) - 1, -1, -1):
        body = before[at].body
        if body.startswith('File "') and _BUILD_FILES.search(body, 0, 1000):
            return True
        if body.startswith("Traceback ("):
            if any(line.body.startswith('File "') for line in before[at:]):
                return _quoted_output(before[:at])
            break
    return _quoted_output((*before, *hit.after(12))) or any(
        line.body.startswith("ERROR: Failed building wheel") for line in hit.after(2)
    )


def _quoted_output(lines: tuple[Line, ...]) -> bool:
    return any(_BUILD_OUTPUT.search(line.body, 0, 1000) for line in lines)
