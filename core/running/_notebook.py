# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
# ruff: noqa: UP031 - what newer Pythons would rather see, 3.4 cannot read
"""Executes a notebook with the environment's own Jupyter, cell by cell, on Python 3.4 and later.

Run by `_main.py` in the content's directory; never imported. Arguments: the notebook; seconds that
it may take; the HTML file to be written, or nothing. A failing cell ends it with the cell's
traceback; so does a cell that is interrupted at the time limit, with 75.
"""

import os
import sys
import time

sys.path[:] = [entry for entry in sys.path if entry]  # as a server starts Jupyter

LATE = 75  # see _driver.py
BEGUN = time.time()
MOST_SECONDS = 1e6  # more is no limit


def show(text):
    sys.stdout.write("pysteward: %s\n" % text)
    sys.stdout.flush()


def kernel_for(notebook):
    """Return a kernel of this environment; the author's name for it may be unknown here."""
    from jupyter_client.kernelspec import KernelSpecManager

    wanted = notebook.metadata.get("kernelspec", {})
    name, language = wanted.get("name", "python3"), wanted.get("language", "")
    known = KernelSpecManager().find_kernel_specs()
    is_python = language == "python" or name.lower().startswith("python")
    if name in known and not is_python:
        return name
    if language and not is_python:
        sys.stderr.write("No such kernel named %s\n" % name)
        raise SystemExit(1)
    import ipykernel  # noqa: F401 - a notebook of Python needs it

    if name != "python3":
        show("WARNING: the notebook names the kernel %r: the environment's Python is used" % name)
    return "python3"


def executor_of(kernel, deadline):
    """Return what executes; a cell that runs at the deadline is interrupted, so it tells where."""
    from nbconvert.preprocessors import ExecutePreprocessor

    class Executor(ExecutePreprocessor):
        total = 0
        number = 0

        def preprocess_cell(self, cell, resources, *place, **named):
            if cell.get("cell_type") != "code":
                return ExecutePreprocessor.preprocess_cell(self, cell, resources, *place, **named)
            self.number += 1
            show("cell %d of %d" % (self.number, self.total))
            return ExecutePreprocessor.preprocess_cell(self, cell, resources, *place, **named)

    def seconds_left(cell):
        left = deadline - time.time()
        return max(1, int(left)) if left < MOST_SECONDS else None

    return Executor(
        timeout_func=seconds_left,
        interrupt_on_timeout=True,
        kernel_name=kernel,
    )


def execute(path, deadline):
    import nbformat

    with open(path, "rb") as file:
        notebook = nbformat.reads(file.read().decode("utf-8"), as_version=4)
    executor = executor_of(kernel_for(notebook), deadline)
    executor.total = sum(cell.cell_type == "code" for cell in notebook.cells)
    directory = os.path.dirname(os.path.abspath(path))
    try:
        executor.preprocess(notebook, {"metadata": {"path": directory}})
    except Exception as error:
        if type(error).__name__ not in ("CellExecutionError", "DeadKernelError"):
            raise
        is_late = time.time() >= deadline - 1  # a cell is given whole seconds
        if not is_late:
            show("cell %d of %d failed" % (executor.number, executor.total))
        text = getattr(error, "traceback", "") or str(error)
        sys.stderr.write(plain(text) + "\n")
        raise SystemExit(LATE if is_late else 1) from None
    return notebook


def plain(text):
    """Return a traceback without the colors that IPython gives it."""
    import re

    return re.sub("\x1b\\[[0-9;]*m", "", text)


def write(notebook, path, target):
    from nbconvert import HTMLExporter

    show("writing HTML")
    name = os.path.splitext(os.path.basename(path))[0]
    html, _ = HTMLExporter().from_notebook_node(notebook, {"metadata": {"name": name}})
    with open(target, "wb") as file:
        file.write(html.encode("utf-8"))


def main():
    path, seconds = sys.argv[1:3]
    target = (sys.argv[3:] or [""])[0]
    notebook = execute(path, BEGUN + float(seconds))
    if target:
        write(notebook, path, target)
