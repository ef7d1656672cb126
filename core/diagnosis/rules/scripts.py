"""Build scripts: what they raise, what pip makes of it, how pip gives a package up."""

from __future__ import annotations

import re
from typing import Final

from ..facts import build_constraint, pip_of, python_of
from ..log_lines import Line
from ..module_names import backend_in
from ..rule import (
    Explanation,
    Layer,
    LineMatch,
    Rule,
    rule,
)
from .shared import (
    as_it_is,
    built,
    in_build,
    is_trial,
    setuptools_too_new,
    this_python,
)


def _setup_command(hit: LineMatch) -> Explanation:
    what = hit["what"]
    return Explanation(
        "setup-script-failed",
        f"setuptools refuses the setup of {hit['package'] or built(hit, 'a package')}: {what[:200].rstrip('.')}.",
        f"Have the author pin another release of the package; an older setuptools may accept it ({build_constraint(hit.case, 'setuptools<66')}).",
        "Pin another release of the package, best one that has a wheel.",
        layer=Layer.SYMPTOM,
    )


def _says_nothing(hit: LineMatch) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"The build script of {built(hit, 'a package')} ended without saying anything of the package.",
        "Have the author pin another release of the package.",
        "Pin another release of the package, best one that has a wheel.",
    )


def _setuptools_dropped(hit: LineMatch) -> Explanation:
    return setuptools_too_new(
        hit, f"something that setuptools dropped ({hit['what'][:140].rstrip('.')})"
    )


def _bdist_wheel(hit: LineMatch) -> Explanation:
    return Explanation(
        "build-dependency-undeclared",
        f"{built(hit)} is built as a wheel, and the environment has no package wheel, which adds that command.",
        "Let environments be created with wheel (virtualenv does for old Pythons), or use pip 19 or newer, which provides it for builds.",
        "Put wheel first into requirements.txt, or pin a release of the package that has a wheel.",
    )


def _no_setup_py(hit: LineMatch) -> Explanation:
    pip = pip_of(hit.case)
    return Explanation(
        "pip-too-old",
        f"{built(hit)} has only a pyproject.toml, which pip{f' {pip}' if pip else ''} is too old to build from: it looks for a setup.py.",
        "Upgrade pip in the installation (`python -m pip install --upgrade pip`), or have the author pin a release that has a wheel.",
        "Pin a release of the package that has a wheel or a setup.py.",
    )


def _pip_too_old(hit: LineMatch) -> Explanation:
    return Explanation(
        "pip-too-old",
        f"The pip in use{f' ({version})' if (version := pip_of(hit.case)) else ''} predates a format it met: {hit.line.body[:200].rstrip('.')}.",
        "Upgrade pip in the installation (`python -m pip install --upgrade pip`).",
    )


def _backend(hit: LineMatch) -> Explanation:
    version = re.match(r"3\.(\d{1,2})", python_of(hit.case) or "")
    isolated = any("build dependencies" in line.body for line in hit.log.back_from(hit.index))
    if isolated and version and int(version[1]) >= 12 and "'setuptools.build_meta" in hit.line.body:
        return Explanation(
            "package-too-old-for-python",
            f"{built(hit)} asks to be built with a setuptools so old that it needs distutils, which Python 3.12 removed{as_it_is(hit)}.",
            "Have the author pin a newer release of the package; as a stopgap, an older Python builds it.",
            f"Pin a release of the package that supports {this_python(hit)}, or deploy with an older Python.",
        )
    backend = backend_in(hit.line.body) or "what it is built with"
    return Explanation(
        "build-dependency-undeclared",
        f"The build backend of {built(hit, 'a package')} cannot be imported: {hit['what'][:150] or hit.line.body[:150]}.",
        f"Have the author name {backend} in the package's pyproject.toml (`requires` of [build-system]), or pin another release of it, best one that has a wheel.",
        "Pin another release of the package, best one that has a wheel.",
        layer=Layer.SYMPTOM,
    )


_RAISED: Final = r"(?P<type>(?:[A-Za-z_]\w{0,60}\.){0,6}(?:[A-Z]\w{0,60})?(?:Error|Exception|Exit|Failed|Failure|NotFound|Missing|Conflict))(?::(?: (?P<what>.{0,400}))?)?$"


