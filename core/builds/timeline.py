"""The course of a build: how long each phase took, and what became of each package."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..frozen import frozen
from ..package_names import normalize
from .events import Event, Finished, PackageEvent, Phase, Waiting
from .progress import Progress, advance

_ORDER = ("wait", "match", "create", "resolve", "download", "build", "install", "inventory")
_OVER = "done"


@frozen
class PhaseTime:
    """One phase. seconds: in all, since a build may come back to it. is_current: it is at work."""

    name: str
    seconds: float
    is_current: bool = False


@frozen
class Count:
    """How far something is. is_bytes: whether bytes are counted, otherwise packages."""

    done: int
    total: int
    is_bytes: bool = False

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0


@frozen
class PackageTime:
    """One package.

    state: the last action of its events, see PackageEvent; also ``downloaded``, and ``failed``
    where it was not built. size: bytes of its file, None where that is not known.
    seconds: that its download, building and installation took; None where nothing was measured.
    """

    name: str
    version: str | None
    state: str
    size: int | None = None
    seconds: float | None = None


@dataclass
class _Package:
    """A package while the build is read. since: when what is done to it began."""

    name: str
    version: str | None = None
    state: str = "found"
    size: int | None = None
    seconds: float = 0.0
    since: float | None = None
    is_cached: bool = False

    def pause(self, moment: float) -> None:
        if self.since is not None:
            self.seconds += max(0.0, moment - self.since)
            self.since = None


class Timeline:
    """Takes the events of a build in their order; says at any moment how far it is.

    progress: the step at work. count: of the phase at work, None where its total is not known.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.progress = Progress()
        self.count: Count | None = None
        self._seconds: dict[str, float] = {}
        self._phase = ""
        self._since = 0.0
        self._is_over = False
        self._packages: dict[str, _Package] = {}
        self._downloading: _Package | None = None
        self._installed_at: float | None = None
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Take the next event."""
        self.progress = advance(self.progress, event)
        if isinstance(event, Phase):
            self._enter(event.name, event.time)
            self.count = None
            if event.done is not None and event.total:
                self.count = Count(event.done, event.total, is_bytes=event.name == "download")
        elif isinstance(event, Waiting):
            self._enter("wait", event.time)
            self.count = None
        elif isinstance(event, PackageEvent):
            self._take(event)
        elif isinstance(event, Finished):
            self._finish(event)

    def phases(self, now: float) -> tuple[PhaseTime, ...]:
        """Return the phases so far, in their usual order. now: seconds since 1970."""
        shown = {**self._seconds}
        if self._phase and not self._is_over:
            shown[self._phase] = shown.get(self._phase, 0.0) + max(0.0, now - self._since)
        known = [name for name in _ORDER if name in shown]
        others = [name for name in shown if name not in _ORDER and name != _OVER]
        return tuple(
            PhaseTime(name, shown[name], name == self._phase and not self._is_over)
            for name in (*known, *others)
        )

    def packages(self) -> tuple[PackageTime, ...]:
        """Return the packages; that to which something happened last is the last one."""
        return tuple(
            PackageTime(each.name, each.version, each.state, each.size, each.seconds or None)
            for each in self._packages.values()
        )

    def slowest(self, most: int = 3) -> tuple[PackageTime, ...]:
        """Return the packages that took longest, at least a second each."""
        timed = [each for each in self.packages() if each.seconds and each.seconds >= 1]
        return tuple(sorted(timed, key=lambda each: -(each.seconds or 0))[:most])

    @property
    def cached(self) -> int:
        """How many packages came from the cache of earlier builds."""
        return sum(each.is_cached for each in self._packages.values())

    # The events

    def _enter(self, name: str, moment: float) -> None:
        if name != self._phase and self._phase:
            passed = max(0.0, moment - self._since)
            self._seconds[self._phase] = self._seconds.get(self._phase, 0.0) + passed
        if name != self._phase:
            self._phase, self._since = name, moment
        if name != "download":
            self._end_download(moment)
        if name == "install" and self._installed_at is None:
            self._installed_at = moment
        self._is_over = name == _OVER

    def _take(self, event: PackageEvent) -> None:
        name = normalize(event.name)
        self._packages[name] = package = self._packages.pop(name, _Package(event.name))
        self._end_download(event.time)
        package.version = event.version or package.version
        package.size = event.size if event.size is not None else package.size
        if package.state != "installed":
            package.state = event.action
        if event.action == "downloading":
            package.since, self._downloading = event.time, package
        elif event.action == "building":
            package.since = event.time
        elif event.action == "built":
            package.pause(event.time)
        elif event.action == "cached":
            package.is_cached = True
        elif event.action == "installed" and self._installed_at is not None:
            package.seconds += max(0.0, event.time - self._installed_at)
            self._installed_at = event.time

    def _end_download(self, moment: float) -> None:
        if self._downloading is not None:
            self._downloading.pause(moment)
            if self._downloading.state == "downloading":
                self._downloading.state = "downloaded"
            self._downloading = None

    def _finish(self, event: Finished) -> None:
        self._enter(_OVER, event.time)
        for package in self._packages.values():
            package.pause(event.time)
            if event.outcome != "succeeded" and package.state == "building":
                package.state = "failed"
