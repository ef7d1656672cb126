from .pip import (
    Interrupted as Interrupted,
    Pip as Pip,
    prepared as prepared,
    unpacked_pip as unpacked_pip,
)
from .resolver import (
    Resolution as Resolution,
    ResolutionOutcome as ResolutionOutcome,
    resolve as resolve,
)