def _not_ascii(hit: LineMatch) -> Explanation | None:
    """A script reads a file of its own in the encoding of the locale."""
    if not in_build(hit):
        return None
    return Explanation(
        "setup-script-failed",
        f"The build script of {built(hit, 'a package')} reads its files as {hit['codec']}, because the build runs in a locale without UTF-8.",
        "Let builds run in one that has it: LANG=C.UTF-8 (and PYTHONUTF8=1 for Python 3.7 and newer) in build-environment.",
        f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
    )


def _supported_pythons(hit: LineMatch) -> Explanation:
    return Explanation(
        "requires-python",
        f"{built(hit)} cannot be built for Python {hit['have']}; its build script says that it supports {hit['wanted']}.",
        "Add an installation of a Python that the release supports, or have the author pin another version of the package.",
        f"Pin a version of the package that supports Python {hit['have']}, or deploy with another Python.",
    )


def _raised(hit: LineMatch) -> Explanation | None:
    """An exception that left a build script, if no rule knows better."""
    if not in_build(hit) or hit["type"].split(".")[-1] in (
        "CalledProcessError",
        "CompileError",
        "BackendUnavailable",
        "InstallationError",
        "InstallationSubprocessError",
        "MetadataGenerationFailed",
    ):
        return None
    if any("During handling of the above exception" in line.body for line in hit.after(3)):
        return None  # the script caught it; what it raised then tells more
    below = next((line.body for line in hit.after(4) if re.search(r"[A-Za-z]", line.body)), "")
    said = hit["what"] or ""
    if hit.line.body.endswith(":"):
        said = f"{said} {below.strip()}".strip()
    what = said or hit["type"]
    shown = f"{hit['type'].split('.')[-1]}: {what}" if said else what
    return Explanation(
        "setup-script-failed",
        f"The build script of {built(hit, 'a package')} raised an error: {shown[:250].rstrip('.')}.",
        "Read what the script wants (the line quoted here); if it is nothing this server can provide, have the author pin another release.",
        f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
        layer=Layer.SYMPTOM,
    )


def _configurator(hit: LineMatch) -> Explanation | None:
    """meson, CMake and configure scripts end with one line, or the lines below it, on what they miss."""
    said = [hit["what"]] if hit["what"] else []
    after = tuple(line for line in hit.after(4) if line.body.strip())
    if not said:
        said = [line.body.strip() for line in after[:2] if not line.body.startswith("Call Stack")]
    if not said or is_trial(hit):
        return None
    return Explanation(
        "setup-script-failed",
        f"{hit['who']} ended the build of {built(hit, 'a package')}: {' '.join(said)[:250].rstrip('.')}.",
        "Provide what it asks for (the lines quoted here), if this server can; otherwise have the author pin another release.",
        f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
        () if hit["what"] else after[:2],
    )


def _no_setuptools(hit: LineMatch) -> Explanation:
    return Explanation(
        "build-dependency-undeclared",
        f"{built(hit)} needs setuptools while it is built, and the environment has none that this Python can import.",
        "Let environments be created with setuptools, or use a pip that provides it for builds (19 or newer); if it is there, "
        "`python -c 'import setuptools'` in the environment says what is wrong with it.",
        "Pin a newer release of the package, or put setuptools first into requirements.txt.",
    )


def _directory(hit: LineMatch) -> str:
    """The directory that a requirement names."""
    found = re.search(r"(?:file://)?(?P<path>/[^\s'\"]{1,300})", hit.line.body)
    return found["path"].rstrip(".,:") if found else ""


def _invalid_pyproject(hit: LineMatch) -> Explanation:
    after = hit.after(3)
    why = next((line.body.strip() for line in after if line.body.strip()), "")
    return Explanation(
        "setup-script-failed",
        f"The pyproject.toml of {built(hit, 'a package')} is not valid: {why[:250].rstrip('.')}.",
        "Have the author pin another release of the package, best one that has a wheel; older installers were less strict.",
        f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
        after[:1],
    )


