"""Packages that do not fit each other: a name that another release has."""

from __future__ import annotations

import re
from typing import Final

from ...package_names import normalize
from ..facts import installed_version
from ..module_names import distribution_of, is_known
from ..package_changes import Change, attribute_change, change_of
from ..rule import Explanation, LineMatch, Rule, rule
from .content import (
    SEND,
    evidence_of,
    importer_of,
    own_frame,
    place_of,
    raised_at,
    runs,
    with_version,
)
from .releases import does_not_fit, left_python
from .removed_modules import REMOVED_NAMES
from .speakers import Speaker, speaker_of


def _no_name(hit: LineMatch) -> Explanation | None:
    name, module, path = hit["name"], hit["module"], hit["path"]
    if not runs(hit):
        return None
    importer = importer_of(hit)
    top = module.split(".")[0]
    if "partially initialized" in hit.line.body or ("circular import" in hit.line.body):
        return circular(hit, module, path)
    if name in REMOVED_NAMES.get(module, "").split():
        return left_python(
            hit, f"{module}.{name}", "3.10" if module == "collections" else "3.12", importer
        )
    if change := (change_of(module, name) or change_of(f"{module}.{name}")):
        return does_not_fit(hit, change, f"{module}.{name}" if module else name, importer)
    package = distribution_of(top)
    if path and "-packages/" not in path and not re.search(r"/lib(?:64)?/python[23]", path):
        return Explanation(
            "content-failed",
            f"The content's own file {path.rsplit('/', 1)[-1]} has no {name}, which {place_of(own_frame(hit)).strip(' ()') or 'the content'} imports from {module}.",
            SEND,
            f"Correct the import, or rename {path.rsplit('/', 1)[-1]} if the package {top} was meant.",
            evidence_of(hit),
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
            evidence_of(hit),
        )
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"{who} imports {name} from {module}, and the installed {with_version(hit, package)} has no such name: it is newer or older than that was written for.",
        SEND,
        (
            f"Pin {importer} and {package} to releases that fit each other"
            if importer
            else f"Pin the release of {package} that the content was written with"
        )
        + " (`pip freeze` where it works).",
        evidence_of(hit),
    )


def circular(hit: LineMatch, module: str, path: str) -> Explanation:
    file = path.rsplit("/", 1)[-1] or f"{module}.py"
    if path and "-packages/" in path:
        return Explanation(
            "packages-do-not-fit",
            f"The package {distribution_of(module)} cannot be imported: it imports itself in a circle, as files of two releases or a file of that name in the content make it.",
            "Build the environment anew (`pysteward content rebuild`).",
            f"See that no file of the content is called {module.split('.')[0]}.py; pin one release of {distribution_of(module)}.",
            evidence_of(hit),
        )
    return Explanation(
        "content-failed",
        f"The content's file {file} is imported while it is itself being imported{place_of(own_frame(hit))}: two files import each other, or {file} is called like a package.",
        SEND,
        f"Rename {file} if it is called like a package, or move the import into the function that needs it.",
        evidence_of(hit),
    )


def _attribute(hit: LineMatch) -> Explanation | None:
    if not runs(hit):
        return None
    text = hit["what"]
    importer = importer_of(hit)
    if found := re.search(
        r"module '(?P<module>[\w.]{1,100})' has no attribute '(?P<name>\w{1,80})'", text
    ):
        module, name = found["module"], found["name"]
        if "partially initialized" in text:
            return circular(hit, module, "")
        if change := (change_of(module, name) or change_of(f"{module}.{name}")):
            return does_not_fit(hit, change, f"{module}.{name}", importer)
        if module == "lib" and re.search(r"X509|OpenSSL_add", name):
            return _old_pyopenssl(hit)
        if name in REMOVED_NAMES.get(module, "").split():
            return left_python(
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
        return circular(hit, found["module"], "")
    change = attribute_change(hit.line.body)
    return (
        does_not_fit(hit, change, f"what it no longer finds ({text[:120].rstrip('.')})", importer)
        if change
        else None
    )


def _odd_attribute(hit: LineMatch, module: str, name: str, importer: str) -> Explanation:
    package = distribution_of(module)
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"{who} uses {module}.{name}, which the module {module} that is found does not have: another release of {package} is installed, or a file of that name stands before it.",
        SEND,
        f"Pin the release of {package} that the content was written with; see that no file of the content is called {module.split('.')[0]}.py.",
        evidence_of(hit),
    )


