"""Remove directories whatever lies in them, and put aside what cannot be removed.

A package may nest directories so deep that a recursive removal fails, and more of them than a
process may have open files. So nothing here recurses: a directory that is not empty is moved to the
top of the tree, where its turn comes. Links are not followed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

from .frozen import frozen

ASIDE = "aside"
"""The directory of a state directory for what could not be removed."""

_MOST_NAMED = 5


@frozen
class Remainder:
    """What could not be removed.

    path: the directory or file that was to go. reason: what is left in it and why, one clause.
    aside: where it lies now; None where it could not be moved either.
    """

    path: Path
    reason: str
    aside: Path | None = None

    def __str__(self) -> str:
        where = f"; it was put aside as {self.aside}" if self.aside else ""
        return f"{self.path} could not be removed: {self.reason}{where}"


def remove_tree(path: Path) -> Remainder | None:
    """Remove a file or a directory with all that is in it, directories that forbid it included.

    Never raises. Returns None where nothing is left, also where nothing was there.
    """
    try:
        parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Remainder(path, _reason(error))
    try:
        failures = _Removal(parent, path.name).run()
    finally:
        os.close(parent)
    return Remainder(path, _joined(failures)) if failures else None


def remove_or_put_aside(path: Path, aside: Path) -> Remainder | None:
    """Remove as `remove_tree` does; what cannot be removed is moved into the directory `aside`.

    aside: on the same file system; it is made where it does not exist. Never raises.
    """
    left = remove_tree(path)
    if left is None:
        return None
    target = aside / f"{path.name}-{os.urandom(4).hex()}"
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(aside, 0o700)
        os.rename(path, target)
    except OSError:
        return left
    return Remainder(path, left.reason, target)


def remove_completely(path: Path) -> None:
    """Remove as `remove_tree` does. Raises OSError where something is left."""
    left = remove_tree(path)
    if left is not None:
        raise OSError(errno.ENOTEMPTY, left.reason, str(path))


class _Removal:
    """The removal of one name in a directory. failures: sentences about what stays."""

    def __init__(self, parent: int, name: str) -> None:
        self._parent = parent
        self._name = name
        self._failures: list[str] = []
        self._left_out = 0

    def run(self) -> list[str]:
        if self._is_removed(self._name, self._parent):
            return []
        try:
            top = _open_directory(self._name, self._parent)
        except OSError as error:
            return [_reason(error)]
        try:
            # What is moved to the top is met there by a later look, until nothing moves any more.
            while self._empty(top):
                pass
        finally:
            os.close(top)
        if self._failures:
            return self._named()
        try:
            os.rmdir(self._name, dir_fd=self._parent)
        except OSError as error:
            return [_reason(error)]
        return []

    def _empty(self, top: int) -> bool:
        """Remove what is in the top directory, its directories once each; whether more came."""
        self._failures.clear()
        self._left_out = 0
        has_moved = False
        for name in _names(top, self._fail):
            if self._is_removed(name, top, self._fail):
                continue
            try:
                directory = _open_directory(name, top)
            except OSError as error:
                self._fail(name, error)
                continue
            try:
                has_moved |= self._lift(directory, top, name)
            finally:
                os.close(directory)
            try:
                os.rmdir(name, dir_fd=top)
            except FileNotFoundError:
                pass
            except OSError as error:
                self._fail(name, error)
        return has_moved

    def _lift(self, directory: int, top: int, name: str) -> bool:
        """Remove the files of a directory and move its directories to the top."""
        has_moved = False

        def fail(file: str, error: OSError) -> None:
            self._fail(f"{name}/{file}", error)

        for below in _names(directory, fail):
            if self._is_removed(below, directory, fail):
                continue
            try:
                _move(below, directory, f".{os.urandom(8).hex()}", top)
                has_moved = True
            except OSError as error:
                fail(below, error)
        return has_moved

    def _is_removed(
        self, name: str, parent: int, fail: Callable[[str, OSError], None] | None = None
    ) -> bool:
        """Return whether nothing has to be done about a name any more: it is gone, or it is a file
        that cannot be removed. What is left is a directory."""
        try:
            os.unlink(name, dir_fd=parent)
        except FileNotFoundError:
            pass
        except OSError as error:
            if _is_directory(name, parent):
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=parent)
                    return True
                return False
            if fail is None:
                return False
            fail(name, error)
        return True

    def _fail(self, name: str, error: OSError) -> None:
        if len(self._failures) < _MOST_NAMED:
            self._failures.append(f"{name}: {_reason(error)}")
        else:
            self._left_out += 1

    def _named(self) -> list[str]:
        return [*self._failures, *([f"{self._left_out} more"] if self._left_out else [])]


def _open_directory(name: str, parent: int) -> int:
    """Open a directory, so that its owner may list and change it; a link is not followed."""
    flags = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(name, os.O_RDONLY | flags, dir_fd=parent)
    except PermissionError:
        _unlock(name, parent)
        descriptor = os.open(name, os.O_RDONLY | flags, dir_fd=parent)
    if os.fstat(descriptor).st_mode & stat.S_IRWXU != stat.S_IRWXU:
        with contextlib.suppress(OSError):
            os.fchmod(descriptor, stat.S_IRWXU)
    return descriptor


def _unlock(name: str, parent: int) -> None:
    """Let the owner into a directory that may not be opened. Raises OSError."""
    path_only = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        os.chmod(f"/proc/self/fd/{path_only}", stat.S_IRWXU)
    finally:
        os.close(path_only)


def _move(name: str, parent: int, new: str, top: int) -> None:
    """Move a directory. Raises OSError."""
    try:
        os.rename(name, new, src_dir_fd=parent, dst_dir_fd=top)
    except PermissionError:
        # rename(2): a directory that gets another parent must be writable itself.
        _unlock(name, parent)
        os.rename(name, new, src_dir_fd=parent, dst_dir_fd=top)


def _names(directory: int, fail: Callable[[str, OSError], None]) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError as error:
        fail(".", error)
        return []


def _is_directory(name: str, parent: int) -> bool:
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode)


def _reason(error: OSError) -> str:
    if error.errno == errno.EBUSY:
        return "something is mounted there"
    if error.errno == errno.EXDEV:
        return "it lies on another file system"
    return error.strerror or str(error)


def _joined(failures: list[str]) -> str:
    return ", ".join(failures)
