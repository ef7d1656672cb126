"""Content that starts: modules that are not there, and packages that do not fit each other.

What is said here is never about a build: the packages are installed, and content or the server's
own script imports them.
"""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..facts import installed_version, python_of
from ..log_lines import Line
from ..module_names import distribution_of, is_known
from ..package_changes import Change, attribute_change, change_of
from ..rule import Explanation, Layer, LineMatch, Rule, rule
from ..tracebacks import Frame, Traceback, traceback_at
from .removed_modules import ADDED, PYTHON2_MODULES, REMOVED, REMOVED_NAMES, SIBLINGS
from .shared import as_it_is, this_python
from .speakers import Speaker, speaker_of

_RUNNING: Final = (Speaker.CONTENT, Speaker.SERVER, Speaker.UNKNOWN)
_SEND: Final = "Send that to the content's author; nothing on this server is wrong."


def raised_at(hit: LineMatch) -> Traceback | None:
    return traceback_at(hit.log, hit.index)


def runs(hit: LineMatch) -> bool:
    """Whether the line is of content or of the server's script, and no later error of a chain."""
    raised = raised_at(hit)
    if raised is not None and raised.root is not raised:
        return False
    return speaker_of(hit) in _RUNNING


def place_of(frame: Frame | None) -> str:
    """The file and line of a frame, in brackets; nothing where there is none."""
    if frame is None or frame.file.startswith("<"):
        return ""
    number = f", line {frame.number}" if frame.number else ""
    return f" ({frame.file.rsplit('/', 1)[-1]}{number})"


def package_of_frame(frame: Frame | None) -> str:
    """The distribution whose file a frame is in; nothing for content's own files."""
    found = _SITE.search(frame.file) if frame else None
    return distribution_of(found["module"].removesuffix(".py")) if found else ""


_SITE: Final = re.compile(r"/(?:site|dist)-packages/(?P<module>[\w.]{1,80})")


def _own(hit: LineMatch) -> Frame | None:
    raised = raised_at(hit)
    return raised.own if raised else None


def _importer(hit: LineMatch) -> str:
    """The package whose file imports what is missing; nothing where it is the content."""
    raised = raised_at(hit)
    if raised is None or not raised.frames:
        return ""
    for frame in reversed(raised.frames):
        if "importlib" in frame.file or frame.file.startswith("<frozen"):
            continue
        return package_of_frame(frame)
    return ""


def _evidence(hit: LineMatch) -> tuple[Line, ...]:
    own = _own(hit)
    return () if own is None else (own.line,)


def with_version(hit: LineMatch, package: str) -> str:
    """``Flask 2.0.3`` where the log tells the version, else ``Flask``."""
    version = installed_version(hit.case, package)
    return f"{package} {version}" if version else package


def _no_module(hit: LineMatch) -> Explanation | None:
    module = hit["module"]
    top = module.split(".")[0]
    if not runs(hit) or top in ("pip", "virtualenv", "venv", "ensurepip", "encodings"):
        return None
    if top in _OF_THE_INTERPRETER:
        return None  # rules/interpreters.py
    raised, importer = raised_at(hit), _importer(hit)
    if hit["file"] or "is not a package" in hit.line.body:
        return _shadowed(hit, top)
    if speaker_of(hit) is Speaker.SERVER:
        return _server_script(hit, module)
    if _is_entry_point(raised):
        return _no_entry_module(hit, module)
    if (gone := REMOVED.get(top)) or top in PYTHON2_MODULES:
        return _left_python(hit, module, gone, importer)
    if since := ADDED.get(module):
        return _newer_python(hit, module, since, importer)
    if top == "pkg_resources":
        return _no_pkg_resources(hit, importer)
    if change := change_of(module):
        return does_not_fit(hit, change, f"the module {module}", importer)
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
    files = " ".join(frame.file for frame in raised.frames)
    return bool(
        re.search(
            r"/gunicorn/util\.py|/uvicorn/importer\.py|/uvicorn/config\.py|/hypercorn/|/waitress/|/flask/cli\.py|"
            r"/celery/|/daphne/",
            files,
        )
    )


def _no_entry_module(hit: LineMatch, module: str) -> Explanation:
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from the module {module}, and its files hold no such module.",
        _SEND,
        f"Deploy {module.replace('.', '/')}.py with the content, or name the module that starts it (entry point MODULE:OBJECT).",
    )


