"""R content that uses Python: packages of R, reticulate, and the Python that it finds."""

from __future__ import annotations

import re
from typing import Final

from ..rule import Explanation, Layer, LineMatch, Rule, rule
from .speakers import Speaker, speaker_of

_SEND: Final = "Send that to the content's author; nothing on this server is wrong."


def _no_r_package(hit: LineMatch) -> Explanation:
    name = hit["package"].strip("‘’'\"“”`")
    return Explanation(
        "r-package-missing",
        f"The R package {name} is not installed for the R that runs this content.",
        f"Install it for that R, or let the server restore the content's packages (`Rscript -e 'install.packages(\"{name}\")'` as an administrator).",
        f"Load {name} with library({name}) in the content, so that its manifest lists it, and deploy again"
        + (
            "; content that uses Python from R needs reticulate there."
            if name == "reticulate"
            else "."
        ),
    )


def _authors_python(hit: LineMatch) -> Explanation:
    path = hit["path"].strip("'\"‘’`)(,")
    foreign = re.match(r"/Users/|[A-Za-z]:[\\/]|/home/|~|/opt/homebrew|/usr/local/Cellar", path)
    return Explanation(
        "reticulate-python",
        f"RETICULATE_PYTHON names {path or 'a Python'}, "
        + ("a path of the author's own machine" if foreign else "where no Python is")
        + ": reticulate takes no other one then.",
        "Take RETICULATE_PYTHON out of the content's variables; the server sets it to the content's own environment. If the server sets it itself (its configuration, Rprofile.site), correct it there.",
        "Remove RETICULATE_PYTHON, use_python() and use_virtualenv() from the content (.Rprofile, .Renviron, code), and deploy again.",
    )


def _no_python(hit: LineMatch) -> Explanation:
    what = hit["what"].strip("‘’'\"`")
    return Explanation(
        "reticulate-python",
        f"reticulate finds no Python that it may use{f' ({what})' if what else ''}: the content has no environment of its own, or names one that is not on this server.",
        "See that Python support is enabled on the server, and that RETICULATE_PYTHON in the content's variables, if any, names a Python that exists.",
        "Deploy with a requirements.txt and RETICULATE_PYTHON set at the time of deploying, so that the manifest names Python; take use_python(), use_virtualenv() and use_condaenv() out of the content.",
    )


_CONFIGURED: Final = re.compile(r"python: {1,12}(?P<path>(?:/|~|[A-Za-z]:)\S{1,300})")


def _no_shared_library(hit: LineMatch) -> Explanation:
    near = " ".join(line.body for line in (*hit.before(4), *hit.after(4)))
    named = _CONFIGURED.search(near)
    return Explanation(
        "interpreter-broken",
        f"reticulate cannot load {named['path'] if named else 'that Python'} into R: it was built without a shared library (libpython), or without the package that has it.",
        "Build that Python again with --enable-shared (`pysteward build-python` does), or name another installation.",
        "Deploy with another Python of this server.",
    )


def _another_python(hit: LineMatch) -> Explanation:
    return Explanation(
        "reticulate-python",
        f"Another Python than the content asks for is already loaded into R{f': {found}' if (found := hit['what']) else ''}.",
        "Take RETICULATE_PYTHON out of the content's variables, or let it name the content's own environment.",
        "Call use_python() or use_virtualenv() before anything uses Python, or better take them out of the content.",
    )


def _compile_r(hit: LineMatch) -> Explanation | None:
    name = hit["package"].strip("‘’'\"")
    return Explanation(
        "r-package-missing",
        f"The R package {name} could not be installed{f': {why}' if (why := hit['why']) else ''}.",
        "Read what its installation says before this line; system libraries that it lacks are the usual reason.",
        f"Deploy with a release of {name} that this server can install (its manifest names one).",
        layer=Layer.SYMPTOM,
    )


def _other_r_package(hit: LineMatch) -> Explanation:
    name = hit["package"].strip("‘’'\"")
    return Explanation(
        "r-package-missing",
        f"The R package {name} is wanted in release {hit['wanted']}, and {hit['have']} is installed or loaded.",
        "Install a newer release for the R that runs the content, or let the content bring its own packages (its manifest or renv.lock).",
        f"Deploy with {name} in a release that satisfies {hit['wanted']} (update it, then write the manifest again).",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("is required", "required by"),
        r"(?:namespace|package) (?P<package>[‘'\"“][\w.]{1,80}[’'\"”]) (?P<have>[\d.-]{1,20}) (?:is already loaded|is being loaded|was found|is loaded),? but (?P<wanted>[<>=]{1,2} ?[\d.-]{1,20}) is required",
        _other_r_package,
    ),
    rule(
        "occurred running ",
        r"Error \d{1,4} occurred running (?P<what>(?:/|~|[A-Za-z]:)\S{1,300}?python[\w.]{0,12})",
        _no_python,
    ),
    rule(
        (" no package called", "namespace '", "Required package"),
        r"there is no package called (?P<package>[‘'\"“]?[\w.]{1,80})",
        _no_r_package,
    ),
    rule(
        "RETICULATE_PYTHON",
        r"(?:RETICULATE_PYTHON\b.{0,40}?[(=:'\"‘ ](?P<path>(?:/|~|[A-Za-z]:[\\/])[^\s)'\"’,]{1,300})).{0,80}?(?:does not exist|not found|no such|is not|invalid|cannot)|"
        r"(?:[Pp]ython specified in|[Ii]nvalid|value of|by) RETICULATE_PYTHON[^/~]{0,40}(?P<path2>(?:/|~|[A-Za-z]:[\\/])[^\s)'\"’,]{1,300})",
        _authors_python,
    ),
    rule(
        ("Python", "python", "irtual environment", "onda"),
        r"(?:^|: )(?:Python specified by|The specified Python|Specified Python|[Uu]nable to locate (?:specified )?Python|Unable to find (?:conda binary|Python)|(?:Directory|Specified version of python) '?(?P<what4>[^' ]{1,200})'? (?:is not a Python virtualenv|does not exist)|"
        r"Installation of Python not found|Python bindings not loaded|Python .{1,200} was not found|[Nn]o (?:installation|version) of [Pp]ython .{0,60}found|No non-system installation of Python could be found|Virtual environment '(?P<what>[^']{1,200})' (?:not found|does not exist)|Unable to locate (?:conda|Python) environment '(?P<what2>[^']{1,200})')",
        lambda hit: _no_python(hit) if speaker_of(hit) is not Speaker.BUILD else None,
    ),
    rule(
        ("shared library", "Python shared library"),
        r"Python shared library (?:not found|'[^']{0,200}' could not be found)|was not built with (?:a )?shared librar(?:y|ies)",
        _no_shared_library,
    ),
    rule(
        (
            "was requested but",
            "already initialized",
            "already been initialized",
            "failed to initialize requested version of Python",
        ),
        r"(?P<what>The requested version of Python .{0,200}cannot be used|.{0,100}was requested but .{0,200} (?:was loaded|is already)).{0,100}|failed to initialize requested version of Python",
        _another_python,
    ),
    rule(
        ("installation of package", "ERROR: dependenc", "Unable to fully restore"),
        r"installation of package (?P<package>[‘'][\w.]{1,80}[’']) had non-zero exit|ERROR: dependenc(?:y|ies) .{1,200} (?:is|are) not available for package (?P<package2>[‘'][\w.]{1,80}[’'])",
        _compile_r,
        Layer.SYMPTOM,
    ),
)
