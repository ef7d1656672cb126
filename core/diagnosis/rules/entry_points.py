"""What content is started with: a program, a file, an object, a kernel that is not there."""

from __future__ import annotations

import re
from typing import Final

from ..module_names import STARTERS, distribution_of
from ..rule import Explanation, LineMatch, Rule, rule
from .content import SEND
from .speakers import Speaker, speaker_of


def _no_python(name: str) -> Explanation:
    of_pip = name.startswith("pip")
    return Explanation(
        "pip-missing" if of_pip else "interpreter-missing",
        f"The command {name} is called, and there is none of that name on the PATH of what calls it.",
        "Name it by its whole path"
        + (
            ", or call it as a module of the Python that is meant (`python3 -m pip`)"
            if of_pip
            else ""
        )
        + "; an image or machine without Python needs it installed first.",
        "Start from an image that has Python, or have the platform add it (its settings for a language or runtime).",
    )


def _no_starter(hit: LineMatch) -> Explanation | None:
    """A program that a package of the requirements would have brought."""
    name = hit["program"].rsplit("/", 1)[-1].strip("'\"`")
    if speaker_of(hit) is Speaker.BUILD:
        return None
    if re.fullmatch(r"(?:python|pypy|pip)[\d.]{0,5}", name):
        return _no_python(name)
    if name not in STARTERS:
        return None
    package = STARTERS[name]
    if name in ("poetry", "pipenv"):
        return Explanation(
            "system-tool-missing",
            f"The program {name} is to install the packages, and is not there.",
            f"Install {name} where the build's user finds it (`pipx install {name}`), or let pip install from a requirements.txt.",
            f"Deploy a requirements.txt beside the project's own file (`{name} export` or `pip freeze`).",
        )
    return Explanation(
        "module-not-installed",
        f"The content is started with {name}, which is not installed: the requirements lack {package.partition('[')[0]}.",
        f"Send that to the content's author: {package.partition('[')[0]} is to be named in the requirements.",
        f"Add {package} to requirements.txt and deploy again; if it is there, the command runs outside the environment that has it (`python -m {name}` runs inside).",
    )


def _no_object(hit: LineMatch) -> Explanation:
    what, module = hit["object"], hit["module"].strip("'\"")
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from {what or 'its app object'}{f' in {module}' if module else ''}, and there is no such object.",
        SEND,
        f"Name the object that the file really defines (entry point MODULE:OBJECT), or call it {what or 'app'}.",
    )


def _no_entry_file(hit: LineMatch) -> Explanation | None:
    file = hit["file"].strip("'\"` ")
    if speaker_of(hit) is Speaker.BUILD or file.rsplit("/", 1)[-1] in ("setup.py", "pip"):
        return None
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from {file}, and there is no such file.",
        SEND,
        f"Deploy {file.rsplit('/', 1)[-1]} with the content, or correct the name of the file that starts it.",
    )


def _notebook(hit: LineMatch) -> Explanation:
    what = hit["what"] or "jupyter"
    package = {"jupyter": "jupyter", "notebook": "notebook", "ipykernel": "ipykernel"}.get(
        what, distribution_of(what)
    )
    return Explanation(
        "module-not-installed",
        f"A notebook or document is to be rendered, and its environment has no {what}.",
        f"Send that to the content's author: {package} is to be named in the requirements.",
        f"Add {package} (and ipykernel) to requirements.txt and deploy again.",
    )


def _no_kernel(hit: LineMatch) -> Explanation:
    return Explanation(
        "content-failed",
        f"The notebook names the kernel {hit['kernel'].strip(chr(39) + chr(34))}, which only the author's machine has.",
        SEND,
        'Set the notebook\'s kernel to python3 (`"kernelspec": {"name": "python3"}`), save it, and deploy again; ipykernel belongs into requirements.txt.',
    )