def _left_python(
    hit: LineMatch, module: str, gone: str | None, importer: str
) -> Explanation | None:
    who = with_version(hit, importer) if importer else f"The content{place_of(_own(hit))}"
    if gone is None:
        return Explanation(
            "python2-only",
            f"{who} imports {module}, which only Python 2 has{as_it_is(hit)}.",
            "Have the author replace what is written for Python 2.",
            f"Pin a release of {importer} for Python 3."
            if importer
            else "Port that line to Python 3.",
            _evidence(hit),
        )
    return Explanation(
        "package-too-old-for-python",
        f"{who} imports the standard module {module}, which Python {gone} removed{as_it_is(hit)}.",
        "Have the author pin a newer release, or deploy with an older Python that this server has.",
        f"Pin a newer release of {importer}, or deploy with a Python older than {gone}."
        if importer
        else f"Replace {module} in the content, or deploy with a Python older than {gone}.",
        _evidence(hit),
    )


def _newer_python(
    hit: LineMatch, module: str, since: tuple[int, int], importer: str
) -> Explanation:
    who = with_version(hit, importer) if importer else f"The content{place_of(_own(hit))}"
    return Explanation(
        "requires-python",
        f"{who} imports the standard module {module}, which Python {since[0]}.{since[1]} brought{as_it_is(hit)}.",
        f"Add an installation of Python {since[0]}.{since[1]} or newer, if the server has none.",
        f"Deploy with Python {since[0]}.{since[1]} or newer.",
        _evidence(hit),
    )


def _no_pkg_resources(hit: LineMatch, importer: str) -> Explanation:
    who = with_version(hit, importer) if importer else f"The content{place_of(_own(hit))}"
    return Explanation(
        "module-not-installed",
        f"{who} imports pkg_resources, a part of setuptools that the environment does not have: setuptools is not installed there, or is 82 or newer.",
        "Send that to the content's author: environments of Python 3.12 and newer have no setuptools of their own.",
        'Add "setuptools<81" to requirements.txt'
        + (f", or pin a newer release of {importer}." if importer else "."),
        _evidence(hit),
    )


def _has_parent(hit: LineMatch, top: str) -> bool:
    """Whether the package of a missing submodule is installed, as other lines show."""
    raised = raised_at(hit)
    frames = raised.frames if raised else ()
    return installed_version(hit.case, distribution_of(top)) is not None or any(
        f"-packages/{top}/" in frame.file for frame in frames
    )


def _submodule(hit: LineMatch, module: str, importer: str) -> Explanation:
    package = distribution_of(module)
    who = with_version(hit, importer) if importer else f"the content{place_of(_own(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"The installed {with_version(hit, package)} has no module {module}, which {who} imports: it is of another release than that was written for.",
        _SEND,
        f"Pin the release of {package} that the content was written with, in requirements.txt.",
        _evidence(hit),
    )


