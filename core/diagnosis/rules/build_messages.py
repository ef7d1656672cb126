"""What build scripts say in sentences of their own before they give up.

They look for a Python, a compiler or a package themselves, and then tell a person, not a program.
"""

from __future__ import annotations

import re
from typing import Final

from ..facts import build_constraint, python_of
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .programs import compiler_missing
from .shared import (
    AUTHOR_WHEEL,
    built,
    in_build,
    setuptools_too_new,
    that_python,
    this_python,
)


def _script_requires(hit: LineMatch) -> Explanation:
    """A build script that looks at the version itself, in words of its own."""
    version = python_of(hit.case)
    python = version or "in use"
    return Explanation(
        "requires-python",
        f"The package's build script refuses {f'Python {version}' if version else 'this Python'}: it wants Python {hit['needs']}.",
        "Add an installation of a Python that the release supports, or have the author pin another version of the package.",
        f"Pin a version of the package that supports Python {python}, or deploy with another Python.",
    )


def _python2_words(hit: LineMatch) -> Explanation | None:
    if (python_of(hit.case) or "3").startswith("2"):
        return None
    return Explanation(
        "python2-only",
        f"{built(hit)} is for Python 2 only, as its build script says, and this is {that_python(hit)}: {hit.line.body[:160].rstrip('.')}.",
        "Have the author remove or replace the package; what it brought to Python 2, Python 3 often has itself.",
        "Remove the package from requirements.txt, or replace it by one for Python 3.",
    )


def _module_in_words(hit: LineMatch) -> Explanation | None:
    module = hit["module"]
    if not in_build(hit):
        return None
    return Explanation(
        "build-dependency-undeclared",
        f"{built(hit)} wants {module} to be there before it is built, as its build script says, and does not declare that.",
        "Builds are isolated, so installing it in the environment does not help. Have the author pin a release that declares it or has a "
        "wheel; a wheel built once by hand (`pip wheel --no-build-isolation`) on an internal index also serves.",
        f"Pin a release of the package that has a wheel for {this_python(hit)}, or one that declares {module} in pyproject.toml.",
    )


def _dropped_argument(hit: LineMatch) -> Explanation | None:
    return setuptools_too_new(hit, f"the argument {hit['what']}") if in_build(hit) else None


def _mixed_setuptools(hit: LineMatch) -> Explanation:
    """setuptools 71 and newer take an installed packaging before their own, and need a new one."""
    return Explanation(
        "setuptools-too-new",
        f"The setuptools that builds {built(hit, 'a package')} is newer than the package packaging beside it: {hit.line.body[:150].rstrip('.')}.",
        "Upgrade packaging in the environment or installation that builds see (22 or newer), or let builds use setuptools<71.",
        "Put packaging>=22 into requirements.txt, or pin a release of the package that has a wheel.",
    )


def _dropped_by_cython(hit: LineMatch) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"The build script of {built(hit, 'a package')} is written for Cython 0.29 and fails with Cython 3: {hit.line.body[:150].rstrip('.')}.",
        f"Have the author pin a newer release; as a stopgap, {build_constraint(hit.case, 'cython<3')}.",
        AUTHOR_WHEEL,
    )


def _version_by_exec(hit: LineMatch) -> Explanation | None:
    """Scripts that exec a file and look into locals(): Python 3.13 (PEP 667) broke them."""
    version = re.match(r"3\.(\d{1,2})", python_of(hit.case) or "")
    if version is None or int(version[1]) < 13 or not in_build(hit):
        return None
    return Explanation(
        "package-too-old-for-python",
        f"The build script of {built(hit, 'a package')} relies on how exec() and locals() worked before Python 3.13 (KeyError: {hit['what']}).",
        "Have the author pin a newer release of the package; as a stopgap, an older Python builds it.",
        f"Pin a release of the package that supports {this_python(hit)}, or deploy with an older Python.",
    )


def _version_of_git(hit: LineMatch) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"{built(hit)} reads its own version from git (setuptools-scm), and what was fetched of it has no git history.",
        "Have the author pin a release of the index, or a git address (`git+https://…@TAG`) in place of an archive of the repository; "
        "as a stopgap, SETUPTOOLS_SCM_PRETEND_VERSION in build-environment.",
        "Pin a release of the index, or a git address in place of an archive of the repository.",
    )


def _other_name(hit: LineMatch) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"{hit['name']} on the index is only a placeholder that refuses to be installed; the package is called {hit['other']}.",
        "Have the author correct the name in requirements.txt.",
        f"Replace {hit['name']} by {hit['other']} in requirements.txt.",
    )


_PYTHON_MODULES: Final = (
    r"[Cc]ython|[Nn]um[Pp]y|[Ss]ci[Pp]y|[Pp]ybind11|cffi|[Ss]etuptools[_-]scm|scikit-build|setuptools[_-]rust|"
    r"pkgconfig|[Pp]br|versioneer|jinja2|mpi4py|torch|pytorch|[Pp]y[Tt]orch"
)

_OWN_PROJECT: Final = re.compile(
    r"^(?:Obtaining file:|Processing (?:\./|/|file:)|Building \S{1,100} @ file:)"
)