def _not_importable(hit: LineMatch) -> Explanation:
    """waitress names what it could not import above this line."""
    said = next(
        (line.body for line in hit.log.back_from(hit.index) if line.body.startswith("Error: ")), ""
    )
    found = re.search(
        r"[Mm]odule(?: named)? '(?P<module>[\w.]{1,100})'(?: has no attribute '(?P<name>\w{1,80})')?",
        said,
    )
    what = (
        f"{found['name']} in {found['module']}"
        if found and found["name"]
        else f"the module {found['module']}"
        if found
        else "a module"
    )
    return Explanation(
        "entry-point-missing",
        f"The content is to be started from {what}, and there is no such thing{'' if found else f': {said[:150]}'}.",
        SEND,
        "Deploy that file with the content, or name the module and object that start it (MODULE:OBJECT).",
    )


RULES: Final[tuple[Rule, ...]] = (
    rule(
        "A cell timed out",
        r"A cell timed out while it was being executed, after (?P<after>[\d.]{1,10}) seconds",
        lambda hit: Explanation(
            "timeout",
            f"A cell of the notebook ran longer than {hit['after']} seconds, the limit for one cell, and was ended.",
            "Raise the limit where the notebook is rendered (nbconvert: `--ExecutePreprocessor.timeout`), if the cell may take that long.",
            "Let the cell do less, or split it; see whether it waits for another server.",
        ),
    ),
    rule(
        "importing your module",
        r"There was an exception \(\w{1,60}\) importing your module",
        _not_importable,
    ),
    rule(
        (
            "file not found",
            "command not found",
            ": not found",
            "No such file",
            "Failed to find",
            "Failed to spawn",
            "not recognized",
        ),
        r"exec: \"(?P<program2>[\w./-]{1,100})\": executable file not found|(?:^|[\s:'\"`])(?P<program>(?:/[\w./-]{1,200}/)?[a-z][\w-]{1,30})(?:'|`|\")?: (?:command )?not found|"
        r"(?:Failed to (?:find attribute|spawn): [`'\"]?|[Nn]o such file or directory: ['\"])(?P<program3>(?:/[\w./-]{1,200}/)?[a-z][\w-]{1,30})['\"`]|'(?P<program4>[a-z][\w-]{1,30})' is not recognized as",
        _no_starter,
    ),
    rule(
        ("Failed to find attribute", 'Attribute "', "Failed to parse '", "Failed to find Flask"),
        r"Failed to find attribute '(?P<object>[^']{1,100})' in '(?P<module>[^']{1,100})'|Attribute \"(?P<object2>[^\"]{1,100})\" not found in module \"(?P<module2>[^\"]{1,100})\"|"
        r"Failed to find Flask application or factory(?: in module '(?P<module3>[^']{1,100})')?|Failed to parse '(?P<object3>[^']{1,100})' as an attribute name",
        _no_object,
    ),
    rule(
        ("can't open file", "File does not exist: ", "Error loading ASGI app", "Could not import "),
        r"can't open file '?(?P<file>[^':]{1,300}?\.py)'?: \[Errno 2\]|(?:Invalid value: )?File does not exist: (?P<file2>\S{1,200})|Error loading ASGI app\. Could not import module \"(?P<file3>[^\"]{1,100})\"|Could not import (?:module )?['\"](?P<file4>[\w.]{1,100})['\"]\.$",
        _no_entry_file,
    ),
    rule(
        (
            "No such kernel",
            "NoSuchKernel",
            "ernel '",
            "No module named jupyter",
            "No module named nbconvert",
            "No module named notebook",
            "No module named ipykernel",
            "jupyter: ",
            "Jupyter is not available",
            "Jupyter command `",
        ),
        r"No such kernel named (?P<kernel>\S{1,100})|[Kk]ernel '(?P<kernel2>[^']{1,100})' (?:was )?not (?:found|available|installed)|(?:^|: )No module named '?(?P<what>jupyter|notebook|nbconvert|ipykernel|nbclient|nbformat|jupyter_core)'?$|Jupyter command `jupyter-(?P<what2>\w{1,30})` not found|Jupyter is not available",
        lambda hit: _no_kernel(hit) if hit["kernel"] else _notebook(hit),
    ),
)
