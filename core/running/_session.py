# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
# ruff: noqa: UP031, RUF005 - what newer Pythons would rather see, 3.6 cannot read
"""Runs a Streamlit script as a browser's session does, with Streamlit's own AppTest.

Run by `_main.py` in the content's directory; never imported. Arguments: the script;
seconds. Ends with 77 where this release has no AppTest (before 1.28).
"""

import os
import sys


def main():
    try:
        from streamlit.testing.v1 import AppTest
    except ImportError:
        os._exit(77)
    # AppTest shows what the script raises as an element, and logs it through the runner's logger.
    app = AppTest.from_file(os.path.abspath(sys.argv[1]), default_timeout=float(sys.argv[2]))
    app.run()
    for raised in app.exception:
        trace = list(getattr(raised, "stack_trace", []) or [])
        lines = ["Traceback (most recent call last):"] + [line.rstrip("\n") for line in trace]
        kind = getattr(raised.proto, "type", "Exception")
        sys.stderr.write("\n".join(lines + ["%s: %s" % (kind, raised.message)]) + "\n")
    sys.stderr.flush()
    os._exit(1 if len(app.exception) else 0)
