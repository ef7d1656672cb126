"""The built-in list of packages that are never installed on a Linux server.

Content is written on desktops. ``pip freeze`` and its like put into the requirements what only
exists there, and the whole build would fail on one such line. A package is on this list if all of
these hold, so that nothing is taken from anybody:

- no release of it can be installed and imported on Linux: it has neither a wheel for Linux nor
  sources that build there, because it is an interface to another system's own libraries;
- it comes into the requirements by itself, as a dependency of something common, under an
  environment marker that the frozen list has lost.

Names are written as PEP 503 normalises them. A bare ``ProhibitedPackage`` line, or
``builtin-prohibited-packages = false``, clears this list.
"""

from __future__ import annotations

BUILT_IN_PROHIBITED = (
    "appnope",  # keeps macOS from putting a process to sleep; IPython and ipykernel there
    "pypiwin32",  # the former name of pywin32
    "pywin32",  # the Windows API; jupyter_core there
    "pywin32-ctypes",  # parts of pywin32 over ctypes; keyring and PyInstaller there
    "pywinpty",  # pseudo-terminals of Windows; terminado and the notebook server there
    "win-unicode-console",  # the Windows console; IPython on old Pythons there
    "wincertstore",  # certificates of Windows; setuptools on old Pythons there
)
