"""Every error that a user can cause, in one tree.

    StewardError
    ├── UsageError        the command line: a flag, an argument, a combination
    ├── SettingsError     a settings file, with line and column
    ├── RequestError      a version or constraint that is none
    ├── ArchiveError      a tar archive; turned into one of the others
    ├── BundleError       a bundle, its manifest or its requirements
    ├── LockError         a lock file
    ├── ScenarioError     a scenario file
    ├── StateError        the state directory, its database, a record in it
    ├── BuildError        a build that cannot be started
    ├── ClusterError      a cluster that cannot be used as it is given
    └── RemoteError       another server that does not answer, or not as it should

An outcome is not an error: content that matches nothing or a build that fails is a value with its
reasons. These are for input that cannot be used at all; a command answers them with one line
and exit status 2.
"""

from __future__ import annotations

from pathlib import Path


class StewardError(Exception):
    """Input that cannot be used.

    message: what is wrong and what to do, one sentence, raw text from outside included (the face
        that shows it makes it safe).
    code: a short name that a program can rely on, such as ``settings-invalid``.
    file, line, column: where, as far as known; line and column count from 1.
    source: the text of that line, to be shown with a caret; None where there is none.
    """

    default_code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
        column: int | None = None,
        source: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.file = None if file is None else str(file)
        self.line = line
        self.column = column
        self.source = source

    def __str__(self) -> str:
        where = [str(part) for part in (self.file, self.line, self.column) if part is not None]
        return f"{':'.join(where)}: {self.message}" if where else self.message


class UsageError(StewardError):
    """The command line does not make sense."""

    default_code = "usage"


class SettingsError(StewardError):
    """A settings file cannot be read, holds a bad value, or may not be trusted or written."""

    default_code = "settings-invalid"


class RequestError(StewardError):
    """A request is neither a version nor a version constraint."""

    default_code = "request-invalid"


class ArchiveError(StewardError):
    """A tar archive is unreadable, hostile or too large.

    kind: ``unreadable``, ``hostile`` or ``too-large``; rooms that read archives turn it into an
        error of their own, with the code ``bundle-KIND`` or ``source-KIND``.
    """

    def __init__(self, message: str, kind: str, file: str | Path | None = None) -> None:
        super().__init__(message, code=f"archive-{kind}", file=file)
        self.kind = kind


class BundleError(StewardError):
    """A bundle is unreadable, hostile, or its manifest is not one."""

    default_code = "bundle-invalid"


class LockError(StewardError):
    """A lock file cannot be used."""

    default_code = "lock-invalid"


class ScenarioError(StewardError):
    """A scenario file cannot be used."""

    default_code = "scenario-invalid"


class StateError(StewardError):
    """The state directory cannot be used, or has no record of that name."""

    default_code = "state"


class BuildError(StewardError):
    """A build cannot be started."""

    default_code = "build"


class ClusterError(StewardError):
    """Builds cannot be sent to a cluster, or a part of it cannot be started.

    Codes: ``cluster-extra`` (dask.distributed is not installed), ``cluster-address``,
    ``cluster-tls``, ``cluster-listen``, ``cluster-unreachable``, ``cluster-bundle``,
    ``cluster-order`` (what was sent is not usable), ``cluster-dispatcher`` (it cannot be started).
    """

    default_code = "cluster"


class RemoteError(StewardError):
    """Another server cannot be reached, refuses a request, or gives an answer that is not usable.

    Codes: ``remote-unknown`` (no server of that name is configured), ``remote-settings`` (its
    settings cannot be used), ``remote-key`` (its key cannot be read), ``remote-unreachable``,
    ``remote-tls``, ``remote-denied`` (401, 403), ``remote-not-found`` (404), ``remote-redirects``,
    ``remote-login-page``, ``remote-refused`` (another status), ``remote-too-large``,
    ``remote-too-slow``, ``remote-answer`` (not the JSON that was asked for). Over ssh also
    ``remote-host-key`` (not the known one) and ``remote-no-pysteward`` (not installed there).
    """

    default_code = "remote"

    @property
    def is_absent(self) -> bool:
        """Whether the server has nothing at that address: this release may not offer it."""
        return self.code == "remote-not-found"

    @property
    def is_denied(self) -> bool:
        """Whether the key may not read this."""
        return self.code == "remote-denied"
