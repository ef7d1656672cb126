"""Compare preflight predictions with the builds that followed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ..builds import find
from ..bundles import open_bundle, stored_bundle
from ..errors import StewardError
from ..state import BuildRow, open_database
from .preflight import (
    Prediction,
    compare,
    list_predictions,
    preflight_question,
)

_ENDED = ("succeeded", "failed")


def directory_of(state_dir: Path) -> Path:
    """Return where a state directory keeps its predictions."""
    return state_dir / "predictions"


def compared_predictions(state_dir: Path) -> tuple[Prediction, ...]:
    """Return all predictions, newest first, each with the first build that has put it to the test.

    A build counts if it was started after the prediction, on that Python, for the same
    requirements. Raises StateError.
    """
    kept = directory_of(state_dir)
    waiting = [each for each in list_predictions(kept) if each.build is None]
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


def _compare(state_dir: Path, prediction: Prediction, rows: list[BuildRow]) -> None:
    """Settle one prediction with the first build that asks the same."""
    for row in rows:
        is_later = row.outcome in _ENDED and row.started >= prediction.asked
        if not is_later or row.python != str(prediction.python):
            continue
        # A record or a bundle that is gone or damaged tells nothing.
        with contextlib.suppress(StewardError):
            build = find(state_dir, row.id).read()
            path = stored_bundle(state_dir, row.bundle)
            if path is None:
                continue
            asked = preflight_question(open_bundle(path), build.asked.prohibited, prediction.python)
            if asked.key != prediction.key:
                continue
            causes = [each.code for each in build.findings if each.role == "cause"]
            with contextlib.suppress(OSError):  # read-only users leave it uncompared
                compare(
                    directory_of(state_dir),
                    prediction.key,
                    row.id,
                    row.outcome == "succeeded",
                    causes[0] if causes else None,
                    build.starts,
                )
            return
