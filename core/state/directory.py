"""The state directory: where it may lie, whose it is, and how files get into it.

It belongs to its owner and to a group that may look and not write (directories 2750, files 0640),
whatever the caller's umask. A file is whole or absent: it is written beside its name, synced and
renamed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from ..errors import StateError
from ..file_io import UnsafeFileError, open_directory, replace_file
from .permissions import close_to_group, refuse_links

DATABASE = "pysteward.sqlite3"

DIRECTORY_MODE = 0o2750
FILE_MODE = 0o640

# Locks and SQLite's shared memory do not work, or not reliably, across machines.
_NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gpfs", "lustre"}
    | {"ncpfs", "nfs", "nfs4", "orangefs", "smb2", "smb3", "smbfs"}
    | {"fuse.ceph", "fuse.davfs2", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "fuse.rclone"}
)


def prepare(
    state_dir: Path, *, group: str | None = None, passable: bool = False
) -> tuple[str, ...]:
    """Make the state directory where there is none, for its owner and the group.

    group: the setting ``state-group``. passable: another user, who runs builds, may go through.
    Returns sentences about what was put right.

    Raises StateError for a link in it, for a file, a network filesystem, an unknown group or what
    the system refuses.
    """
    refuse_network_filesystem(state_dir)
    try:
        is_new = not state_dir.exists()
        if is_new:
            state_dir.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        if is_new or not any(state_dir.iterdir()):
            if group is not None:
                os.chown(state_dir, -1, _group_number(group))
            state_dir.chmod(DIRECTORY_MODE)
        if passable:
            let_through(state_dir)
        refuse_links(state_dir)
        if close_to_group(state_dir):
            return (
                f"members of the group of {state_dir} could write there: now they can only read",
            )
        return ()
    except OSError as error:
        raise StateError(
            f"the state directory cannot be used: {error.strerror}; give another with --state-dir",
            code="state-unusable",
            file=error.filename or state_dir,
        ) from None


def create_database(state_dir: Path) -> None:
    """Make the database of a state directory where there is none and the caller may make one.

    So where a build is recorded and there is no database, that was lost. Raises StateError.
    """
    if not (state_dir / DATABASE).exists() and os.access(state_dir, os.W_OK):
        from .sqlite import connect

        connect(state_dir).connection.close()


def let_through(directory: Path) -> None:
    """Let every user go through a directory of ours, without seeing what is in it."""
    descriptor = open_directory(directory)
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if not mode & stat.S_IXOTH:
            os.fchmod(descriptor, mode | stat.S_IXOTH)
    finally:
        os.close(descriptor)


def make_directory(directory: Path) -> Path:
    """Make a directory of the state directory where there is none, and those above it.

    Raises OSError, UnsafeFileError for a link in its place.
    """
    try:
        found = os.lstat(directory)
    except FileNotFoundError:
        if not directory.parent.is_dir():  # the state directory itself may be reached by a link
            make_directory(directory.parent)
        try:
            directory.mkdir()
        except FileExistsError:
            return make_directory(directory)
        directory.chmod(DIRECTORY_MODE)
        return directory
    if stat.S_ISLNK(found.st_mode):
        raise UnsafeFileError(directory, "is a symbolic link, not a directory")
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(directory))
    return directory


def open_file(path: Path, flags: int, mode: int = FILE_MODE) -> int:
    """Open a file of ours; a new one gets exactly this mode. A link is not followed."""
    safe = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | safe, mode)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UnsafeFileError(path, "is a symbolic link, not a file") from None
        raise
    if flags & os.O_CREAT and stat.S_IMODE(os.fstat(descriptor).st_mode) != mode:
        with contextlib.suppress(PermissionError):  # another owner's file; its mode is his
            os.fchmod(descriptor, mode)
    return descriptor


def write_whole(path: Path, data: bytes, *, synced: bool = True) -> None:
    """Put a file in place, whole and on disk, or leave what was there. Raises OSError.

    synced: False for what is made anew at any time, and need not outlive a power failure.
    """
    replace_file(path, data, mode=FILE_MODE, synced=synced)


def refuse_network_filesystem(directory: Path) -> None:
    """Raise StateError where a directory lies, or would lie, on another machine's disk."""
    kind = _filesystem(directory)
    if kind in _NETWORK:
        raise StateError(
            f"the state directory lies on a network filesystem ({kind}), where locks and the "
            "database do not work: set state-dir to a directory on a local disk",
            code="state-on-network",
            file=directory,
        )


def _filesystem(directory: Path) -> str | None:
    """Return the type of the filesystem, as ``/proc/self/mountinfo`` names it; None where it is not
    known.

    proc(5): the mount point is the fifth field, the type the first after the lone hyphen; what is
    mounted later covers what was mounted before.
    """
    place = os.path.realpath(directory)
    best, kind = "", None
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
            for line in mounts:
                fields, _, rest = line.partition(" - ")
                point = fields.split(" ")[4].replace("\\040", " ").rstrip("/")
                if len(point) >= len(best) and f"{place}/".startswith(f"{point}/"):
                    best, kind = point, rest.split(" ", 1)[0]
    except (OSError, IndexError):
        return None
    return kind


def _group_number(name: str) -> int:
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise StateError(
            f"the group {name!r} that state-group names does not exist", code="state-group-unknown"
        ) from None