def _not_installed(hit: LineMatch, module: str, importer: str) -> Explanation:
    top = module.split(".")[0]
    package = distribution_of(top)
    asked = f" {importer} imports it." if importer else ""
    local = not is_known(top) and (top in SIBLINGS or top in _OWN_NAMES)
    named = f"The module {module}" + ("" if importer else f"{place_of(_own(hit))}")
    if local and not importer:
        return Explanation(
            "module-not-installed",
            f"{named} is not there: it looks like a file of the content itself that was not deployed, or lies in another directory than the one it is started from.",
            _SEND,
            f"Deploy {top}.py (or the directory {top}) with the content; if it is a package of the index, add it to requirements.txt.",
            _evidence(hit),
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
        _evidence(hit),
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
        _SEND,
        f"Rename {top}.py (and delete its __pycache__), then deploy again.",
        _evidence(hit),
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


def too_new_for_server(hit: LineMatch, change: Change, what: str) -> Explanation:
    """The explanation of a package that left the server behind."""
    package = change.package
    return Explanation(
        "package-too-new-for-server",
        f"{with_version(hit, package)} is too new for this server: its own script uses {what}, which {package} {change.release} and newer no longer have.",
        f"Update the server, or have the author pin {package}<{change.release}.",
        f"Pin {package}<{change.release} in requirements.txt.",
    )


def does_not_fit(hit: LineMatch, change: Change, what: str, importer: str) -> Explanation:
    """The explanation of a name that another release of a package has.

    importer: the package that uses it; empty where the content does.
    """
    package = change.package
    if speaker_of(hit) is Speaker.SERVER and change.gone:
        return too_new_for_server(hit, change, what)
    own = normalize(importer) == normalize(package)
    who = (
        with_version(hit, importer) if importer and not own else f"The content{place_of(_own(hit))}"
    )
    if change.gone:
        other = f" Update {importer}, or pin" if importer and not own else " Pin"
        instead = f" ({change.instead} has taken its place)" if change.instead else ""
        return Explanation(
            "packages-do-not-fit",
            f"{who} uses {what}, which {package} {change.release} and newer no longer have{instead}; installed is {with_version(hit, package) if installed_version(hit.case, package) else f'such a newer {package}'}.",
            _SEND,
            f"{other.strip()} {package}<{change.release} in requirements.txt."
            + (
                ""
                if importer and not own
                else f" To stay with the newer {package}, change the content."
            ),
            _evidence(hit),
        )
    return Explanation(
        "packages-do-not-fit",
        f"{who} uses {what}, which only {package} {change.release} and newer have; installed is {with_version(hit, package) if installed_version(hit.case, package) else f'an older {package}'}.",
        _SEND,
        f"Put {package}>={change.release} into requirements.txt, or pin an older release of {importer}."
        if importer and not own
        else f"Put {package}>={change.release} into requirements.txt.",
        _evidence(hit),
    )


def _no_name(hit: LineMatch) -> Explanation | None:
    name, module, path = hit["name"], hit["module"], hit["path"]
    if not runs(hit):
        return None
    importer = _importer(hit)
    top = module.split(".")[0]
    if "partially initialized" in hit.line.body or ("circular import" in hit.line.body):
        return _circular(hit, module, path)
    if name in REMOVED_NAMES.get(module, "").split():
        return _left_python(
            hit, f"{module}.{name}", "3.10" if module == "collections" else "3.12", importer
        )
    if change := (change_of(module, name) or change_of(f"{module}.{name}")):
        return does_not_fit(hit, change, f"{module}.{name}" if module else name, importer)
    package = distribution_of(top)
    if path and "-packages/" not in path and not re.search(r"/lib(?:64)?/python[23]", path):
        return Explanation(
            "content-failed",
            f"The content's own file {path.rsplit('/', 1)[-1]} has no {name}, which {place_of(_own(hit)).strip(' ()') or 'the content'} imports from {module}.",
            _SEND,
            f"Correct the import, or rename {path.rsplit('/', 1)[-1]} if the package {top} was meant.",
            _evidence(hit),
        )
    if speaker_of(hit) is Speaker.SERVER:
        return Explanation(
            "server-script-failed",
            f"The server's own script finds no {name} in {module}: the installed {with_version(hit, package)} is of another release than this server expects.",
            f"See which releases of {package} this release of the server supports; update the server if it is too old for the content.",
            f"Pin a release of {package} that the server supports.",
        )
    if importer and normalize(importer) == normalize(package):
        return Explanation(
            "packages-do-not-fit",
            f"{with_version(hit, package)} does not find its own {module}.{name}: files of two releases of it are mixed, or a package that it needs is of the wrong release.",
            "Build the environment anew (`pysteward content rebuild`).",
            f"Pin {package} to one release in requirements.txt, and leave out other packages that bring the same module.",
            _evidence(hit),
        )
    who = with_version(hit, importer) if importer else f"The content{place_of(_own(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"{who} imports {name} from {module}, and the installed {with_version(hit, package)} has no such name: it is newer or older than that was written for.",
        _SEND,
        (
            f"Pin {importer} and {package} to releases that fit each other"
            if importer
            else f"Pin the release of {package} that the content was written with"
        )
        + " (`pip freeze` where it works).",
        _evidence(hit),
    )


def _circular(hit: LineMatch, module: str, path: str) -> Explanation:
    file = path.rsplit("/", 1)[-1] or f"{module}.py"
    if path and "-packages/" in path:
        return Explanation(
            "packages-do-not-fit",
            f"The package {distribution_of(module)} cannot be imported: it imports itself in a circle, as files of two releases or a file of that name in the content make it.",
            "Build the environment anew (`pysteward content rebuild`).",
            f"See that no file of the content is called {module.split('.')[0]}.py; pin one release of {distribution_of(module)}.",
            _evidence(hit),
        )
    return Explanation(
        "content-failed",
        f"The content's file {file} is imported while it is itself being imported{place_of(_own(hit))}: two files import each other, or {file} is called like a package.",
        _SEND,
        f"Rename {file} if it is called like a package, or move the import into the function that needs it.",
        _evidence(hit),
    )


