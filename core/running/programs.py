"""How content of each app mode is started, and what is asked of it.

App modes are those of rsconnect-python (``rsconnect/models.py``) and of the R package rsconnect.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import field
from pathlib import Path
from typing import Literal

from ..frozen import frozen
from ..processes import BUILD_PATH

Scripts = Literal["_driver", "_serve", "_notebook", "_session", "_python_block"]

WSGI = "the application, served by gunicorn or, where it is not installed, by wsgiref"
SHINY_INIT = json.dumps({"method": "init", "data": {}})

OUTPUT = "pysteward-output.html"
"""What a renderer writes, in the content's directory."""

_TOOLS = f"{BUILD_PATH}:/opt/quarto/bin:/opt/R/bin"
_TO_INTERRUPT = 3.0  # seconds
_NO_SESSION = "no session was opened as a browser would"


@frozen
class Program:
    """A program that starts content.

    name: what it is, for the log. argv: what follows the interpreter; ``{port}`` is the port.
    serves: whether it listens; else it does its work and ends. paths: what is asked for.
    session: another program, which opens a session; what follows the interpreter.
    socket: a path that takes a websocket; first: what is sent there.
    failing: texts in the output by which a failure is known that the server survives.
    not_opened: what is not tried. uses_python: whether argv follows the environment's interpreter.
    variables: by which the program learns its port. grace: seconds beyond the time limit in which
    what does not serve tells where it was, and ends by itself.
    """

    name: str
    argv: tuple[str, ...]
    serves: bool = True
    paths: tuple[str, ...] = ("/",)
    session: tuple[str, ...] = ()
    session_name: str = ""
    session_missing: str = ""
    socket: str = ""
    first: str = ""
    failing: tuple[str, ...] = ()
    not_opened: tuple[str, ...] = ()
    uses_python: bool = True
    variables: dict[str, str] = field(default_factory=dict[str, str])
    grace: float = 0.0


@frozen
class NotChecked:
    """Content that is not started. why: one sentence."""

    why: str


def script(name: Scripts) -> str:
    """Return the code of a script that runs on the environment's interpreter, for its ``-c``.

    In a traceback its file is ``<pysteward>``: code in ``<string>`` is that of a package's build.
    """
    text = _text_of(name)
    if name == "_driver":
        return f"exec(compile({text!a}, '<pysteward>', 'exec'))"
    return f"exec(compile({_text_of('_main')!a}, '<pysteward>', 'exec'), {{'SCRIPT': {text!a}}})"


def _text_of(name: str) -> str:
    return Path(__file__).with_name(f"{name}.py").read_text("utf-8")


def program_for(
    app_mode: str,
    entry: str,
    files: Collection[str],
    modules: Sequence[str] = (),
    *,
    arguments: Sequence[str] = (),
    timeout: float = 60.0,
    host: str = "127.0.0.1",
) -> Program | NotChecked:
    """Return the program that starts content.

    entry: as the manifest has it. files: the names of the content's files.
    modules: what R content needs of its Python. arguments: further ones for the program.
    timeout: seconds that a session may take.
    """
    more = tuple(arguments)
    serve = ("-c", script("_serve"))
    address = (host, "{port}")
    file = started_file(entry, files)
    match app_mode:
        case "python-api":
            return Program(WSGI, (*serve, "wsgi", entry or "app", *address, *more))
        case "python-dash":
            paths = ("/", "/_dash-layout", "/_dash-dependencies")
            return Program(WSGI, (*serve, "dash", entry or "app", *address, *more), paths=paths)
        case "python-fastapi":
            name = "the application, served by uvicorn"
            return Program(
                name,
                (*serve, "asgi", entry or "app", *address, *more),
                not_opened=(),
            )
        case "python-gradio":
            return Program(
                "the script, as python runs it",
                (*serve, "gradio", entry or "app", *address, *more),
                not_opened=(_NO_SESSION,),
                variables={
                    "GRADIO_SERVER_NAME": host,
                    "GRADIO_SERVER_PORT": "{port}",
                    "GRADIO_ANALYTICS_ENABLED": "False",
                },
            )
        case "python-streamlit":
            return Program(
                "streamlit",
                (
                    *("-m", "streamlit", "run", file, "--server.headless", "true"),
                    *("--server.address", host, "--server.port", "{port}"),
                    *("--browser.gatherUsageStats", "false", *more),
                ),
                session=("-c", script("_session"), file, f"{timeout:g}"),
                session_name="a session by Streamlit's AppTest",
                session_missing="no session: this release of Streamlit has no AppTest",
            )
        case "python-bokeh" | "python-panel":
            tool = app_mode.removeprefix("python-")
            return Program(
                tool,
                (
                    *("-m", tool, "serve", file, "--address", host, "--port", "{port}"),
                    *("--allow-websocket-origin=*", *more),
                ),
                failing=("rror running application handler", "Uncaught exception GET"),
                not_opened=("what the page does after it was loaded",),
            )
        case "python-shiny":
            app = entry if ":" in entry else file
            return Program(
                "shiny",
                ("-m", "shiny", "run", "--host", host, "--port", "{port}", *more, app),
                socket="/websocket/",
                first=SHINY_INIT,
                failing=("Traceback (most recent call last)",),
            )
        case "jupyter-voila":
            return Program(
                "voila",
                (
                    *("-m", "voila", file, "--no-browser", "--port={port}"),
                    *(f"--Voila.ip={host}", *more),
                ),
                session=("-c", script("_notebook"), file, f"{timeout:g}"),
                session_name="the notebook to be executed",
                grace=_TO_INTERRUPT,
            )
        case "jupyter-static":
            return _notebook(file, timeout)
        case _:
            return _other(app_mode, modules)


