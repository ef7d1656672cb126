"""Run pip as if under another Python: ``python _pip_for.py PIP ENVIRONMENT ARGUMENT…``.

pip's own ``--python-version`` chooses files for another Python, but still judges environment
markers (PEP 508) by the one it runs under; here they are told what that other one would say.

PIP: the directory that holds the package pip. ENVIRONMENT: the markers' variables, as JSON.
"""

import json
import runpy
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

# The parent may be killed; then the kernel ends this process (prctl(2)).
_PR_SET_PDEATHSIG = 1
with suppress(ImportError, OSError, AttributeError):  # without it, it ends by itself in a while
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

directory, environment, *arguments = sys.argv[1:]
sys.path.insert(0, directory)

# The pip of that directory, which declares no types.
markers: Any = import_module("pip._vendor.packaging.markers")
own = markers.default_environment
markers.default_environment = lambda: {**own(), **json.loads(environment)}
sys.argv = ["pip", *arguments]
runpy.run_module("pip", run_name="__main__")
