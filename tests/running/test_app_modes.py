"""Content of each app mode, with real packages: it starts, or is told why not.

One of each pair starts. The other is known not to: what it uses is not there, or fails.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pysteward.core.processes import find_confinement
from tests.running.content import cause_of, checked, deployed
from tests.support.server import SampleServer

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not find_confinement().is_whole, reason="nothing here confines programs"),
]


def notebook(*cells: str, kernel: str = "python3") -> str:
    """A notebook of these cells, as Jupyter writes it."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {"name": kernel, "display_name": "Python", "language": "python"}
            },
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell{number}",
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                    "source": source,
                }
                for number, source in enumerate(cells)
            ],
        }
    )


class Case(NamedTuple):
    """file, line: of the content's own, where it fails. said: words of the cause."""

    mode: str
    entry: str
    requirements: str
    good: str
    bad: str
    file: str
    line: int
    said: str


FLASK = """
from flask import Flask
app = Flask(__name__)
@app.route("/")
def index():
    return "hello"
"""
STREAMLIT = "import streamlit as st\nst.title('hello')\n"
DASH = "from dash import Dash, html\napp = Dash()\napp.layout = html.Div('hello')\n"
BOKEH = "from bokeh.plotting import curdoc, figure\ncurdoc().add_root(figure())\n"
PANEL = "import panel as pn\npn.panel('# hello').servable()\n"
SHINY = """\
from shiny import App, render, ui
page = ui.page_fluid(ui.output_text("text"))
def server(input, output, session):
    @render.text
    def text():
        return "hello"
app = App(page, server)
"""

CASES = {
    "flask": Case(
        "python-api", "app", "flask\ngunicorn\n", FLASK,
        FLASK.replace('return "hello"', "return 1 / 0"), "app.py", 6, "ZeroDivisionError",
    ),
    "fastapi and a starlette that is too new": Case(
        "python-fastapi", "app:app", "fastapi\nuvicorn\n",
        "from fastapi import FastAPI\napp = FastAPI()\n",
        "from starlette.applications import Starlette\napp = Starlette()\n\n"
        "@app.route('/')\ndef index(request):\n    pass\n",
        "app.py", 4, "starlette",
    ),
    "notebook": Case(
        "jupyter-static", "report.ipynb", "nbconvert\nipykernel\n",
        notebook("x = 1", "print(x)", kernel="of-the-author"),
        notebook("x = 1", "y = 2\nprint(x / 0)"), "report.ipynb, cell 2", 2, "ZeroDivisionError",
    ),
    "streamlit": Case(
        "python-streamlit", "app.py", "streamlit\n", STREAMLIT,
        STREAMLIT + "raise ValueError('broken')\n", "app.py", 3, "broken",
    ),
    "dash": Case(
        "python-dash", "app", "dash\n", DASH,
        DASH + "def layout():\n    return 1 / 0\napp.layout = layout\n",
        "app.py", 5, "ZeroDivisionError",
    ),
    "bokeh": Case(
        "python-bokeh", "app.py", "bokeh\n", BOKEH, BOKEH + "raise ValueError('broken')\n",
        "app.py", 3, "broken",
    ),
    "panel": Case(
        "python-panel", "app.py", "panel\n", PANEL, PANEL + "raise ValueError('broken')\n",
        "app.py", 3, "broken",
    ),
    "shiny": Case(
        "python-shiny", "app:app", "shiny\n", SHINY,
        SHINY.replace("    @render.text\n", "    raise ValueError('broken')\n    @render.text\n"),
        "app.py", 4, "broken",
    ),
    "gradio": Case(
        "python-gradio", "app", "gradio\n",
        "import gradio as gr\ndemo = gr.Interface(str, 'text', 'text')\ndemo.launch()\n",
        "import gradio as gr\ndemo = gr.Interface(str, 'no such thing', 'text')\ndemo.launch()\n",
        "app.py", 2, "no such thing",
    ),
    "voila": Case(
        "jupyter-voila", "report.ipynb", "voila\nipykernel\nipywidgets\n",
        notebook("x = 1"), notebook("x = 1", "import nothing_there"),
        "report.ipynb, cell 2", 1, "nothing_there",
    ),
    "a pandas that numpy 2 does not fit": Case(
        "python-api", "app", "pandas==2.0.3\nnumpy>=2\n", "", "import pandas\n",
        "app.py", 1, "numpy",
    ),
}  # fmt: skip
IN_CI = ("flask",)  # a notebook is rendered below


def cases() -> list[Any]:
    """One of them in each run, the others in a full one."""
    return [
        pytest.param(case, id=name, marks=() if name in IN_CI else pytest.mark.full)
        for name, case in CASES.items()
    ]


@pytest.fixture
def connected(server: SampleServer) -> SampleServer:
    """The server with the package index that this machine has."""
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        server.environment[name] = ""
    return server


@pytest.mark.parametrize("case", cases())
def test_what_starts_starts_and_what_does_not_is_told_with_its_line(
    connected: SampleServer, case: Case
) -> None:
    file = case.entry if case.entry.endswith(".ipynb") else "app.py"
    how = {"appmode": case.mode, "entrypoint": case.entry}
    for text in filter(None, (case.good, case.bad)):
        name = deployed(connected, {file: text}, case.requirements, metadata=how)
        found = checked(connected, name, "--timeout", "120")
        if text is case.good:
            assert found["starts"] == "yes", found["stderr"][-4000:]
            assert found["check"]["waited_for"]
            continue
        assert found["starts"] == "no", found["stderr"][-4000:]
        cause = cause_of(found)
        assert case.said in cause["cause"], cause
        first = cause["evidence"][0]
        assert (first["source"], first["line"]) == (case.file, case.line)


def test_a_notebook_is_rendered_cell_by_cell_and_a_failing_cell_is_shown(
    connected: SampleServer, tmp_path: Path
) -> None:
    case, file = CASES["notebook"], tmp_path / "report.html"
    how = {"appmode": case.mode, "entrypoint": case.entry}
    for name, text in {"good": notebook("x = 3", "print('hello ' * x)"), "bad": case.bad}.items():
        app = deployed(connected, {"report.ipynb": text}, case.requirements, metadata=how)
        done = connected.run("content", "render", app, "-o", file)
        assert "cell 2 of 2" in done.stderr, done.stderr
        assert done.returncode == (0 if name == "good" else 1)
        assert file.exists() is (name == "good")
        if name == "good":
            assert "hello hello hello" in file.read_text()
            file.unlink()
        if name == "bad":
            assert "report.ipynb, cell 2, line 2: print(x / 0)" in done.stdout
            assert "ZeroDivisionError" in done.stderr


@pytest.mark.full
def test_a_cell_that_never_ends_is_named(connected: SampleServer, tmp_path: Path) -> None:
    case, file = CASES["notebook"], tmp_path / "report.html"
    how = {"appmode": case.mode, "entrypoint": case.entry}
    text = notebook("import time", "time.sleep(1000)")
    app = deployed(connected, {"report.ipynb": text}, case.requirements, metadata=how)
    done = connected.run("content", "render", app, "-o", file, "--timeout", "15")
    assert done.returncode == 1
    assert "start-timeout" in done.stdout
    assert "report.ipynb, cell 2, line 1: time.sleep(1000)" in done.stdout
    assert not file.exists()