def _file_not_packed(hit: LineMatch) -> Explanation | None:
    """A build script reads a file that its archive, or the author's own directory, does not have."""
    if not in_build(hit):
        return None
    path = hit["path"]
    own = any(_OWN_PROJECT.match(line.body) for line in hit.before(40))
    return Explanation(
        "setup-script-failed",
        f"The build script of {built(hit, 'a package')} opens {path}, and there is no such file in what it is built from.",
        "Send that to the content's author; nothing on this server is wrong."
        if own
        else "Nothing on this server cures that: the release was packed without that file; have the author pin another one.",
        f"Add {path.rsplit('/', 1)[-1]} to what is deployed or copied into the image, or have the project's build do without it."
        if own
        else f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "No such file or directory: '",
        r"^(?:FileNotFoundError|IOError): \[Errno 2\] No such file or directory: u?'(?P<path>[^']{1,300}\.\w{1,8}|[^']{0,300}/?(?:README|VERSION|LICENSE|HISTORY|CHANGES)[^']{0,20})'",
        _file_not_packed,
        Layer.SYMPTOM,
    ),
    rule(
        " required",
        r"Python (?:version )?(?P<needs>(?:>=|<=|<|>|==)\s?[23]\.?[\d., <>=]{0,30}) (?:is )?required",
        _script_requires,
    ),
    rule(
        (
            "ython version >=",
            "equires Python",
            "ython >=",
            "equires python",
            "need Python",
            "Python 3.",
            "Python version",
            "requires at least Python",
            "only supports Python",
            "not support Python",
        ),
        r"^(?!.{0,200}(?:Ignored|DEPRECATION|Because|because))(?:.{0,40}(?:Error|error|ERROR|Exit):? ?).{0,120}?"
        r"(?:requires|needs?|only supports|at least|supports only|not support(?:ed)?|Unsupported) (?:at least |a minimum of )?"
        r"Python (?:version |versions )?(?P<needs>(?:>=|<=|<|>|==|~=)?\s?[23][\d., <>=]{1,30}(?:\+| or (?:later|newer|higher|above))?)",
        _script_requires,
    ),
    rule(
        ("equires Python", "requires at least Python", "needs Python", "requires python"),
        r"(?<!Ignored )(?:[Rr]equires|needs) (?:at least )?[Pp]ython (?:version )?(?P<needs>(?:>=\s?)?3\.\d{1,2}(?:\.\d{1,2})?(?:\+| or (?:later|newer|higher|above|greater))?)",
        lambda hit: _script_requires(hit) if in_build(hit) else None,
        Layer.SYMPTOM,
    ),
    rule(
        ("ython 2", "ython2-only", "ython 3"),
        r"(?:for|with|only supports|only works (?:on|with)|requires) [Pp]ython 2(?:\.\d)? only|[Pp]ython ?2(?:\.\d)?-only|"
        r"(?:not supported on|[Dd]oes not support|[Dd]oesn't support|not compatible with|[Dd]oes not work (?:on|with)|not been ported to|not work (?:on|with)(?: any version of)?|not available (?:on|for)) [Pp]ython 3(?!\.\d)",
        _python2_words,
        Layer.SYMPTOM,
    ),
    rule(
        ("ompiler",),
        r"(?:need|requires?|install|[Nn]o|find|without) (?:a |an |any |working |suitable |usable |the )*(?:C/C\+\+|C\+\+|C) compiler(?!.{0,60}(?:warning|yes))",
        lambda hit: (
            compiler_missing(hit, "g++" if "C++" in hit.match[0] else "gcc")
            if in_build(hit) and not any("just a warning" in line.body for line in hit.before(8))
            else None
        ),
    ),
    rule(
        ("ython", "um", "cffi", "etuptools", "pybind11", "orch", "pkgconfig", "br"),
        rf"(?:^|[:!] )(?:You |you )?(?:need|[Pp]lease|must|[Rr]equires?|[Ii]nstall|[Cc]ould not (?:import|find)|[Cc]annot (?:import|find)|[Uu]nable to import|[Ff]ailed to import)(?: \w{{1,12}}){{0,4}}? (?P<module>{_PYTHON_MODULES})\b|"
        rf"^(?:\w{{1,40}}: )?[`'\"]?(?P<module2>{_PYTHON_MODULES})[`'\"]?(?:[<>=]{{1,2}} ?[\d.]{{1,10}})?(?:,? (?:and|or) [\w.<>= ]{{1,40}}?)? (?:is|are|must be|needs to be|has to be|not|is not) (?:required|needed|installed|missing|found|importable)",
        _module_in_words,
        Layer.SYMPTOM,
    ),
    rule(
        "unexpected keyword argument",
        r"TypeError: .{0,80}got an unexpected keyword argument '(?P<what>dry_run|verbose|force|compiler|license_file)'",
        _dropped_argument,
    ),
    rule(
        "strip_trailing_zero",
        r"canonicalize_version\(\) got an unexpected keyword argument 'strip_trailing_zero'",
        _mixed_setuptools,
    ),
    rule(
        "cython_sources",
        r"AttributeError: .{0,60}cython_sources",
        _dropped_by_cython,
    ),
    rule(
        "KeyError: '",
        r"^KeyError: (?P<what>'_{0,2}[Vv][Ee][Rr][Ss][Ii][Oo][Nn]_{0,2}')$",
        _version_by_exec,
    ),
    rule(
        "unable to detect version for",
        r"LookupError: .{0,80}setuptools-scm was unable to detect version for ",
        _version_of_git,
    ),
    rule(
        "PyPI package is deprecated",
        r"The '(?P<name>[\w.-]{1,60})' PyPI package is deprecated,? (?:please )?use '(?P<other>[\w.-]{1,60})'",
        _other_name,
    ),
)