def _attribute(hit: LineMatch) -> Explanation | None:
    if not runs(hit):
        return None
    text = hit["what"]
    importer = _importer(hit)
    if found := re.search(
        r"module '(?P<module>[\w.]{1,100})' has no attribute '(?P<name>\w{1,80})'", text
    ):
        module, name = found["module"], found["name"]
        if "partially initialized" in text:
            return _circular(hit, module, "")
        if change := (change_of(module, name) or change_of(f"{module}.{name}")):
            return does_not_fit(hit, change, f"{module}.{name}", importer)
        if module == "lib" and re.search(r"X509|OpenSSL_add", name):
            return _old_pyopenssl(hit)
        if name in REMOVED_NAMES.get(module, "").split():
            return _left_python(
                hit, f"{module}.{name}", "3.10" if module == "collections" else "3.12", importer
            )
        return (
            None
            if speaker_of(hit) is Speaker.UNKNOWN
            else _odd_attribute(hit, module, name, importer)
        )
    if "partially initialized module" in text and (
        found := re.search(r"module '(?P<module>[\w.]{1,100})'", text)
    ):
        return _circular(hit, found["module"], "")
    change = attribute_change(hit.line.body)
    return (
        does_not_fit(hit, change, f"what it no longer finds ({text[:120].rstrip('.')})", importer)
        if change
        else None
    )


def _odd_attribute(hit: LineMatch, module: str, name: str, importer: str) -> Explanation:
    package = distribution_of(module)
    who = with_version(hit, importer) if importer else f"The content{place_of(_own(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"{who} uses {module}.{name}, which the module {module} that is found does not have: another release of {package} is installed, or a file of that name stands before it.",
        _SEND,
        f"Pin the release of {package} that the content was written with; see that no file of the content is called {module.split('.')[0]}.py.",
        _evidence(hit),
    )


def _old_pyopenssl(hit: LineMatch) -> Explanation:
    return Explanation(
        "packages-do-not-fit",
        "pyOpenSSL is too old for the installed cryptography: it looks for something of OpenSSL that cryptography no longer offers.",
        _SEND,
        "Update pyOpenSSL in requirements.txt (`pyOpenSSL>=24`), or pin the cryptography that it was made for.",
        _evidence(hit),
    )


def _by_wording(hit: LineMatch) -> Explanation | None:
    """Exceptions of known wordings that tell of two releases that do not fit."""
    change = attribute_change(hit.line.body)
    if change is None or not runs(hit):
        return None
    return does_not_fit(
        hit, change, f"what it no longer finds ({hit.line.body[:120].rstrip('.')})", _importer(hit)
    )


_COMPILED_FOR_NUMPY: Final = re.compile(r"numpy\.(?:dtype|ndarray|ufunc)|NumPy|numpy|_ARRAY_API")


def _numpy_mismatch(hit: LineMatch) -> Explanation | None:
    """A package compiled for one numpy meets another."""
    raised, importer = raised_at(hit), _importer(hit)
    frames = raised.frames if raised else ()
    who = next(
        (
            name
            for frame in reversed(frames)
            if (name := package_of_frame(frame)) not in ("", "numpy")
        ),
        importer,
    )
    package = with_version(hit, who) if who and normalize(who) != "numpy" else "A package"
    return Explanation(
        "packages-do-not-fit",
        f"{package} was compiled for another numpy than the installed {with_version(hit, 'numpy')}{' (numpy 1 and 2 have different binary interfaces)' if '2' in hit.line.body else ''}.",
        "Send that to the content's author: the two releases must fit each other.",
        f"Pin numpy<2, or a release of {who or 'that package'} that was made for numpy 2, in requirements.txt.",
        _evidence(hit),
        Layer.CAUSE,
    )


