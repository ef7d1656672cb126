"""The tour: what it says at each stop, and what the simulator shows there."""

from __future__ import annotations

from .....core.frozen import frozen
from .....core.matching import Policy
from .model import SimulatorModel, parse_versions

_GIVEN = "2.7.18, 3.6.15, 3.7.4, 3.7.16, 3.8.18, 3.9.2, 3.9.18, 3.11.7"


@frozen
class TourStop:
    """One stop.

    text: what is said. step: after how many rules the reasoning stands still; None tells all.
    off: the versions that are switched off.
    """

    title: str
    text: str
    request: str = ""
    policy: Policy = Policy.MAJOR_MINOR
    step: int | None = None
    off: tuple[str, ...] = ()

    def set_up(self) -> SimulatorModel:
        """Return the simulation of this stop."""
        simulation = SimulatorModel().with_added(parse_versions(_GIVEN))
        for number, choice in enumerate(simulation.entries):
            if str(choice.candidate.version) in self.off:
                simulation = simulation.switched(number)
        return simulation.under(self.policy).ask(self.request)


STOPS = (
    TourStop(
        "What you see",
        "A server with eight Pythons, which do not exist: nothing here is run or changed. At the "
        "right they are listed; the picture groups them by MAJOR.MINOR. Content comes with the "
        "Python version it was written with, and the server must choose one of its own.",
    ),
    TourStop(
        "A request",
        "This content was written with 3.9.2. The server has exactly that, so that is taken, "
        "under every policy.",
        "3.9.2",
    ),
    TourStop(
        "What if it is not there?",
        "3.7.1 is not installed. The policy decides how far away a match may be. This is "
        "major-minor, the default: it stays within 3.7. Let us try its rules one by one.",
        "3.7.1",
        step=0,
    ),
    TourStop(
        "Rule one: exact",
        "Is there 3.7.1 itself? No. On to the next rule.",
        "3.7.1",
        step=1,
    ),
    TourStop(
        "Rule two: least-greater",
        "Is there a 3.7 above it? 3.7.4 and 3.7.16. The lowest is taken, because it is the "
        "closest to what the author had.",
        "3.7.1",
        step=2,
    ),
    TourStop(
        "Only lower ones",
        "3.8.19 is above every 3.8 here. Rule three, latest, takes the highest below it.",
        "3.8.19",
    ),
    TourStop(
        "Nothing in its line",
        "There is no 3.10 at all. Under major-minor the deploy fails, and the answer says what "
        "would be needed.",
        "3.10.4",
    ),
    TourStop(
        "Nearest goes further",
        "The policy nearest may leave the line, but not the MAJOR: the lowest above 3.10.4.",
        "3.10.4",
        Policy.NEAREST,
    ),
    TourStop(
        "Switch one off",
        "What happens to this content if 3.11.7 is retired? It is off now, and 3.9.18 is what is "
        "left. Space switches the selected installation on and off.",
        "3.10.4",
        Policy.NEAREST,
        off=("3.11.7",),
    ),
    TourStop(
        "Constraints",
        "Newer clients send a constraint. It overrules the policy: the highest version that "
        "satisfies it is taken.",
        ">=3.7,<3.9",
    ),
    TourStop(
        "Your turn",
        "r types a request, + adds installations, p changes the policy, s steps through the "
        "rules, o opens scenarios with the examples of the guide, z begins the quiz, R brings back "
        "the server's own Pythons, and ? shows every key.",
        "3.7.1",
    ),
)
