"""Environments: virtualenv and venv, the pip that they put in, packages that stand before Python's own modules."""

from __future__ import annotations

import re
from typing import Final

from ..facts import python_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .interpreters import does_not_start, this_interpreter
from .shared import in_build


def _no_virtualenv(hit: LineMatch) -> Explanation:
    who = (hit["who"] or "").rstrip(":") or "The installation"
    return Explanation(
        "virtualenv-missing",
        f"{who} has no virtualenv, with which environments are created.",
        f'Install it there: `{"PYTHON" if who.startswith("The ") else who} -m pip install virtualenv`, in a release that supports that Python; or do without: `environment-creator = "venv"`.',
    )


def _no_ensurepip(hit: LineMatch) -> Explanation | None:
    python = python_of(hit.case)
    short = ".".join(python.split(".")[:2]) if python else "3"
    return Explanation(
        "ensurepip-missing",
        f"{this_interpreter(hit)} cannot put pip into an environment: its module ensurepip is missing or fails.",
        f"Debian/Ubuntu: `apt install python{short}-venv`; SUSE and RHEL: install the full python3 package; built from source: build it again "
        "with --with-ensurepip. Or use virtualenv, which brings its own pip.",
    )


_VIRTUALENV_RELEASES: Final = "2.7 and 3.5: virtualenv below 20.22; 3.6: below 20.22; 3.7: below 20.27; 3.12 and newer: 20.24 or newer"


def _virtualenv_unfit(hit: LineMatch) -> Explanation:
    return Explanation(
        "virtualenv-incompatible",
        f"The virtualenv in use cannot make a working environment for {this_interpreter(hit, 'that Python')}: {hit.line.body[:200].rstrip('.')}.",
        f"Install a virtualenv release into that installation that supports its Python ({_VIRTUALENV_RELEASES}).",
    )


def _virtualenv_import(hit: LineMatch) -> Explanation | None:
    """A module that this Python lost, missed by an old virtualenv or by the old pip it put in."""
    around = (*hit.before(14), *hit.after(8))
    if in_build(hit) or not any(
        "virtualenv" in line.body or "/_vendor/" in line.body for line in around
    ):
        return None
    if any(
        "_in_process" in line.body
        or "build_meta" in line.body
        or "lines of output" in line.body
        or "setup.py" in line.body
        for line in around
    ):
        return None
    return _virtualenv_unfit(hit)


def _only_with_pip(hit: LineMatch) -> Explanation | None:
    """pip itself fails on this Python: an environment with a pip too old or too new for it."""
    text = "\n".join(line.body for line in (*hit.before(14), hit.line))
    if not re.search(r"/pip/|_virtualenv\.p|/virtualenv/", text):
        return None
    by_virtualenv = "_virtualenv.p" in text  # what it puts into every environment
    if not by_virtualenv and not any("irtual" in line.body for line in hit.log.lines):
        return None  # rules/pip_itself.py
    if not by_virtualenv and (in_build(hit) or "setup.py" in text or "_in_process" in text):
        return None
    return _virtualenv_unfit(hit)


def _failed_query(hit: LineMatch) -> Explanation | None:
    """virtualenv runs a script of its own in that Python to learn what it is."""
    error = hit["error"]
    if "libpython" in error or "encodings" in error:
        return None  # rules on those words know better
    if "py_info.py" not in error:
        return does_not_start(hit)
    version = re.search(r"/python-?([23]\.\d{1,2}\.\d{1,2})/", hit["path"], re.IGNORECASE)
    what = f"Python {version[1]}" if version else hit["path"]
    return Explanation(
        "virtualenv-incompatible",
        f"The virtualenv in use cannot make a working environment for {what}: its own script does not run there.",
        f"Install a virtualenv release into that installation that supports its Python ({_VIRTUALENV_RELEASES}).",
    )


def _virtualenv_raised(hit: LineMatch) -> Explanation | None:
    """An error in virtualenv's own lines, or in those of the pip that it carries with it."""
    calls = [line.body for line in hit.before(6) if line.body.startswith('File "')]
    if not calls or not re.search(r"/virtualenv\.py\"|/virtualenv_support/", calls[-1]):
        return None
    return _virtualenv_unfit(hit)


def _virtualenv_without_pip(hit: LineMatch) -> Explanation:
    """Old ones run pip in the new environment, and quote it before they give up."""
    quoted: list[str] = []
    for line in hit.before(40):
        if line.body.startswith("Complete output from command"):
            quoted = []
        elif line.body.startswith("-----"):
            break
        else:
            quoted.append(line.body)
    why = next((body.strip() for body in reversed(quoted) if body.strip()), "")
    return Explanation(
        "virtualenv-incompatible",
        f"The virtualenv in use cannot put pip and setuptools into an environment of {this_interpreter(hit, 'that Python')}{f': {why[:200]}' if why else ''}.",
        f"Install a virtualenv release into that installation that supports its Python ({_VIRTUALENV_RELEASES}); one that is old fetches the newest setuptools, which need not fit.",
    )


# Packages for Pythons that had no such module yet; a newer Python finds them before its own.
_BACKPORTS: Final = {
    "enum": "enum34",
    "Callable": "typing",
    "typing": "dataclasses",
    "collections": "pathlib",
}