def _foreign_extension(hit: LineMatch) -> Explanation | None:
    """A compiled module of another Python, processor or system."""
    if speaker_of(hit) is Speaker.BUILD and "site-packages" not in hit.line.body:
        return None
    path = hit["path"]
    name = path.rsplit("/", 1)[-1] or "A compiled module"
    package = _SITE.search(path)
    owner = distribution_of(package["module"]) if package else ""
    return Explanation(
        "extension-mismatch",
        f"{name}{f' of {with_version(hit, owner)}' if owner else ''} was compiled for another Python, system or release of what it uses: {hit['what'][:160].rstrip('.')}.",
        "Build the environment anew on this server (`pysteward content rebuild`); clear pip's cache if wheels of another machine are in it.",
        f"Leave compiled files out of the bundle; pin {owner or 'the package'} to a release that has a wheel for {this_python(hit)}"
        + (", and the packages that it was compiled against." if "symbol" in hit["what"] else "."),
        _evidence(hit),
    )


def _other_python_modules(hit: LineMatch) -> Explanation | None:
    return Explanation(
        "extension-mismatch",
        f"A compiled module was made for Python {hit['made']}, and {f'Python {python}' if (python := python_of(hit.case)) else 'another Python'} loads it.",
        "Build the environment anew on this server (`pysteward content rebuild`); see that PYTHONPATH names no directory of another Python.",
        "Leave installed packages (venv, site-packages) out of the bundle.",
    )


def _protobuf(hit: LineMatch) -> Explanation | None:
    if not runs(hit):
        return None
    importer = _importer(hit)
    return Explanation(
        "packages-do-not-fit",
        f"{with_version(hit, 'protobuf')} is newer than the code that {importer if importer and normalize(importer) != 'protobuf' else 'an installed package'} brings for it allows: descriptors made by protoc before 3.19 do not work with protobuf 4.",
        _SEND,
        "Pin protobuf<4 (3.20.x) in requirements.txt, or update the package that brings the generated code.",
        _evidence(hit),
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("No module named ",),
        r"(?:ModuleNotFoundError|ImportError): No module named [\"']?(?P<module>[\w.]{1,150})[\"']?(?P<file>; '[\w.]{1,100}' is not a package)?",
        _no_module,
    ),
    rule(
        "cannot import name",
        r"ImportError: cannot import name ['\"]?(?P<name>\w{1,100})['\"]?(?: from (?:partially initialized module )?['\"](?P<module>[\w.]{1,100})['\"](?: \((?P<path>[^()]{1,400})\))?)?",
        lambda hit: _no_name(hit) if hit["module"] else None,
    ),
    rule("AttributeError: ", r"AttributeError: (?P<what>.{1,400})", _attribute),
    rule(
        (
            "TypeError: ",
            "ObjectNotExecutableError",
            "ObsoleteAttributeException",
            "ArgumentError",
            "Pydantic",
            "APIRemovedInV1",
        ),
        r"(?:TypeError|ObjectNotExecutableError|ObsoleteAttributeException|ArgumentError|PydanticImportError|PydanticUserError|APIRemovedInV1): .{1,300}|^You tried to access openai",
        _by_wording,
    ),
    rule(
        (
            "size changed, may indicate binary incompatibility",
            "compiled using NumPy 1.x",
            "_ARRAY_API not found",
            "numpy.core.multiarray failed to import",
            "module compiled against A",
        ),
        r"^(?:\w{1,40}: )?(?:numpy\.\w{1,20} size changed, may indicate binary incompat|.{0,40}compiled using NumPy 1\.x|.{0,20}_ARRAY_API not found|numpy\.core\.multiarray failed to import|module compiled against A[PB]I version)",
        _numpy_mismatch,
        Layer.SYMPTOM,
    ),
    rule(
        (
            "undefined symbol",
            "invalid ELF header",
            "wrong ELF class",
            "mach-o",
            "Exec format",
            "slice is not valid",
        ),
        r"(?:ImportError|OSError): (?P<path>/[^\s:]{1,400}\.so[\w.]{0,20}): (?P<what>undefined symbol: [^\s,]{1,200}(?:, \S{1,100})?|invalid ELF header|wrong ELF class: \S{1,40}|.{0,40}mach-o.{0,80}|cannot open shared object file: Exec format error)",
        _foreign_extension,
    ),
    rule(
        (
            "we have compiled some modules for Python",
            "compiled for Python",
            "does not match runtime version",
            "Python version mismatch",
        ),
        r"compile time Python version (?P<made>[\d.]{1,8}) of module .{1,200} does not match runtime version|"
        r"[Mm]odule was compiled for Python (?P<made2>[\d.]{1,8}), but the interpreter",
        _other_python_modules,
    ),
    rule(
        "Descriptors cannot be created directly",
        r"TypeError: Descriptors cannot be created directly",
        _protobuf,
    ),
)
