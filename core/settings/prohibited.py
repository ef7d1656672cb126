"""The built-in list of packages that are never installed on a Linux server.

Content is written on desktops. ``pip freeze`` and its like put into the requirements what only
exists there, and the whole build would fail on one such line. A package is on this list if it is an
interface to another system's own libraries, so that no program on Linux can have a use for it, and

- it cannot be installed here: it has no wheel for Linux, and its sources, if it offers any, do not
  build there (``appnope`` alone can: it then does nothing, by design); and
- it comes into requirements by itself, as a dependency of something common under an environment
  marker that a frozen list has lost.

What installs on Linux and is merely of little use there, such as ``pywin32-ctypes``,
is not on it: nothing fails because of it. Names are written as PEP 503 normalizes them. A bare
``ProhibitedPackage`` line, or ``builtin-prohibited-packages = false``, clears this list.
"""

from __future__ import annotations

BUILT_IN_PROHIBITED = (
    "appnope",  # keeps macOS from slowing a process down; IPython and ipykernel there
    "pyobjc",  # all of the next at once
    "pyobjc-core",  # the bridge to Objective-C on macOS
    "pyobjc-framework-cocoa",  # the framework that other packages ask for there
    "pypiwin32",  # the former name of pywin32, on which it depends
    "pywin32",  # the Windows API; jupyter_core there
    "pywinpty",  # pseudo-terminals of Windows; terminado and the notebook server there
    "windows-curses",  # curses for the Windows console; terminal programs there
)
