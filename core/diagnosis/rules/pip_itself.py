"""pip and uv as programs: those that cannot start, and what they refuse to do."""

from __future__ import annotations

import re
from typing import Final

from ..facts import pip_of, python_of
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from .content import raised_at
from .shared import AUTHOR_WHEEL, built
from .speakers import Speaker, speaker_of

_OWN_ENVIRONMENT: Final = (
    "Install into a virtual environment, which sees none of the distribution's packages; never remove "
    "the distribution's own copy with pip."
)


def _not_removable(hit: LineMatch) -> Explanation:
    """What distutils or the distribution installed has no list of its files."""
    name = hit["name"].strip("'\"` ")
    if not name:
        above = " ".join(line.body for line in hit.before(4))
        found = re.search(r"Cannot uninstall (?P<name>[\w.-]{1,100}(?: \d[\w.+]{0,40})?)", above)
        name = found["name"] if found else "a package"
    by = re.search(r"installed by (?P<who>\w{1,40})", " ".join(line.body for line in hit.after(5)))
    return Explanation(
        "distutils-installed",
        f"pip cannot replace {name}: it was installed {f'by {by[1]}' if by else 'by distutils or by the distribution'}, without the list of its files that pip needs to remove it.",
        _OWN_ENVIRONMENT
        + " If it must be replaced there, `pip install --ignore-installed` leaves the old files.",
        f"Build in an environment of its own, or leave {name.split(' ')[0]} out of the requirements.",
    )


def _user_in_environment(hit: LineMatch) -> Explanation:
    return Explanation(
        "pip-option",
        "pip is told to install with --user, which means nothing inside a virtual environment.",
        "Take `user = true` out of pip's configuration (`pip config list` and `pip config debug` show which file) and PIP_USER out of build-environment.",
    )


def _environment_over_itself(hit: LineMatch) -> Explanation:
    path = hit["path"]
    return Explanation(
        "environment-in-use",
        f"An environment is made over one whose interpreter is running{f' ({path})' if path else ''}, so that its files cannot be replaced.",
        "End what runs in it, or make the environment at another path; `--clear` does not help while it runs.",
    )


def _same_file(hit: LineMatch) -> Explanation:
    return Explanation(
        "environment-in-use",
        "An environment is made at the place of the one whose Python makes it: source and target are the same file.",
        "Call an interpreter outside of that environment (deactivate it first), or name another path.",
    )


def _pip_does_not_start(hit: LineMatch) -> Explanation | None:
    """pip's own imports fail, or its script is of another release."""
    raised = raised_at(hit)
    if speaker_of(hit) is not Speaker.INSTALLER or raised is None or raised.root is not raised:
        return None
    if any("virtualenv" in line.body for line in hit.before(30)):
        return None  # rules/environments.py
    text = hit.line.body
    script = next((frame.file for frame in raised.frames if "/bin/pip" in frame.file), "")
    if re.search(r"cannot import name '?main'?", text):
        return Explanation(
            "pip-broken",
            f"pip's command{f' {script}' if script else ''} and the pip that is installed are of different releases: the command imports a function that pip 10 and newer no longer have there.",
            "Call it as `python -m pip`, which needs no command; or repair the command (`python -m pip install --force-reinstall pip`, for the distribution's: `apt install --reinstall python3-pip`).",
        )
    if raised.name == "SyntaxError":
        return _pip_too_new(hit)
    if re.search(r"X509_V_FLAG|OpenSSL_add_all|has no attribute 'X509|SSL_ST_INIT", text):
        return Explanation(
            "pip-broken",
            "pip cannot start: the pyOpenSSL that it loads is too old for the installed cryptography.",
            "Repair that installation without pip: `apt install --reinstall python3-openssl python3-cryptography`, or remove the newer cryptography beside it; environments that do not see the system's packages are not touched by that.",
        )
    if raised.name in ("ImportError", "ModuleNotFoundError", "AttributeError") and not _has_begun(
        hit
    ):
        return Explanation(
            "pip-broken",
            f"pip cannot start: its own imports fail ({text[:160].rstrip('.')}).",
            "Install pip anew there: `python -m ensurepip --upgrade`, then `python -m pip install --force-reinstall pip`; two releases of pip mixed in one directory are the usual reason.",
        )
    return None


