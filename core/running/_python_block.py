# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
# ruff: noqa: UP031 - what newer Pythons would rather see, 2.7 cannot read
"""Checks what R content needs of its Python: that it starts, and that R can load it.

Run by `_main.py`; never imported. Arguments: modules that must be there.
"""

import importlib
import os
import sys
import sysconfig


def shared_library():
    """Return the file of the shared library of this Python, which reticulate loads; else None."""
    name = sysconfig.get_config_var("INSTSONAME") or sysconfig.get_config_var("LDLIBRARY") or ""
    directories = [sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("LIBPL")]
    directories.append(os.path.join(getattr(sys, "base_prefix", sys.prefix), "lib"))
    for directory in filter(None, directories):
        path = os.path.join(directory, name)
        if ".so" in name and os.path.exists(path):
            return path
    return None


def main():
    sys.stdout.write("python:         %s\n" % sys.executable)
    sys.stdout.write("version:        %s\n" % sys.version.replace("\n", " "))
    for module in sys.argv[1:]:
        found = importlib.import_module(module)
        sys.stdout.write("%-15s %s\n" % (module + ":", getattr(found, "__version__", "is there")))
    if not sysconfig.get_config_var("Py_ENABLE_SHARED") or shared_library() is None:
        sys.stdout.flush()
        sys.stderr.write(
            "Error: Python shared library not found, Python bindings not loaded. "
            "Use reticulate::install_python() or compile Python with --enable-shared\n"
        )
        raise SystemExit(1)
    sys.stdout.write("libpython:      %s\n" % shared_library())