def _bad_toml(hit: LineMatch) -> Explanation:
    after = hit.after(7)
    words = [line.body.strip() for line in after if not re.match(r"\s*\d* ?\||\s*$", line.body)]
    return Explanation(
        "setup-script-failed",
        f"The pyproject.toml of {built(hit, 'a package')} is not valid: {' '.join(words)[:250].rstrip('.') or hit['what']}.",
        "Have the author pin another release of the package, best one that has a wheel; older installers were less strict.",
        f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
        after[:6],
    )


_OUTPUT_BEGINS: Final = re.compile(
    r"\[(?P<count>\d{1,6}) lines? of output\]|^Complete output|^\[std(?:err|out)\]|^--- std(?:err|out):"
)
_OUTPUT_ENDS: Final = re.compile(
    r"^\[end of output\]|^-{20,}$|^hint: |^note: |^(?:error|ERROR): (?:Command|Failed|metadata|legacy)"
)
_NO_SENTENCE: Final = re.compile(
    r"^(?:copying|creating|running|writing|adding|reading|byte-compiling|building|gcc|cc|g\+\+|clang|x86_64|ar|"
    r"File|Traceback|warning:|\d+ \||\||self\.|raise|return|!!|\*\*\*)|[;{}]$|^\W|Warning: |Error: "
)


def _last_words(hit: LineMatch) -> tuple[Line | None, bool]:
    """The last line that a build printed before it was given up, and whether its output is quoted."""
    said: Line | None = None
    quoted = named = False
    around = (*hit.before(30), hit.line, *hit.after(30))
    for line in around:
        if begins := _OUTPUT_BEGINS.search(line.body):
            said, quoted, named = None, True, False
            if begins["count"] == "0":
                return None, True
        elif quoted and _OUTPUT_ENDS.match(line.body):
            return said, True
        elif _OUTPUT_ENDS.match(line.body) and line is not hit.line:
            return said, quoted
        elif line.body.strip() and line is not hit.line and not named:
            said = line
            # What comes below such a sentence explains it; that a command failed follows from others.
            named = quoted and bool(_DISTUTILS_SAYS.match(line.body))
    return (said, True) if quoted else (None, False)


def _is_sentence(line: Line) -> bool:
    return len(line.body.split()) > 2 and not _NO_SENTENCE.search(line.body, 0, 500)


# How setuptools ends a build without a traceback; that a command failed says nothing itself.
_DISTUTILS_SAYS: Final = re.compile(r"error: (?![Cc]ommand |subprocess-)(.{1,300})")


