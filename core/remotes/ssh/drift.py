"""In what a server differs from the others. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from ...services import ServerOverview

_OWN = frozenset({"executables", "state-dir", "settings-from", "parallel-builds"})
"""Settings that each server has of its own; Pythons are compared by their versions instead."""

_LONGEST = 60  # characters of a setting's value


def drift_of(overviews: Mapping[str, ServerOverview]) -> dict[str, tuple[str, ...]]:
    """Return what each server has otherwise than most do, in sentences without a period.

    Where no value is the most frequent one, the first server is what the others are compared with.
    """
    pythons = {name: _pythons(overview) for name, overview in overviews.items()}
    lines = sorted({line for found in pythons.values() for line in found})
    told: dict[str, list[str]] = {name: [] for name in overviews}
    for line in lines:
        has = {name: found.get(line, ()) for name, found in pythons.items()}
        usual = _most_frequent(list(has.values()))
        for name, versions in has.items():
            if versions != usual:
                told[name].append(_python_words(line, versions, usual))
    settings = {name: each.settings for name, each in overviews.items() if each.version is not None}
    keys = dict.fromkeys(key for found in settings.values() for key in found if key not in _OWN)
    for key in keys:
        values = {name: found[key] for name, found in settings.items() if key in found}
        usual = _most_frequent(list(values.values()))
        for name, value in values.items():
            if value != usual:
                told[name].append(f"{key} {_value(value)}, others {_value(usual)}")
    releases = {name: each.version for name, each in overviews.items() if each.version is not None}
    if releases:
        usual_release = _most_frequent([(release,) for release in releases.values()])[0]
        for name, release in releases.items():
            if release != usual_release:
                told[name].append(f"pysteward {release}, others {usual_release}")
    return {name: tuple(sentences) for name, sentences in told.items()}


def _pythons(overview: ServerOverview) -> dict[str, tuple[str, ...]]:
    """Return the usable versions of each line, such as 3.11."""
    found: dict[str, set[str]] = {}
    for python in overview.pythons:
        if python.version is not None and python.usable:
            line = f"{python.version.major}.{python.version.minor}"
            found.setdefault(line, set()).add(str(python.version))
    return {line: tuple(sorted(versions)) for line, versions in found.items()}


def _python_words(line: str, versions: tuple[str, ...], usual: tuple[str, ...]) -> str:
    if not versions:
        return f"no Python {line}, others {', '.join(usual)}"
    others = ", ".join(usual) or "none"
    return f"Python {', '.join(versions)}, others {others}"


def _most_frequent(values: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the value that most have; of several, that of the first server among them."""
    return Counter(values).most_common(1)[0][0]


def _value(lines: tuple[str, ...]) -> str:
    text = ", ".join(lines) or "not set"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