def renderer_for(
    app_mode: str, entry: str, files: Collection[str], *, timeout: float = 60.0
) -> Program | NotChecked:
    """Return the program that writes a document as the file OUTPUT beside it.

    entry: the document, as the manifest has it. files: the names of the content's files.
    timeout: seconds that it may take.
    """
    if entry.endswith(".ipynb"):
        return _notebook(entry, timeout, OUTPUT)
    documents = [name for name in files if name.endswith((".qmd", ".Rmd", ".rmd"))]
    document = entry or (documents[0] if len(documents) == 1 else "")
    if not document.endswith((".qmd", ".Rmd", ".rmd")):
        return NotChecked(
            f"content of the app mode {app_mode or 'that is not named'} is no document"
        )
    if app_mode.startswith("quarto-") or document.endswith(".qmd"):
        tool, arguments = "quarto", ("render", document, "--to", "html", "--output", OUTPUT)
    else:
        code = f'rmarkdown::render(commandArgs(TRUE)[1], output_file = "{OUTPUT}")'
        tool, arguments = "Rscript", ("--vanilla", "-e", code, document)
    program = shutil.which(tool, path=_TOOLS)
    if program is None:
        return NotChecked(f"{document} is rendered by {tool}, which is not installed")
    return Program(tool, (program, *arguments), serves=False, uses_python=False)


def _notebook(file: str, timeout: float, *output: str) -> Program:
    return Program(
        "the notebook",
        ("-c", script("_notebook"), file, f"{timeout:g}", *output),
        serves=False,
        grace=_TO_INTERRUPT,
    )


def _other(app_mode: str, modules: Sequence[str]) -> Program | NotChecked:
    """R content calls Python through reticulate, or through Jupyter."""
    if not app_mode.startswith(("rmd-", "shiny", "quarto-", "api", "r-")):
        return NotChecked(
            f"content of the app mode {app_mode or 'that is not named'} is not started"
        )
    not_opened = ("the R code itself",)
    rscript = shutil.which("Rscript", path=_TOOLS)
    if rscript is not None and not modules:
        check = (
            'if (!requireNamespace("reticulate", quietly = TRUE)) quit(status = 77); '
            "print(reticulate::py_config())"
        )
        return Program(
            "reticulate::py_config()",
            (rscript, "--vanilla", "-e", check),
            serves=False,
            not_opened=not_opened,
            uses_python=False,
        )
    return python_block(modules)


def python_block(modules: Sequence[str]) -> Program:
    """Return the check of what R content needs of its Python, without R."""
    return Program(
        "Python, as R loads it",
        ("-c", script("_python_block"), *modules),
        serves=False,
        not_opened=("the R code itself",),
    )


_STARTED_AS_FILES = frozenset(
    {"python-streamlit", "python-bokeh", "python-panel", "jupyter-voila", "jupyter-static"}
)


def missing_file(app_mode: str, entry: str, files: Collection[str]) -> str | None:
    """Return the file that content is to be started from, where it has no such file.

    None also where a module is imported, which may be anywhere.
    """
    file = started_file(entry, files)
    is_missing = app_mode in _STARTED_AS_FILES or entry.endswith(".ipynb")
    return file if is_missing and file not in files else None


def started_file(entry: str, files: Collection[str]) -> str:
    """Return the file that an entry point names: a file, or a module."""
    name = entry.partition(":")[0]
    if not name:
        name = "app.py"
    if name in files:
        return name
    module = f"{name.replace('.', '/')}.py"
    if module in files:
        return module
    return name if name.endswith((".py", ".ipynb")) else f"{name}.py"


def files_in(content: Path) -> set[str]:
    """Return the names of the files of the content, four levels deep."""
    found: set[str] = set()
    for directory, directories, names in os.walk(content):
        inside = os.path.relpath(directory, content)
        found.update(name if inside == "." else f"{inside}/{name}" for name in names)
        if inside.count("/") >= 3:
            directories.clear()
    return found