def _gave_up(hit: LineMatch) -> Explanation | None:
    last, quoted = _last_words(hit)
    if last and last.body.startswith(("error: command ", "error: Command ")):
        return None  # rules/sources.py
    said = _DISTUTILS_SAYS.match(last.body) if last else None
    if last and (said or (quoted and _is_sentence(last))):
        words = said[1] if said else " ".join(last.body.split())
        return Explanation(
            "setup-script-failed",
            f"The build of {built(hit, 'a package')} ended with: {words[:200].rstrip('.')}.",
            "Provide what it asks for, if this server can; otherwise have the author pin another release.",
            f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
            (last,),
        )
    if quoted and last is None:
        return Explanation(
            "setup-script-failed",
            f"The build script of {built(hit, 'a package')} ended itself and said nothing.",
            "Have the author pin another release of the package; run its build by hand (`pip wheel`) to see more.",
            f"Pin another release of the package, best one that has a wheel for {this_python(hit)}.",
        )
    return Explanation(
        "setup-script-failed",
        f"pip gave up on {built(hit, 'a package')}, and so installed nothing of this list.",
        "The finding before this one says why.",
        evidence=() if last is None else (last,),
        gives_up=True,
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "invalid command 'bdist_wheel'",
        r"invalid command 'bdist_wheel'",
        _bdist_wheel,
        Layer.SYMPTOM,
    ),
    rule(
        "invalid command '",
        r"error: (?P<what>invalid command '(?:test|upload_docs|easy_install|develop|bdist_wininst)'.{0,60})",
        _setuptools_dropped,
    ),
    rule(
        ("InvalidConfigError", "InvalidSetupConfig", "SetuptoolsDeprecationWarning"),
        r"^(?:setuptools\.[\w.]{1,40}\.|distutils\.errors\.)(?P<what>(?:InvalidConfigError|SetuptoolsDeprecationWarning|InvalidSetupConfig).{0,3}: .{1,200})",
        _setuptools_dropped,
    ),
    rule(
        "pip-egg-info",
        r"(?:Files/directories not found|No files/directories) in \S{1,300}pip-egg-info",
        _says_nothing,
        Layer.SYMPTOM,
    ),
    rule(
        "setup command:",
        r"error in (?P<package>[\w.-]{1,100}) setup command: (?P<what>.{1,300})",
        lambda hit: None if "use_2to3" in hit["what"] else _setup_command(hit),
    ),
    rule(
        "setup.py",
        r"No such file or directory: '(?:[^']{0,300}/)?setup\.py'|File \"?setup\.py\"? (?:was )?not found",
        _no_setup_py,
    ),
    rule(
        ("neither 'setup.py' nor 'pyproject.toml'", "does not appear to be a Python project"),
        r"(?P<what>.{0,200}(?:neither 'setup\.py' nor 'pyproject\.toml'|does not appear to be a Python project).{0,100})",
        lambda hit: Explanation(
            "setup-script-failed",
            f"{_directory(hit) or built(hit, 'An archive or directory')} is no Python project: it has neither setup.py nor pyproject.toml.",
            "Have the author correct the line of requirements.txt that names it.",
            "Correct the line of requirements.txt: the directory or archive must hold a Python project.",
            layer=Layer.SYMPTOM,
        ),
    ),
    rule(
        "has a pyproject.toml file that does not comply with PEP 518",
        r"does not comply with PEP 518",
        _pip_too_old,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "BackendUnavailable",
            "Cannot import build backend",
        ),
        r"^(?:[\w.]{0,80}\.)?BackendUnavailable(?:: (?P<what>.{0,200}))?$|^× (?P<what2>Cannot import build backend '[\w.:]{1,100}')",
        _backend,
    ),
    rule(
        ("meson.build:", "CMake Error", "configure: error:"),
        r"(?P<who>meson)\.build:\d{1,6}:\d{1,6}: ERROR: (?P<what>.{1,300})|(?P<who2>CMake) Error(?: at .{1,200}\(\w{1,40}\)| in .{1,200}|):(?: (?P<what2>.{1,300}))?$|(?P<who3>configure): error:(?: (?P<what3>.{1,300}))?$",
        _configurator,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "invalid pyproject.toml file",
            "invalid pyproject.toml config: ",
            "setuptools is not available in the build environment",
        ),
        r"(?P<what>This package has an invalid pyproject\.toml file|ValueError: invalid pyproject\.toml config: .{1,100})|(?P<none>setuptools is not available in the build environment)",
        lambda hit: _no_setuptools(hit) if hit["none"] else _invalid_pyproject(hit),
        Layer.SYMPTOM,
    ),
    rule(
        "TOML parse error",
        r"(?P<what>TOML parse error at line \d{1,6}, column \d{1,6})",
        _bad_toml,
        Layer.SYMPTOM,
    ),
    rule(
        "UnicodeDecodeError: ",
        r"UnicodeDecodeError: '(?P<codec>ascii|latin-1|iso8859-1|charmap)' codec can't decode byte",
        _not_ascii,
    ),
    rule(
        "Cannot install on Python version ",
        r"Cannot install on Python version (?P<have>\d[\d.]{1,8}); only versions (?P<wanted>.{1,60}?) are supported",
        _supported_pythons,
    ),
    rule(
        ("Error", "Exception", "Exit", "Fail", "NotFound", "Missing", "Conflict"),
        rf"^{_RAISED}",
        _raised,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "ailed building wheel",
            "ailed to build",
            "metadata-generation-failed",
            "egg_info",
            "subprocess-exited-with-error",
            "ould not build wheels",
            "legacy-install-failure",
            "errored out with exit status",
            "failed with error code",
            "ailed to download and build",
        ),
        r"^(?:ERROR: |error: |× )?(?:Failed building wheel for|Failed to (?:download and )?build|Could not build wheels for|metadata-generation-failed|legacy-install-failure|subprocess-exited-with-error|Command (?:.{1,3000}? )?(?:failed with error code|errored out with exit status))",
        _gave_up,
        Layer.EXIT,
    ),
)