def _old_pyopenssl(hit: LineMatch) -> Explanation:
    return Explanation(
        "packages-do-not-fit",
        "pyOpenSSL is too old for the installed cryptography: it looks for something of OpenSSL that cryptography no longer offers.",
        SEND,
        "Update pyOpenSSL in requirements.txt (`pyOpenSSL>=24`), or pin the cryptography that it was made for.",
        evidence_of(hit),
    )


def _by_wording(hit: LineMatch) -> Explanation | None:
    """Exceptions of known wordings that tell of two releases that do not fit."""
    change = attribute_change(hit.line.body)
    if change is None or not runs(hit):
        return None
    return does_not_fit(
        hit,
        change,
        f"what it no longer finds ({hit.line.body[:120].rstrip('.')})",
        importer_of(hit),
    )


# By what name authors import what they call most.
_ALIASES: Final = {
    "st": "streamlit", "pd": "pandas", "np": "numpy", "plt": "matplotlib", "sns": "seaborn", "px": "plotly", "go": "plotly",
    "tf": "tensorflow", "dcc": "dash", "html": "dash", "dbc": "dash-bootstrap-components", "dmc": "dash-mantine-components",
    "gr": "gradio", "pn": "panel", "hv": "holoviews", "sa": "SQLAlchemy", "pl": "polars", "gpd": "geopandas", "xr": "xarray",
    "ui": "shiny", "reactive": "shiny", "render": "shiny", "alt": "altair", "dag": "dash-ag-grid", "nx": "networkx",
}  # fmt: skip


def _other_arguments(hit: LineMatch) -> Explanation | None:
    """A function of a package that is called with arguments which the installed release does not know."""
    raised = raised_at(hit)
    if raised is None or raised.end != hit.index or not runs(hit) or not raised.frames:
        return None
    if speaker_of(hit) is Speaker.SERVER:
        return None  # rules/content_errors.py
    caller = raised.frames[-1]
    called = re.search(
        rf"\b(?P<alias>[A-Za-z_]\w{{0,40}})(?:\.\w{{1,60}}){{0,3}}\.{re.escape(hit['function'])}\(",
        caller.code,
    )
    package = _ALIASES.get(called["alias"], "") if called else ""
    if (
        called
        and not package
        and (is_known(called["alias"]) or installed_version(hit.case, called["alias"]))
    ):
        package = distribution_of(called["alias"])
    if not package:
        return None
    importer = importer_of(hit)
    who = with_version(hit, importer) if importer else f"The content{place_of(own_frame(hit))}"
    return Explanation(
        "packages-do-not-fit",
        f"{who} calls {hit['function']}() of {package} with {hit['what']}, which the installed {with_version(hit, package)} does not know: it is older or newer than that was written for.",
        SEND,
        f"Pin the release of {package} that the {'package' if importer else 'content'} was written with in requirements.txt (`pip freeze` where it works).",
        evidence_of(hit),
    )


def _was_removed(hit: LineMatch) -> Explanation | None:
    """An exception that says which release took a name away."""
    package = hit["package"].lower() or distribution_of(hit["what"].partition(".")[0])
    if not runs(hit) or package == "python" or not package:
        return None
    change = Change(package, hit["release"].rstrip("."))
    return does_not_fit(hit, change, hit["what"], importer_of(hit))


RULES: Final[tuple[Rule, ...]] = (
    rule(
        ("removed in",),
        r"^(?:\w{1,60}\.){0,6}[A-Z]\w{1,60}: .{0,20}?[`'\"](?P<what>[\w.()]{2,80})[`'\"] (?:was|has been|is|are) removed in (?:the )?(?:version )?(?P<package>[A-Za-z][\w-]{1,40})? ?(?:version )?v?(?P<release>\d[\d.]{0,10})",
        _was_removed,
    ),
    rule(
        "TypeError: ",
        r"^TypeError: (?:\w{1,80}\.){0,4}(?P<function>\w{1,80})\(\) (?:got an unexpected keyword argument (?P<what>'\w{1,80}')|takes (?P<what2>(?:from )?\d{1,2} (?:to \d{1,2} )?positional arguments?) but)",
        _other_arguments,
    ),
    rule(
        "cannot import name",
        r"ImportError: cannot import name ['\"]?(?P<name>\w{1,100})['\"]?(?: from (?:partially initialized module )?['\"](?P<module>[\w.]{1,100})['\"](?: \(most likely [^()]{1,60}\))?(?: \((?P<path>[^()]{1,400})\))?)?",
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
)