def _has_begun(hit: LineMatch) -> bool:
    return any(
        line.body.startswith(("Collecting ", "Looking in indexes", "Processing "))
        for line in hit.log.back_from(hit.index)
    )


def _pip_crashed(hit: LineMatch) -> Explanation | None:
    """An error of pip's own code that no rule knows."""
    raised = raised_at(hit)
    if (
        raised is None
        or raised.end != hit.index
        or raised.root is not raised
        or not raised.is_of_pip
        or speaker_of(hit) is not Speaker.INSTALLER
        or raised.name in _WITH_RULES
    ):
        return None
    pip = pip_of(hit.case)
    return Explanation(
        "installer-failed",
        f"pip{f' {pip}' if pip else ''} itself failed with an error of its own: {f'{raised.name}: {raised.text}'[:200].rstrip('. ')}.",
        "Upgrade pip in the installation, or use another release of it; if it fails again, its full log (`--log`) tells what it was working at.",
    )


_WITH_RULES: Final = frozenset({"KeyboardInterrupt", "SystemExit", "MemoryError"})


def _pip_too_new(hit: LineMatch) -> Explanation:
    python = hit["python"] or python_of(hit.case)
    return Explanation(
        "pip-broken",
        f"The installed pip is too new for this Python{f' {python}' if python else ''}{f': it wants Python {needs}' if (needs := hit['needs']) else ''}.",
        "Install the last pip for that Python (2.7: 20.3.4; 3.5: 20.3.4; 3.6: 21.3.1; 3.7: 24.0; 3.8: 25.0.1), by the get-pip.py that was made for that Python.",
    )


def _option_of_setup(hit: LineMatch) -> Explanation:
    return Explanation(
        "setup-script-failed",
        f"The setup.py of {built(hit, 'a package')} does not know the option with which pip installs it: it uses distutils only, or the wheel package is not there, so that pip cannot build a wheel first.",
        "Upgrade pip, setuptools and wheel in the environment (`python -m pip install --upgrade pip setuptools wheel`), or let pip build as PEP 517 has it (`--use-pep517`).",
        "Pin a newer release of the package, best one that has a wheel.",
    )


def _meson(hit: LineMatch) -> Explanation:
    found = hit["found"].strip(" .")
    return Explanation(
        "setup-script-failed",
        f"{built(hit)} is built with meson {hit['wanted']} or newer, and the meson that is found tells {f'version {found}' if found else 'no version: it does not run'}.",
        "If it is built from a clone of its repository, check out the submodules as well (`git submodule update --init`): it brings a meson of its own; "
        "else see which meson comes first on the build's PATH (`meson --version`).",
        AUTHOR_WHEEL,
    )


def _free_threaded(hit: LineMatch) -> Explanation | None:
    if speaker_of(hit) is not Speaker.BUILD and not re.search(r"error|Error", hit.line.body):
        return None
    python = python_of(hit.case)
    if python is None:
        python = next(
            (
                f"{found[1][0]}.{found[1][1:]}" if "." not in found[1] else found[1]
                for line in hit.case.lines()
                if (found := re.search(r"(?:python|cp|CPython )(3\.?\d{2})t", line.body))
            ),
            "",
        )
    return Explanation(
        "package-too-old-for-python",
        f"This release of {built(hit, 'a package')} cannot be built for the free-threaded build of Python{f' {python}' if python else ''}, which has no limited API.",
        "Add the ordinary build of that Python (without `t`), or have the author pin a release that supports the free-threaded one.",
        AUTHOR_WHEEL.replace("this Python", "the free-threaded Python"),
    )


