"""The directory that a Python is installed into: claimed by one build, marked until it is finished.

The mark is there before the first file and goes last, so that nothing in between, a kill or a power
cut included, leaves something that the analysis calls usable. It says whose the directory is: only
a build of the same archive may take over what another has left behind.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from pathlib import Path
from typing import cast

from ..builds import Record, show
from ..errors import BuildError, StateError
from ..installations import UNFINISHED_MARK
from ..removal import remove_completely
from ..state import write_whole

# What make, configure and the first line of a script (#!) cannot have in a path, nor rpath a colon
# or -Wl a comma.
_BAD = re.compile(r"[^A-Za-z0-9/._+@~=-]")
_LONGEST = 100  # bytes: pip writes the interpreter's path into #! lines, of which Linux reads 127


def check_path(path: Path, what: str) -> None:
    """Raise BuildError for a path that no Python can be compiled with. what: what it is."""
    found = _BAD.search(str(path))
    if found is not None:
        raise BuildError(
            f"{what} must not have {found[0]!r} in its path, which make cannot deal with: choose "
            "another",
            code="path-unsuitable",
            file=path,
        )


def claim(prefix: Path, record: Record, digest: str) -> bool:
    """Take a prefix for one build: make it, clear what that build's like left, and mark it.

    Returns whether it was there before. Raises BuildError (``prefix-not-empty``, ``prefix-taken``,
    ``prefix-unwritable``).
    """
    check_path(prefix, "the prefix")
    if len(os.fsencode(prefix)) > _LONGEST:
        raise BuildError("the prefix is too long: choose a shorter one", code="path-unsuitable")
    try:
        was_there = prefix.is_dir()
        prefix.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not was_there:
            prefix.chmod(0o755)
        _mark(prefix, record, digest)
    except OSError as error:
        raise BuildError(
            f"the prefix cannot be written: {error.strerror}", code="prefix-unwritable", file=prefix
        ) from None
    return was_there


def release(prefix: Path) -> None:
    """Take the mark off: what is there is whole. Raises OSError."""
    os.sync()  # the mark must not go before what it warns of is on the disk
    os.unlink(prefix / UNFINISHED_MARK)


def clear(prefix: Path, *, keep: bool) -> None:
    """Remove what was installed, the mark last. keep: the directory itself. Raises OSError."""
    for path in prefix.iterdir():
        if path.name != UNFINISHED_MARK:
            remove_completely(path)
    (prefix / UNFINISHED_MARK).unlink(missing_ok=True)
    if not keep:
        prefix.rmdir()


def _mark(prefix: Path, record: Record, digest: str) -> None:
    import fcntl

    mark = prefix / UNFINISHED_MARK
    directory = os.open(prefix, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)  # of two who ask at once, one comes first
        if mark.is_symlink() or mark.exists():
            _refuse_others(prefix, mark, digest)
            clear(prefix, keep=True)
        elif any(prefix.iterdir()):
            raise BuildError(
                "the prefix is not empty: choose another, or remove what is there",
                code="prefix-not-empty",
                file=prefix,
            )
        words = "A Python is being installed here by this build of pysteward, or it was cut off."
        document = {"about": words, "record": str(record.directory), "digest": digest}
        write_whole(mark, json.dumps(document).encode() + b"\n")
    finally:
        os.close(directory)


def _refuse_others(prefix: Path, mark: Path, digest: str) -> None:
    try:
        with open(os.open(mark, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
            said = cast("dict[str, object]", json.loads(file.read(65536)))
        before, record = str(said["digest"]), Record(Path(str(said["record"])))
    except (OSError, ValueError, KeyError, TypeError):
        before, record = "", None
    if record is not None and record.is_alive():
        raise BuildError(
            f"build {record.id} is installing into this prefix: wait for it, or cancel it",
            code="prefix-taken",
            file=prefix,
        )
    if record is not None:
        with suppress(StateError):  # its record is gone, or its end is written down already
            show(record.directory.parent.parent, record.id)  # which ends what it left at work
    if before != digest:
        raise BuildError(
            "the prefix holds what an interrupted build of another source left behind: remove it",
            code="prefix-not-empty",
            file=prefix,
        )
