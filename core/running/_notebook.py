# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
# ruff: noqa: UP031 - what newer Pythons would rather see, 3.4 cannot read
"""Executes a notebook with the environment's own Jupyter, cell by cell, on Python 3.4 and later.

Sent as the argument of ``-c`` in the content's directory; never imported. Arguments: the notebook;
the HTML file to be written, or nothing. A failing cell ends it with the cell's traceback.
"""

import os
import sys
import traceback

sys.path[:] = [entry for entry in sys.path if entry]  # as a server starts Jupyter


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


def executor_of(kernel):
    """Return a class that executes, and how it is called: nbconvert's, else nbclient's."""
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

    return Executor(timeout=None, kernel_name=kernel)


def execute(path):
    import nbformat

    with open(path, "rb") as file:
        notebook = nbformat.reads(file.read().decode("utf-8"), as_version=4)
    executor = executor_of(kernel_for(notebook))
    executor.total = sum(cell.cell_type == "code" for cell in notebook.cells)
    directory = os.path.dirname(os.path.abspath(path))
    try:
        executor.preprocess(notebook, {"metadata": {"path": directory}})
    except Exception as error:
        if type(error).__name__ not in ("CellExecutionError", "DeadKernelError"):
            raise
        show("cell %d of %d failed" % (executor.number, executor.total))
        text = getattr(error, "traceback", "") or str(error)
        sys.stderr.write(plain(text) + "\n")
        raise SystemExit(1) from None
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


def tell_failure():
    """Print what was raised without the frames of pysteward and of the import itself."""
    kind, value, trace = sys.exc_info()
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<") and not file.endswith("importlib/__init__.py"):
            break
        trace = trace.tb_next
    traceback.print_exception(kind, value, trace)
    sys.stderr.flush()
    os._exit(1)


def main():
    path, target = sys.argv[1], (sys.argv[2:] or [""])[0]
    if not os.path.isfile(path):
        sys.stderr.write("can't open file '%s': [Errno 2] No such file\n" % path)
        raise SystemExit(1)
    notebook = execute(path)
    if target:
        write(notebook, path, target)


try:
    main()
except SystemExit:
    raise
except BaseException:
    tell_failure()
