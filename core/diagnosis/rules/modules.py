"""Modules that running content imports and that no installed package has."""

from __future__ import annotations

import re
from typing import Final

from ..facts import installed_version
from ..module_names import STARTERS, distribution_of, is_known
from ..package_changes import change_of
from ..rule import Explanation, LineMatch, Rule, rule
from ..tracebacks import Traceback
from .content import (
    SEND,
    evidence_of,
    importer_of,
    own_frame,
    package_of_frame,
    place_of,
    raised_at,
    runs,
    with_version,
)
from .releases import does_not_fit, left_python, too_new_for_server
from .removed_modules import ADDED, PYTHON2_MODULES, REMOVED, SIBLINGS
from .shared import as_it_is
from .speakers import Speaker, speaker_of


def _no_module(hit: LineMatch) -> Explanation | None:
    module = hit["module"]
    top = module.split(".")[0]
    if not runs(hit) or top in ("pip", "virtualenv", "venv", "ensurepip", "encodings"):
        return None
    if top in _OF_THE_INTERPRETER:
        return None  # rules/interpreters.py
    raised, importer = raised_at(hit), importer_of(hit)
    if hit["starts"] and hit["starts"].split(".")[0].split(":")[0] == top:
        return _no_entry_module(hit, module)
    if hit["file"] or "is not a package" in hit.line.body:
        return _shadowed(hit, top)
    if speaker_of(hit) is Speaker.SERVER:
        return _server_script(hit, module)
    if _is_entry_point(raised) and top not in STARTERS:
        return _no_entry_module(hit, module)
    if (gone := REMOVED.get(top)) or top in PYTHON2_MODULES:
        return left_python(hit, module, gone, importer)
    if since := ADDED.get(module):
        return _newer_python(hit, module, since, importer)
    if top == "pkg_resources":
        return _no_pkg_resources(hit, importer)
    if change := change_of(module):
        return does_not_fit(hit, change, f"the module {module}", importer)
    if module == f"{top}._{top}" or (re.search(r"\._\w", module) and _has_parent(hit, top)):
        return _no_compiled_part(hit, module)
    if "." in module and _has_parent(hit, top):
        return _submodule(hit, module, importer)
    return _not_installed(hit, module, importer)


_OF_THE_INTERPRETER: Final = frozenset(
    ("_ssl", "_hashlib", "zlib", "_ctypes", "_bz2", "_lzma", "_sqlite3", "_tkinter", "_curses")
)


def _is_entry_point(raised: Traceback | None) -> bool:
    """Whether a server (gunicorn, uvicorn, …) imports the module that the content starts with."""
    if raised is None or raised.own is not None or not raised.frames:
        return False
    if any(frame.function == "load_class" for frame in raised.frames):
        return False  # gunicorn's worker class
    last = next((f for f in reversed(raised.frames) if "importlib" not in f.file), None)
    if last is not None and _STATIC_IMPORT.match(last.code):
        return False  # the server's own import statement
    files = " ".join(frame.file for frame in raised.frames)
    return bool(
        re.search(
            r"/gunicorn/util\.py|/uvicorn/importer\.py|/uvicorn/config\.py|/hypercorn/|/waitress/|/flask/cli\.py|"
            r"/celery/|/daphne/",
            files,
        )
    )


_STATIC_IMPORT: Final = re.compile(r"(?:import|from) [A-Za-z_.]")


def _no_entry_module(hit: LineMatch, module: str) -> Explanation:
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from the module {module}, and its files hold no such module.",
        SEND,
        f"Deploy {module.replace('.', '/')}.py with the content, or name the module that starts it (entry point MODULE:OBJECT).",
    )


def _newer_python(
    hit: LineMatch, module: str, since: tuple[int, int], importer: str
) -> Explanation:
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    return Explanation(
        "requires-python",
        f"{who} imports the standard module {module}, which Python {since[0]}.{since[1]} brought{as_it_is(hit)}.",
        f"Add an installation of Python {since[0]}.{since[1]} or newer, if the server has none.",
        f"Deploy with Python {since[0]}.{since[1]} or newer.",
        evidence_of(hit),
    )


def _no_pkg_resources(hit: LineMatch, importer: str) -> Explanation:
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    return Explanation(
        "module-not-installed",
        f"{who} imports pkg_resources, a part of setuptools that the environment does not have: setuptools is not installed there, or is 82 or newer.",
        "Send that to the content's author: environments of Python 3.12 and newer have no setuptools of their own.",
        'Add "setuptools<81" to requirements.txt'
        + (f", or pin a newer release of {importer}." if importer else "."),
        evidence_of(hit),
    )


def _has_parent(hit: LineMatch, top: str) -> bool:
    """Whether the package of a missing submodule is installed, as other lines show."""
    raised = raised_at(hit)
    frames = raised.frames if raised else ()
    return installed_version(hit.case, distribution_of(top)) is not None or any(
        f"-packages/{top}/" in frame.file for frame in frames
    )


def _no_compiled_part(hit: LineMatch, module: str) -> Explanation:
    package, _, part = module.rpartition(".")
    name = with_version(hit, distribution_of(package))
    return Explanation(
        "extension-mismatch",
        f"{name} is there without its compiled part {part} for this Python{as_it_is(hit)}: it was installed for another Python, processor or system.",
        "Build the environment anew where the target's Python and system are (`pysteward content rebuild` on this server).",
        "Leave installed packages out of the bundle; where a platform wants them in it, install them for its Python and system (`pip install --platform manylinux2014_x86_64 --python-version 3.X --only-binary :all: --target DIRECTORY`).",
        evidence_of(hit),
    )


