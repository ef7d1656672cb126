"""Compare preflight predictions with the builds that followed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ..builds import Build, find
from ..bundles import open_bundle, stored_bundle
from ..errors import StewardError
from ..state import BuildRow, open_database
from .preflight import (
    Prediction,
    compare,
    list_predictions,
    note_start,
    preflight_question,
)

_ENDED = ("succeeded", "failed")


def directory_of(state_dir: Path) -> Path:
    """Return where a state directory keeps its predictions."""
    return state_dir / "predictions"


def compared_predictions(state_dir: Path) -> tuple[Prediction, ...]:
    """Return all predictions, newest first, each with the first build that has put it to the test,
    and with what the start checks of its content found out.

    A build counts if it was started after the prediction, on that Python, for the same
    requirements. Raises StateError.
    """
    kept = directory_of(state_dir)
    waiting = [each for each in list_predictions(kept) if _is_open(each)]
    if waiting:
        with open_database(state_dir) as store:
            builds = {
                name: store.builds(content=name)
                for name in dict.fromkeys(name for each in waiting for name in each.content)
            }
        for prediction in waiting:
            rows = [row for name in prediction.content for row in builds[name]]
            _compare(state_dir, prediction, sorted(rows, key=lambda row: row.started))
    return list_predictions(kept)


def _is_open(prediction: Prediction) -> bool:
    return prediction.build is None or len(prediction.starts) < len(prediction.content)


def _compare(state_dir: Path, prediction: Prediction, rows: list[BuildRow]) -> None:
    """Compare one prediction with the first build that asks the same, and each content of it with
    its first one."""
    kept, is_compared = directory_of(state_dir), prediction.build is not None
    seen = set(dict(prediction.starts))
    for row in rows:
        if row.content in seen or not _may_count(row, prediction):
            continue
        # A record or a bundle that is gone or damaged tells nothing; read-only users leave a
        # prediction uncompared.
        with contextlib.suppress(StewardError, OSError):
            build = find(state_dir, row.id).read()
            if not _asks_the_same(state_dir, build, row, prediction):
                continue
            seen.add(row.content)
            if not is_compared:
                causes = [each.code for each in build.findings if each.role == "cause"]
                succeeded, cause = row.outcome == "succeeded", causes[0] if causes else None
                compare(kept, prediction.key, row.id, succeeded, cause)
                is_compared = True
            if build.starts is not None:
                note_start(kept, prediction.key, row.content, build.starts)


def _may_count(row: BuildRow, prediction: Prediction) -> bool:
    is_later = row.outcome in _ENDED and row.started >= prediction.asked
    return is_later and row.python == str(prediction.python)


def _asks_the_same(state_dir: Path, build: Build, row: BuildRow, prediction: Prediction) -> bool:
    """Return whether a build has the requirements of a prediction. Raises StewardError."""
    path = stored_bundle(state_dir, row.bundle)
    if path is None:
        return False
    asked = preflight_question(open_bundle(path), build.asked.prohibited, prediction.python)
    return asked.key == prediction.key
