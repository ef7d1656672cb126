"""What a build script relies on that this Python, or setuptools, no longer or not yet has."""

from __future__ import annotations

import re
from typing import Final

from ..facts import build_constraint, pip_of, python_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .removed_modules import (
    ADDED,
    GONE_FROM_PYTHON,
    GONE_FROM_SETUPTOOLS,
    PYTHON2_ATTRIBUTES,
    PYTHON2_IMPORTS,
    PYTHON2_MODULES,
    PYTHON2_NAMES,
    REMOVED,
    REMOVED_NAMES,
    SIBLINGS,
)
from .shared import (
    as_it_is,
    built,
    in_build,
    setuptools_too_new,
    that_python,
    this_python,
)
from .speakers import Speaker, speaker_of

_PIN_RELEASE: Final = (
    "Have the author pin a newer release of the package; as a stopgap, an older Python builds it."
)


def _is_python2_run(hit: LineMatch) -> bool:
    return (python_of(hit.case) or "").startswith("2.")


def _is_older(hit: LineMatch, than: tuple[int, int]) -> bool:
    found = re.match(r"(\d)\.(\d{1,2})", python_of(hit.case) or "")
    return found is not None and (int(found[1]), int(found[2])) < than


def _from_within(hit: LineMatch) -> bool:
    """Whether a module of the package itself, not its setup script, imports what is missing."""
    frames = [line.body for line in hit.before(6) if line.body.startswith('File "')]
    return bool(frames) and not re.search(r'setup\.py"|<string>|site-packages', frames[-1])


def _too_old(hit: LineMatch, what: str) -> Explanation:
    return Explanation(
        "package-too-old-for-python",
        f"{built(hit)} relies on {what}.",
        _PIN_RELEASE,
        f"Pin a release of the package that supports {this_python(hit)}, or deploy with an older Python.",
    )