def _lambda_wheels(hit: LineMatch) -> Explanation:
    names = hit["names"].replace("(wheel)", "").replace("(sdist)", "").replace("==", " ")
    return Explanation(
        "no-compatible-file",
        f"No wheel for the target system could be had or built for {names[:200]}.",
        "Build where the target's Python and system are (`sam build --use-container`), with a current pip: an old one does not read newer wheels.",
        f"Pin releases of {names.split(' ')[0]} that have a wheel for the target's Python and Linux.",
    )


def _uv_version(hit: LineMatch) -> Explanation:
    return Explanation(
        "uv-version",
        f"The project wants uv {hit['wanted']}, and uv {hit['have']} runs.",
        f"Install a uv of release {hit['wanted']} where builds find it (`uv self update`, `pip install 'uv{hit['wanted']}'`).",
        "Widen or remove required-version in [tool.uv] or uv.toml.",
    )


def _not_copied(hit: LineMatch) -> Explanation:
    return Explanation(
        "requirements-file-missing",
        f"The image's build copies {hit['file'].lstrip('/')}, and there is no such file in what it is built from.",
        "Send that to the content's author; nothing on this server is wrong.",
        f"Add {hit['file'].lstrip('/')} to the repository (and take it out of .dockerignore), or out of the COPY line.",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "does not match the running version",
        r"[Rr]equired uv version `(?P<wanted>[^`]{1,40})` does not match the running version `(?P<have>[^`]{1,30})`",
        _uv_version,
    ),
    rule(
        "failed to calculate checksum of ref",
        r"failed to calculate checksum of ref \S{1,200}: \"(?P<file>[^\"]{1,200})\": not found",
        _not_copied,
    ),
    rule(
        (
            "Cannot uninstall",
            "distutils installed project",
            "no RECORD file was found",
            "RECORD file not found",
        ),
        r"Cannot (?:uninstall|remove entries from nonexistent|locate installed files of) (?P<name>'?[\w.-]{1,100}'?(?: \d[\w.+]{0,40})?)(?:\.|,|$| from)(?=.{0,3}(?:It is a distutils|RECORD file|$| ))|It is a distutils installed project|no RECORD file was found",
        _not_removable,
    ),
    rule(
        "'--user' install",
        r"Can ?not perform a '--user' install",
        _user_in_environment,
    ),
    rule(
        "Text file busy",
        r"Text file busy(?:: '(?P<path>[^']{1,300})')?",
        _environment_over_itself,
    ),
    rule(
        ("are the same file", "SameFileError"),
        r"(?:SameFileError: |Error: ).{0,300}/bin/python.{0,300} are the same file",
        _same_file,
    ),
    rule(
        ("ImportError: ", "AttributeError: ", "ModuleNotFoundError: ", "SyntaxError: "),
        r"^(?:ImportError|AttributeError|ModuleNotFoundError|SyntaxError): .{1,300}",
        _pip_does_not_start,
    ),
    rule(
        "This version of pip does not support",
        r"This version of pip does not support python (?P<python>[\d.]{1,10}) \(requires (?P<needs>[^)]{1,20})\)",
        _pip_too_new,
    ),
    rule(
        "single-version-externally-managed not recognized",
        r"option --single-version-externally-managed not recognized",
        _option_of_setup,
    ),
    rule(
        "Could not find meson version",
        r"Could not find meson version (?P<wanted>[\d.]{1,12}) or newer, found (?P<found>.{0,40})",
        _meson,
    ),
    rule(
        "free-threaded",
        r"(?:limited API|Limited API|abi3|stable ABI|Py_LIMITED_API).{0,100}free-threaded|free-threaded.{0,100}(?:not (?:yet )?support|unsupported|limited API|not compatible)",
        _free_threaded,
    ),
    rule(
        ":ResolveDependencies - {",
        r":ResolveDependencies - \{(?P<names>[^}]{1,1000})\}",
        _lambda_wheels,
    ),
    rule(
        ("Error", "Exception"),
        r"^(?:[A-Za-z_]\w{0,80}\.){0,8}[A-Z]\w{0,80}(?:Error|Exception)(?::.{0,2000})?$",
        _pip_crashed,
        Layer.EXIT,
    ),
)
