"""A preflight in a thread of its own; every prediction arrives as a message."""

from __future__ import annotations

from contextlib import closing
from threading import Event as Flag, Thread
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from .....core.errors import StewardError
from ...background import post

if TYPE_CHECKING:
    from .....core.upgrades import Bundles, Prediction, UpgradeSimulation
    from ....services.upgrades import UpgradeService


class Predicted(Message):
    """How far a preflight is. made: new predictions, perhaps none yet. total: of all questions."""

    def __init__(self, made: tuple[Prediction, ...], total: int) -> None:
        super().__init__()
        self.made = made
        self.total = total


class PreflightOver(Message):
    """It has ended. problem: why it could not go on; is_stopped: because somebody wanted that."""

    def __init__(self, problem: str | None, *, is_stopped: bool) -> None:
        super().__init__()
        self.problem = problem
        self.is_stopped = is_stopped


class Preflight:
    """Asks for all that a change moves, until all is answered or nobody wants to know any more."""

    def __init__(
        self,
        desk: UpgradeService,
        simulation: UpgradeSimulation,
        bundles: Bundles,
        listener: MessagePump,
    ) -> None:
        self._desk = desk
        self._simulation = simulation
        self._bundles = bundles
        self._listener = listener
        self._enough = Flag()

    def start(self) -> None:
        Thread(target=self._run, name="preflight", daemon=True).start()

    def stop(self) -> None:
        """End soon: what runs is ended, what was answered is kept."""
        self._enough.set()
        self._desk.end_preflight()

    def _run(self) -> None:
        problem = None
        try:
            asked = self._desk.questions(self._simulation, self._bundles)
            post(self._listener, Predicted((), len(asked)))
            with closing(self._desk.preflight(asked)) as made:
                for prediction in made:
                    post(self._listener, Predicted((prediction,), len(asked)))
        except StewardError as error:
            problem = str(error)
        except OSError as error:
            problem = f"the index cannot be asked: {error}"
        is_stopped = self._enough.is_set()
        over = PreflightOver(None if is_stopped else problem, is_stopped=is_stopped)
        post(self._listener, over)
