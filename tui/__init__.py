"""The two faces of pysteward, over one engine: the command line and the terminal interface."""

import sys

# Until a command runs, Ctrl-C ends the program at once; Python's own handler would print a
# traceback. This holds for the program alone, not for others that import this package: Python sets
# argv[0] to "-m" while it finds the module to run, and a console script bears the program's name.
# `_signal` is built in; `signal` takes milliseconds to import.
if "".join(sys.argv[:1]).endswith(("-m", "/pysteward")):
    import _signal  # pyright: ignore[reportMissingImports]

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