def _no_module(hit: LineMatch) -> Explanation | None:
    module = hit["module"]
    top = module.split(".")[0]
    if not in_build(hit):
        return None
    if top == "distutils" and _is_virtualenv(hit):
        return None
    if (since := ADDED.get(module)) and _is_older(hit, since):
        return Explanation(
            "requires-python",
            f"{built(hit)} imports {module} while it is built, which Python {since[0]}.{since[1]} brought{as_it_is(hit)}.",
            "Add a newer installation, or have the author pin a release (of this package, or of what it is built with) that supports this Python.",
            f"Deploy with a newer Python, or pin a release that supports {this_python(hit)}.",
        )
    if top in SIBLINGS and not _is_python2_run(hit) and _from_within(hit):
        return Explanation(
            "python2-only",
            f"The source of {built(hit, 'a package')} imports its own module {module} as only Python 2 finds it{as_it_is(hit)}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if top in PYTHON2_MODULES and not _is_python2_run(hit):
        return Explanation(
            "python2-only",
            f"The build script of {built(hit, 'a package')} imports {module}, which only Python 2 has{as_it_is(hit)}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if module.startswith("distutils.") and _is_older(hit, (3, 12)):  # that of setuptools
        return setuptools_too_new(hit, module)
    if top in REMOVED:
        return _too_old(
            hit,
            f"the standard module {module}, which Python {REMOVED[top]} removed{as_it_is(hit)}",
        )
    if top == "pkg_resources":
        return setuptools_too_new(hit)
    if top == "setuptools":
        if module == "setuptools":
            return Explanation(
                "build-dependency-undeclared",
                f"{built(hit)} needs setuptools while it is built, and the environment has none.",
                "Let environments be created with setuptools, or use a pip that provides it for builds (19 or newer).",
                "Pin a newer release of the package, or put setuptools first into requirements.txt.",
            )
        return setuptools_too_new(hit, module)
    if top in (
        "_ctypes",
        "_ssl",
        "zlib",
        "_bz2",
        "_lzma",
        "_sqlite3",
        "_tkinter",
        "_curses",
        "_hashlib",
        "_uuid",
        "_decimal",
        "readline",
        "_dbm",
        "_gdbm",
        "pyexpat",
        "_posixsubprocess",
        "_struct",
        "_socket",
        "math",
        "_datetime",
        "_elementtree",
    ):
        return None  # rules/interpreters.py
    pip = pip_of(hit.case) or ""
    if top in _DECLARED_ONLY and (pip.startswith("9.") or _in_directory_of_pip_9(hit)):
        return Explanation(
            "pip-too-old",
            f"{built(hit)} declares in pyproject.toml that it is built with {top}, which pip {pip or 9} is too old to read.",
            "Upgrade pip in the installation (`python -m pip install --upgrade pip`), or have the author pin a release that has a wheel.",
            "Pin a release of the package that has a wheel this pip accepts.",
        )
    return Explanation(
        "build-dependency-undeclared",
        f"{built(hit)} imports {module} while it is built and does not declare that it needs it.",
        f"Builds are isolated, so installing {top} in the environment does not help. Have the author pin a release that "
        "declares it or has a wheel; a wheel built once by hand (`pip wheel --no-build-isolation`) on an internal index also serves.",
        f"Pin a release of the package that has a wheel for {this_python(hit)}, or one that declares {top} in pyproject.toml.",
    )


# Packages build with these only by way of pyproject.toml.
_DECLARED_ONLY: Final = frozenset(
    {
        "setuptools_rust",
        "poetry",
        "flit_core",
        "flit",
        "hatchling",
        "mesonpy",
        "maturin",
        "pdm",
        "scikit_build_core",
    }
)


def _in_directory_of_pip_9(hit: LineMatch) -> bool:
    """pip 9 builds in /tmp/pip-build-…; newer ones, which read pyproject.toml, in /tmp/pip-install-…."""
    return any("/pip-build-" in line.body for line in (*hit.before(20), *hit.after(30)))


def _is_virtualenv(hit: LineMatch) -> bool:
    return any("virtualenv" in line.body for line in hit.before(12))


def _syntax_error(hit: LineMatch) -> Explanation | None:
    if speaker_of(hit) in (Speaker.CONTENT, Speaker.SERVER):
        return None  # rules/serving.py
    near = "\n".join(line.body for line in hit.before(14))
    if "_virtualenv.p" in near or (
        not in_build(hit) and re.search(r"/virtualenv/|/site-packages/pip/", near)
    ):
        return None  # rules/interpreters.py
    text = "\n".join(line.body for line in (*hit.before(4), hit.line))
    python2 = (
        "Missing parentheses in call to" in text
        or "multiple exception types must be parenthesized" in text
        or re.search(r"^\s*print\s+[^\s(=]", text, re.MULTILINE)
        or re.search(r"^\s*print\s*[\"'%]", text, re.MULTILINE)
        or re.search(r"^\s*except [\w.()\s,]{1,80}, ?\w{1,30}\s?:", text, re.MULTILINE)
        or re.search(r"^\s*raise [\w.]{1,60}, ", text, re.MULTILINE)
        or re.search(r"^\s*exec\s+[\"'\w]", text, re.MULTILINE)
        or "leading zeros in decimal integer literals" in text
        or "invalid token" in text
        or re.search(r"`[\w.]{1,40}`|<>|\b0\d{2,5}\b|\bur['\"]", text)
        or ("inconsistent use of tabs" in text)
    )
    package = built(hit, "a package")
    if _is_python2_run(hit):
        return Explanation(
            "requires-python",
            f"The source of {package} is for Python 3, and this is {that_python(hit)}: {hit['what'][:120].rstrip('.')}.",
            "Have the author pin the last release that supports Python 2, or deploy with Python 3.",
            "Pin the last release that supports Python 2, or deploy with Python 3.",
        )
    if python2:
        return Explanation(
            "python2-only",
            f"The source of {package} is written for Python 2, and this is {that_python(hit)}: {hit['what'][:120].rstrip('.')}.",
            "Nothing on this server cures that: have the author replace the package or pin a release for Python 3.",
            "Replace the package, or pin a release that supports Python 3.",
        )
    version = python_of(hit.case)
    if _newer_syntax(text):
        return Explanation(
            "requires-python",
            f"The source of {package} uses syntax of a newer Python than {version or 'the one in use'}: {hit['what'][:120].rstrip('.')}.",
            "Add a newer installation, or have the author pin a release that supports this Python.",
            f"Pin a release that supports {this_python(hit)}, or deploy with a newer Python.",
        )
    return Explanation(
        "setup-script-failed",
        f"The build script of {package} is not valid for {this_python(hit)}: {hit['what'][:120].rstrip('.')}.",
        "Have the author pin another release of the package.",
        f"Pin a release of the package that supports {this_python(hit)}.",
        layer=Layer.SYMPTOM,
    )


def _newer_syntax(text: str) -> bool:
    return bool(
        re.search(
            r":=|^\s*match .{1,80}:\s*$|\bf['\"]|^\s*async def|^\s*[\w.]{1,60}: [\w\[\], .|]{1,60} =|def \w{1,60}\(.{0,200}(?:\*, |/, )|-> ",
            text,
            re.MULTILINE,
        )
        or "from __future__ import annotations" in text
        or "future feature annotations is not defined" in text
    )


def _name_error(hit: LineMatch) -> Explanation | None:
    if _is_python2_run(hit):
        return None
    return Explanation(
        "python2-only",
        f"The build script of {built(hit, 'a package')} uses {hit['name']}, which only Python 2 has{as_it_is(hit)}.",
        _PIN_RELEASE,
        "Replace the package, or pin a release that supports Python 3.",
    )


def _attribute_error(hit: LineMatch) -> Explanation | None:
    text = hit["what"]
    if _is_virtualenv(hit):
        return None
    if PYTHON2_ATTRIBUTES.search(text):
        return Explanation(
            "python2-only",
            f"The source of {built(hit, 'a package')} is written for Python 2, and this is {that_python(hit)}: {text[:150]}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if "module 'setuptools' has no attribute 'setup'" in text:
        return Explanation(
            "setup-script-failed",
            f"What {built(hit, 'a package')} imports as setuptools while it is built is none: an empty directory or another module of that name.",
            "Install setuptools anew where builds see it (`python -m pip install --force-reinstall setuptools`); "
            "`python -c 'import setuptools; print(setuptools.__path__)'` shows the directory that stands in its way.",
            "Pin a release of the package that has a wheel.",
        )
    if GONE_FROM_PYTHON.search(text):
        return _too_old(hit, f"something that {this_python(hit)} no longer has ({text[:150]})")
    if GONE_FROM_SETUPTOOLS.search(text):
        return setuptools_too_new(hit, f"something that setuptools dropped ({text[:120]})")
    return None


def _import_error(hit: LineMatch) -> Explanation | None:
    name, module = hit["name"], hit["module"]
    if _is_virtualenv(hit):
        return None
    top = module.split(".")[0]
    if name in REMOVED_NAMES.get(module, "").split():
        return _too_old(
            hit, f"{name} of the standard module {module}, which {this_python(hit)} no longer has"
        )
    if (
        top in ("itertools", "string", "types", "urllib", "os", "sys")
        and not _is_python2_run(hit)
        and name in PYTHON2_IMPORTS
    ):
        if name == "NoneType":
            return None
        return Explanation(
            "python2-only",
            f"The build script of {built(hit, 'a package')} imports {name} from {module}, which only Python 2 has{as_it_is(hit)}.",
            _PIN_RELEASE,
            "Replace the package, or pin a release that supports Python 3.",
        )
    if top in ("setuptools", "pkg_resources") and in_build(hit):
        return setuptools_too_new(hit, f"{name} of {module}")
    if top == "distutils" and in_build(hit):
        if "setuptools/_distutils" in hit.line.body and _is_older(hit, (3, 12)):
            return setuptools_too_new(hit, f"{name} of {module}")
        return _too_old(hit, f"{name} of {module}, which this Python no longer has")
    return None


def _use_2to3(hit: LineMatch) -> Explanation:
    named = re.search(r"error in ([\w.-]{1,100}) setup command", hit.line.body)
    return Explanation(
        "python2-only",
        f"{built(hit, named[1] if named else 'A package')} is written for Python 2 and has itself translated by 2to3 (use_2to3), which setuptools 58 and newer refuse.",
        f"Have the author pin a newer release; as a stopgap, {build_constraint(hit.case, 'setuptools<58')}.",
        "Pin a newer release of the package, one written for Python 3.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "name 'CCompiler' is not defined",
        r"NameError: name 'CCompiler' is not defined",
        lambda hit: setuptools_too_new(
            hit, "the old insides of distutils, through numpy.distutils,"
        ),
    ),
    rule(
        ("No module named ",),
        r"(?:ModuleNotFoundError|ImportError): No module named '?(?P<module>[\w.]{1,150})'?",
        _no_module,
    ),
    rule(
        ("SyntaxError", "IndentationError", "TabError"),
        r"^(?:\S{0,60}\.)?(?:SyntaxError|IndentationError|TabError): (?P<what>.{1,300})",
        _syntax_error,
    ),
    rule(
        "NameError",
        rf"NameError: (?:global )?name '(?P<name>{PYTHON2_NAMES})' is not defined",
        _name_error,
    ),
    rule("AttributeError", r"AttributeError: (?P<what>.{1,300})", _attribute_error),
    rule(
        "cannot import name",
        r"ImportError: cannot import name '?(?P<name>\w{1,100})'? from (?:partially initialized module )?'(?P<module>[\w.]{1,100})'",
        _import_error,
    ),
    rule(
        ("use_2to3",),
        r"use_2to3 is invalid",
        _use_2to3,
    ),
)