def _submodule(hit: LineMatch, module: str, importer: str) -> Explanation:
    package = distribution_of(module)
    who = with_version(hit, importer) if importer else f"the content{place_of(own_frame(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"The installed {with_version(hit, package)} has no module {module}, which {who} imports: it is of another release than that was written for.",
        SEND,
        f"Pin the release of {package} that the content was written with, in requirements.txt.",
        evidence_of(hit),
    )


def _is_own(hit: LineMatch, top: str) -> bool:
    """Whether a file of the content lies in a package of that name."""
    raised = raised_at(hit)
    return (
        raised is not None
        and any(
            not frame.is_library and not frame.is_server and f"/{top}/" in frame.file
            for frame in raised.frames
        )
        and "." in hit["module"]
    )


def _not_installed(hit: LineMatch, module: str, importer: str) -> Explanation:
    top = module.split(".")[0]
    package = distribution_of(top)
    asked = f" {importer} imports it." if importer else ""
    if _is_own(hit, top):
        return Explanation(
            "module-not-installed",
            f"The module {module} is a part of the content itself ({top}), and there is no such file in what was deployed.",
            SEND,
            f"Deploy {module.replace('.', '/')}.py with the content, or correct what names it (such as DJANGO_SETTINGS_MODULE).",
            evidence_of(hit),
        )
    local = not is_known(top) and (top in SIBLINGS or top in _OWN_NAMES)
    named = f"The module {module}" + ("" if importer else f"{place_of(own_frame(hit))}")
    if local and not importer:
        return Explanation(
            "module-not-installed",
            f"{named} is not there: it looks like a file of the content itself that was not deployed, or lies in another directory than the one it is started from.",
            SEND,
            f"Deploy {top}.py (or the directory {top}) with the content; if it is a package of the index, add it to requirements.txt.",
            evidence_of(hit),
        )
    return Explanation(
        "module-not-installed",
        f"{named} is in no package that is installed: the requirements lack {package.partition('<')[0]}.{asked}",
        f"Send that to the content's author: {package.partition('<')[0]} is to be named in the requirements.",
        f"Add {package} to requirements.txt and deploy again"
        + (
            "."
            if is_known(top)
            else f"; if {top} is a file of your own, deploy it with the content."
        ),
        evidence_of(hit),
    )


_OWN_NAMES: Final = frozenset(
    [
        "app",
        "main",
        "server",
        "api",
        "src",
        "lib",
        "libs",
        "modules",
        "module",
        "functions",
        "function",
        "helper",
        "helpers",
        "utils",
        "util",
        "config",
        "configs",
        "settings",
        "setup",
        "data",
        "database",
        "db",
        "pages",
        "page",
        "components",
        "component",
        "layout",
        "layouts",
        "callbacks",
        "views",
        "routes",
        "forms",
        "tools",
        "scripts",
        "script",
        "backend",
        "frontend",
        "core",
        "common",
        "shared",
        "services",
        "service",
        "tasks",
        "worker",
        "models",
        "model",
        "schema",
        "schemas",
        "dashboard",
        "index",
        "constants",
        "queries",
        "plots",
        "charts",
        "analysis",
        "wsgi",
        "asgi",
    ]
)


def _shadowed(hit: LineMatch, top: str) -> Explanation:
    return Explanation(
        "packages-do-not-fit",
        f"A file of the content is called {top}.py and stands before the package {top} that is to be imported.",
        SEND,
        f"Rename {top}.py (and delete its __pycache__), then deploy again.",
        evidence_of(hit),
    )


def _server_script(hit: LineMatch, module: str) -> Explanation:
    change = change_of(module)
    package = change.package if change else distribution_of(module)
    if change and change.gone:
        return too_new_for_server(hit, change, f"{module}")
    return Explanation(
        "server-script-failed",
        f"The server's own script that starts the content finds no module {module}: {package} is not in the content's environment, or not in the release that the server expects.",
        f"See which releases of {package} this release of the server supports; update the server if it is too old for the content.",
        f"Name {package} in requirements.txt, in a release that the server supports.",
    )


def _separate_project(hit: LineMatch) -> Explanation | None:
    """A part of a package that is a package of its own since (lxml 5.2: lxml_html_clean)."""
    package, module = hit["package"], hit["module"]
    importer = _importer_before(hit, module)
    return Explanation(
        "module-not-installed",
        f"{importer or 'The content'} imports {module}, which is a package of its own since: {package} is not installed.",
        SEND,
        f"Add {package} to requirements.txt{f', or update {importer}' if importer else ''}.",
        evidence_of(hit),
    )


def _importer_before(hit: LineMatch, module: str) -> str:
    """The package that imports a module whose own file says that it is gone."""
    raised = raised_at(hit)
    own = module.partition(".")[0]
    packages = map(package_of_frame, reversed(raised.frames if raised else ()))
    return next((each for each in packages if each and each != own), "")


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("is now a separate project",),
        r"ImportError: (?P<module>[\w.]{1,100}) module is now a separate project (?P<package>[\w.-]{1,80})",
        _separate_project,
    ),
    rule(
        ("No module named ",),
        r"(?:ModuleNotFoundError|ImportError|(?:[Uu]nable to|[Cc]ould not|[Cc]annot|[Ff]ailed to) (?:import|load|start|run)(?: \w{1,20}){0,2}:? ['\"]?(?P<starts>[\w.:/-]{1,150})['\"]?): No module named [\"']?(?P<module>[\w.]{1,150})[\"']?(?P<file>; '[\w.]{1,100}' is not a package)?",
        _no_module,
    ),
)
