"""What makes one environment the same as another, and where it lies.

Content that asks for the same packages, from the same place, for the same Python shares an
environment; anything that could change a package changes the identity. What cannot (a password
that was rotated, a proxy, a certificate, a comment in the requirements) does not, or every such
change would rebuild a whole server.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

from ..frozen import frozen
from ..secrets import mask_secrets
from ..versions import PythonVersion

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 22  # 62 to the 22nd is more than 2 to the 128th


@frozen
class EnvironmentSpec:
    """Everything that an environment's packages depend on. It holds no secret but what stands in
    the requirements.

    executable: the interpreter as it is configured and run.
    interpreter: what tells it from another of the same version; see `interpreter_identity`.
    version: exact, as the installation reports it.
    creator: ``virtualenv``, ``venv`` or ``bundled``.
    installer: who really installs, ``pip`` or ``uv``.
    requirements: the effective ones, prohibited packages removed, included files taken in.
    files: what the requirements name in the bundle, a wheel for example, each as a pair of the
        name and a digest of what it holds.
    configuration: `Configuration.digest`, over the installer's active configuration.
    only_wheels: whether source archives are refused.
    """

    executable: str
    interpreter: str
    version: PythonVersion
    requirements: str
    configuration: str
    creator: str = "virtualenv"
    installer: str = "pip"
    files: tuple[tuple[str, str], ...] = ()
    only_wheels: bool = False


def identity(spec: EnvironmentSpec) -> str:
    """Return the environment's name: 128 bits as 22 letters and digits, safe in an address, as a
    file's name and as an argument."""
    digest = blake2b(digest_size=16, person=b"pysteward-env-1")
    for part in (
        spec.interpreter,
        str(spec.version),
        spec.creator,
        spec.installer,
        *effective_lines(spec.requirements),
        *(text for pair in spec.files for text in pair),
        spec.configuration,
        *(["only-wheels"] if spec.only_wheels else []),
    ):
        data = part.encode("utf-8", "surrogateescape")
        digest.update(b"%d:%b" % (len(data), data))
    number = int.from_bytes(digest.digest(), "big")
    letters: list[str] = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[rest])
    return "".join(letters)


def location(state_dir: Path, spec: EnvironmentSpec) -> Path:
    """Return where this environment lies, whether it exists or not."""
    return state_dir / "environments" / spec.installer / str(spec.version) / identity(spec)


def state_dir_of(path: Path) -> Path:
    """Return the state directory that an environment's path, as `location` makes it, lies in."""
    return path.parents[3]


def interpreter_identity(executable: str) -> str:
    """Return the file that runs in the end, links followed: two names of one interpreter share
    their environments, and two builds of one version do not."""
    return os.path.realpath(executable)


def effective_lines(requirements: str) -> tuple[str, ...]:
    """Return the requirements without what says nothing to pip: comments, blank lines, space at the
    ends, passwords. The order stays: old resolvers take the first of two."""
    lines = (_without_comment(line) for line in requirements.splitlines())
    return tuple(mask_secrets(line) for line in lines if line)


def _without_comment(line: str) -> str:
    # pip: a comment begins at a `#` at the line's start or after white space.
    line = line.strip()
    if line.startswith("#"):
        return ""
    for space in (" #", "\t#"):
        line = line.partition(space)[0]
    return line.rstrip()
