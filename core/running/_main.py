# pyright: basic
"""Runs one of the scripts that start content, whose text is in SCRIPT, on Python 2.7 to 3.14.

Sent as the argument of ``-c``; never imported. What is raised is the content's: it is printed
without the frames of pysteward, which are in ``<pysteward>``, and of the import itself.
"""

import os
import sys
import traceback


def tell_failure():
    kind, value, trace = sys.exc_info()
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<") and not file.endswith("importlib/__init__.py"):
            break
        trace = trace.tb_next
    traceback.print_exception(kind, value, trace)
    sys.stderr.flush()
    os._exit(1)


def run(text):
    names = {"__name__": "__main__"}  # type: dict
    try:
        exec(compile(text, "<pysteward>", "exec"), names)
        names["main"]()
    except SystemExit:
        raise
    except BaseException:
        tell_failure()


run(SCRIPT)  # noqa: F821 - see programs.py # pyright: ignore[reportUndefinedVariable]
