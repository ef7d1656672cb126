"""Upgrades of this machine, under the settings of a context: preflight, plan, way back.

Everything here may block; the interface calls it in threads of its own (see ``tui.errands``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import BundleError
from ..core.upgrades import (
    Bundles,
    Changes,
    Plan,
    PlanFile,
    Prediction,
    Question,
    Simulation,
    Subject,
    begin,
    deployed,
    edits_for,
    folder_of,
    insist_that_none_is_left,
    last_plan,
    predict,
    prepared,
    questions_of,
    settled_predictions,
    touched,
)
from .context import Context
from .watching import site

if TYPE_CHECKING:
    from ..core.settings import Edit

OnProblem = Callable[[Path, BundleError], object]


def fresh(context: Context) -> Context:
    """The same context, its settings read again."""
    return type(context)(context.config, context.state_dir_option)


def subjects_of(context: Context) -> tuple[tuple[Subject, ...], Bundles]:
    """All content; none where there is no state directory yet."""
    return deployed(context.state_dir) if context.state_dir.is_dir() else ((), {})


def questions(
    context: Context, simulation: Simulation, bundles: Bundles, on_problem: OnProblem
) -> tuple[Question, ...]:
    """What a preflight of that change would ask."""
    return questions_of(simulation, bundles, context.settings.effective_prohibited, on_problem)


def preflight(
    context: Context, asked: Sequence[Question], *, at_once: int, afresh: bool = False
) -> Iterator[Prediction]:
    """Predictions as they are made; whoever stops listening ends what still runs."""
    from ..core.state_dir import make_folder, prepare

    if not asked:
        return
    settings = context.settings
    prepare(context.state_dir, group=settings.state_group, passable=context.run_as is not None)
    cache = make_folder(context.state_dir / "cache" / "preflight")
    with prepared(cache, settings.build_environment, context.run_as) as pip:
        yield from predict(asked, folder_of(context.state_dir), pip, at_once=at_once, afresh=afresh)


def edits(context: Context, changes: Changes) -> tuple[Edit, ...]:
    """What the change would write, to be shown first. Raises SettingsError.

    Also StateError while an earlier plan is not finished: before anything is changed.
    """
    insist_that_none_is_left(context.state_dir)
    return edits_for(context.settings, changes) if changes else ()


def apply(context: Context, changes: Changes, written: Sequence[Edit], at_once: int) -> PlanFile:
    """Write the edits, analyse what there is then, and begin to build what that touches.

    Raises StewardError; once the settings are written, `begin` alone can be repeated.
    """
    backups = [str(backup) for edit in written if (backup := edit.write()) is not None]
    now = site(fresh(context) if written else context)
    return begin(now, touched(now), change=str(changes), backups=backups, at_once=at_once)


def last(context: Context) -> tuple[PlanFile, Plan]:
    """The last plan. Raises StateError (``no-upgrade``)."""
    file = last_plan(context.state_dir)
    return file, file.read()


def kept_predictions(context: Context) -> tuple[Prediction, ...]:
    """All predictions with what has happened since, the newest first."""
    if not context.state_dir.is_dir():
        return ()
    return settled_predictions(context.state_dir)
