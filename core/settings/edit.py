"""A change of a settings file: shown first, then written so that nothing can be lost."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..errors import SettingsError
from ..frozen import frozen
from .files import read


@frozen
class Edit:
    """A settings file as it was read and as it would be; nothing is written before ``write``."""

    path: Path
    before: bytes
    after: bytes

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.after

    def diff(self) -> str:
        """Return what changes, as a unified diff.

        Empty where nothing does. Raw text of the file.
        """
        import difflib

        now, new = (
            content.decode(errors="replace").splitlines(keepends=True)
            for content in (self.before, self.after)
        )
        shown = difflib.unified_diff(now, new, f"{self.path} (now)", f"{self.path} (new)")
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in shown)

    def write(self) -> Path | None:
        """Write the new content; returns the backup of the old, None where nothing changes.

        The file is replaced in one step and keeps mode, owner, group and access lists; where it is
        a link, what it points to is replaced. Raises SettingsError, and leaves everything as it
        was, where the file is not what was read any more, or may not be written.
        """
        if not self.changes:
            return None
        target = Path(os.path.realpath(self.path))
        self._insist_on_permission(target)
        try:
            with _alone_in(target.parent):
                self._insist_on_unchanged(target)
                backup = _write_backup(target, self.before)
                try:
                    _replace(target, self.after)
                except OSError:
                    backup.unlink()
                    raise
        except OSError as problem:
            reason = problem.strerror or str(problem)
            message = f"could not be written ({reason}): nothing was changed"
            raise SettingsError(message, code="settings-not-written", file=self.path) from None
        return backup

    def _insist_on_unchanged(self, target: Path) -> None:
        if read(target).content != self.before:
            raise SettingsError(
                "was changed by somebody else meanwhile: look at it and try again",
                code="settings-changed",
                file=self.path,
            )

    def _insist_on_permission(self, target: Path) -> None:
        reason = why_not_writable(target)
        if reason is not None:
            raise SettingsError(
                f"may not be written: {reason}", code="settings-not-writable", file=self.path
            )


def why_not_writable(file: Path) -> str | None:
    """Return why this user may not change a settings file; None where that is possible."""
    target = Path(os.path.realpath(file))
    # Replacing asks only for the directory's permission; a file that its owner has made
    # read-only is not to be changed all the same.
    effective = os.access in os.supports_effective_ids
    for place in (target, target.parent):
        if not os.access(place, os.W_OK, effective_ids=effective):
            return f"{place} is read-only for this user"
    return None


@contextmanager
def _alone_in(directory: Path) -> Generator[None, None, None]:
    """Keep other pysteward processes from writing settings in this directory at the same time."""
    if os.name != "posix":
        yield
        return
    import fcntl

    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_backup(target: Path, content: bytes) -> Path:
    """Keep the old content beside the file, named by the time in UTC."""
    from datetime import datetime, timezone

    stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    number = 0
    while True:
        more = f"-{number}" if number else ""
        backup = target.with_name(f"{target.name}.{stamp}{more}.bak")
        try:
            descriptor = os.open(backup, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            number += 1
            continue
        _fill(descriptor, backup, target, content)
        return backup


def _replace(target: Path, content: bytes) -> None:
    import tempfile

    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    _fill(descriptor, Path(name), target, content)
    try:
        os.replace(name, target)
    except OSError:
        os.unlink(name)
        raise
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _fill(descriptor: int, path: Path, like: Path, content: bytes) -> None:
    """Write a new file that everyone who may read ``like`` may read; remove it if that fails."""
    try:
        with open(descriptor, "wb") as file:
            _be_like(descriptor, like)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
    except OSError:
        path.unlink()
        raise


def _be_like(descriptor: int, like: Path) -> None:
    """Give a file another's owner, group, mode and, where the system has them, access lists."""
    wanted, found = os.stat(like), os.fstat(descriptor)
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        os.fchown(descriptor, wanted.st_uid, wanted.st_gid)
    os.fchmod(descriptor, wanted.st_mode & 0o7777)
    if hasattr(os, "listxattr"):
        for name in _KEPT_ATTRIBUTES.intersection(os.listxattr(like)):
            os.setxattr(descriptor, name, os.getxattr(like, name))


_KEPT_ATTRIBUTES = frozenset({"system.posix_acl_access", "security.selinux"})
