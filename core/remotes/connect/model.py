"""What a Posit Connect server says of itself, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ...content import AgingContent, by_end_of_life
from ...frozen import frozen
from ...matching import Candidate, Policy
from ...versions import PythonVersion


@frozen
class RemotePython:
    """A Python that the server has.

    cluster: ``Local`` for one on the server itself, else where its image runs; "" where unknown.
    image: the container image that holds it; "" for one on the server.
    publishable: whether new content may use it; None where the release does not say.
    """

    version: PythonVersion
    cluster: str = ""
    image: str = ""
    publishable: bool | None = None


class RemoteContent(NamedTuple):
    """One piece of content. Text is as the server sent it, so it is not safe to show as it is.

    guid: lower case, with hyphens. app_mode: such as ``python-dash``; "" where it is not known.
    bundle: the id of the active bundle; None before the first deploy.
    python: the Python that the server chose; None for content without Python, and for content
        whose environment was never restored.
    managed: whether the server installs packages for it; None where the server decides.
    owner: the owner's name; None where the key may not see it. owner_guid: of the same owner.
    deployed: the last deploy, seconds since 1970; None where not known.
    """

    guid: str
    name: str
    title: str
    app_mode: str
    bundle: str | None
    python: PythonVersion | None
    managed: bool | None
    image: str
    owner: str | None
    owner_guid: str
    deployed: float | None
    dashboard_url: str

    @property
    def label(self) -> str:
        """What to call it: its title, else its name, else its GUID."""
        return self.title or self.name or self.guid

    @property
    def runs_python(self) -> bool:
        """Whether this kind of content runs Python; R content that calls Python is not seen."""
        return self.python is not None or self.app_mode.startswith(("python-", "jupyter-"))


class RemotePackage(NamedTuple):
    """A Python package in the environment of one piece of content."""

    name: str
    version: str
    python: str


@frozen
class RemoteUser:
    """Whom the key belongs to. role: ``viewer``, ``publisher`` or ``administrator``."""

    name: str
    role: str


class RemoteBundle(NamedTuple):
    """One bundle of content. md5: of its archive; None where the server does not say."""

    id: str
    created: float | None
    size: int | None
    active: bool
    md5: str | None


class JobKind(str, Enum):
    """What a job was for."""

    ENVIRONMENT = "environment"
    """The content's environment was built."""
    START = "start"
    """An application or an API was run."""
    RENDER = "render"
    """A document was rendered."""
    OTHER = "other"
    """Anything else, such as a check-out from git."""


class RemoteJob(NamedTuple):
    """One run of a process for content.

    tag: Connect's own word for its purpose. exit_code: None while it runs, or where not known.
    started, ended: seconds since 1970.
    """

    key: str
    tag: str
    is_over: bool
    exit_code: int | None
    started: float | None
    ended: float | None
    bundle: str | None

    @property
    def kind(self) -> JobKind:
        if self.tag == "python_restore":
            return JobKind.ENVIRONMENT
        if self.tag.startswith("run_"):
            return JobKind.START
        if self.tag.startswith(("build_", "render_")):
            return JobKind.RENDER
        return JobKind.OTHER

    @property
    def failed(self) -> bool:
        """Whether it ended badly: the exit code says so, not the log."""
        return self.is_over and self.exit_code not in (None, 0)

    @property
    def when(self) -> float | None:
        return self.ended or self.started


@frozen
class JobError:
    """What Connect itself says of a failed job. code: Connect's own number."""

    code: int
    summary: str


@frozen
class Lock:
    """The exact versions that the server installed. python: the Python they are for."""

    text: str
    python: str | None


@dataclass(frozen=True, slots=True)
class Inventory:
    """The first answer about a server: its Pythons, its content, and what its content runs on.

    pythons_in_use: the Python of content by its GUID, as its installed packages tell it; None
        where this release does not list packages.
    missing: sentences about what this server did not say, and what that means.
    """

    pythons: tuple[RemotePython, ...]
    content: tuple[RemoteContent, ...]
    pythons_in_use: dict[str, PythonVersion] | None
    packages: int
    missing: tuple[str, ...]

    def candidates(self, *, for_new_content: bool = False) -> tuple[Candidate, ...]:
        """Return the server's Pythons as matching sees them, one of each version, in its order.

        for_new_content: what is not publishable takes no part.
        """
        publishable: dict[PythonVersion, bool] = {}
        for python in self.pythons:
            usable = python.publishable is not False or not for_new_content
            publishable[python.version] = publishable.get(python.version, False) or usable
        return tuple(
            Candidate(
                version, None, None if usable else "not publishable: no new content may use it"
            )
            for version, usable in publishable.items()
        )

    def aging(self) -> tuple[AgingContent, ...]:
        """Return all content with a Python, by the end of life of that, the earliest first."""
        return by_end_of_life(
            (item.label, item.guid, item.owner, python, item.deployed)
            for item in self.content
            if (python := self.python_of(item)) is not None
        )

    def python_of(self, content: RemoteContent) -> PythonVersion | None:
        """Return the Python that content runs on; None where it has none or it is not known."""
        return content.python or (self.pythons_in_use or {}).get(content.guid)


ASSUMED_POLICY = Policy.MAJOR_MINOR
"""Connect's default; its API does not tell which policy a server has."""