def _backport(hit: LineMatch) -> Explanation:
    package = _BACKPORTS[hit["module"]]
    return Explanation(
        "package-too-old-for-python",
        f"The package {package} is installed, which is for older Pythons only, and stands before {this_interpreter(hit, 'this Python')}'s own module of that name: {hit.line.body[:150]}.",
        f"Have the author take {package} out of the requirements; if it is in the installation itself, `python -m pip uninstall {package}` there.",
        f'Remove {package} from requirements.txt, or mark it: `{package}; python_version < "3.4"`; if another package brings it in, pin a newer release of that one.',
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        (
            "module 'enum' has no attribute",
            "has no attribute '_abc_registry'",
            "has no attribute '_ClassVar'",
        ),
        r"AttributeError: (?:module|type object) '(?P<module>enum|Callable|typing)' has no attribute '(?:IntFlag|IntEnum|Flag|global_enum|_simple_enum|StrEnum|property|_abc_registry|_ClassVar)'",
        _backport,
    ),
    rule(
        "cannot import name 'Sequence' from 'collections'",  # site-packages/pathlib.py
        r"cannot import name 'Sequence' from '(?P<module>collections)'",
        lambda hit: (
            _backport(hit)
            if any("/site-packages/pathlib.py" in line.body for line in hit.before(4))
            else None
        ),
    ),
    rule(
        ("AttributeError: ", "ImportError: ", "ModuleNotFoundError: ", "TypeError: ", "KeyError: "),
        r"^(?:Attribute|Import|ModuleNotFound|Type|Key)Error: ",
        _virtualenv_raised,
    ),
    rule(
        "InvalidVersion: Invalid version: '",
        r"InvalidVersion: Invalid version: '(?P<version>[^']{1,100})' \(package: (?P<package>[\w.-]{1,100})\)",
        lambda hit: Explanation(
            "setuptools-too-new",
            f"{hit['package']}, which is installed here, has the version {hit['version']}, which is none by PEP 440: setuptools 66 and newer stop at it.",
            f"Bring {hit['package']} up to date or remove it from the installation, or keep setuptools below 66 there.",
            'Put "setuptools<66" first into requirements.txt, or do without an environment that sees the system\'s packages.',
        ),
    ),
    rule(
        "is unavailable. apt install",  # Debian's and Ubuntu's virtualenv
        r"Wheel for (?P<what>[\w.-]{1,60}) for Python (?P<python>[\d.]{1,8}) is unavailable\. apt install (?P<package>[\w.+-]{1,80})",
        lambda hit: Explanation(
            "ensurepip-missing",
            f"The distribution's virtualenv has no {hit['what']} to put into environments of Python {hit['python']}: its package {hit['package']} is not installed.",
            f"`apt install {hit['package']}`, or use a virtualenv from the index, which brings its own.",
        ),
    ),
    rule(
        "OSError: Command ",
        r"^OSError: Command .{0,600} setuptools pip(?: wheel)? failed with error code",
        _virtualenv_without_pip,
        Layer.SYMPTOM,
    ),
    rule(
        ("No module named", "Tools for managing Python virtual environments"),
        r"Tools for managing Python virtual environments are not installed|(?P<who>/\S{1,300}:)? ?No module named '?(?:virtualenv|venv)(?:\.__main__)?'?;?(?:\s|$)",
        _no_virtualenv,
    ),
    rule(
        ("ensurepip",),
        r"ensurepip.{0,200}returned non-zero exit status|No module named '?ensurepip|ensurepip is not\s?(?:available|$)|[Ee]nsurepip.{0,60}(?:disabled|not available)|virtual environment was not created successfully because ensurepip",
        _no_ensurepip,
    ),
    rule(
        (
            "_UnsupportedInterpreterError",
            "older than the minimum",
            "python-discovery can query",
            "No virtualenv implementation for",
            "unsupported python",
            "failed to find compatible creator",
            "No embedded wheel",
            "not supported by virtualenv",
            "failed to build image",
            "no longer ships pip",
        ),
        r"no longer ships pip|_?UnsupportedInterpreterError|older than the minimum .{0,60}|No virtualenv implementation for|This version of virtualenv .{0,60}|no (?:suitable )?creator|failed to build image (?P<what>.{1,100}) because",
        _virtualenv_unfit,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "ImpImporter",
            "No module named 'distutils'",
            "No module named 'imp'",
            "No module named distutils",
            "No module named 'distutils.",
            "has no attribute 'find_module'",
            "cannot import name 'Mapping'",
            "cannot import name 'MutableMapping'",
            "has no attribute 'MutableMapping'",
            "cannot import name 'HTMLParser'",
            "No module named 'pkg_resources.extern'",
            "No module named '_markupbase'",
            "No module named 'pip._vendor",
            "cannot import name main",
            "cannot import name 'main'",
            "has no attribute '_",
        ),
        r"no attribute 'ImpImporter'|No module named '?(?:distutils|imp)\b|'find_module'|cannot import name '(?:Mutable)?Mapping'|attribute 'MutableMapping'|cannot import name 'HTMLParser'|No module named 'pip\._vendor\.|cannot import name '?main\b",
        _virtualenv_import,
    ),
    rule(
        "failed to query ",
        r"failed to query (?P<path>/\S{1,300}) with code -?\d{1,4}(?P<error>.{0,3000})",
        _failed_query,
    ),
    rule(
        "No module named 'dataclasses'",
        r"^ModuleNotFoundError: No module named 'dataclasses'",
        _only_with_pip,
    ),
    rule(
        ("SyntaxError", "future feature annotations"),
        r"^SyntaxError: .{1,200}",
        _only_with_pip,
    ),
)
