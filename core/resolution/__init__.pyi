from .pip import (
    Interrupted as Interrupted,
)
from .pip import (
    Pip as Pip,
)
from .pip import (
    prepared as prepared,
)
from .pip import (
    unpacked_pip as unpacked_pip,
)
from .resolver import (
    Resolution as Resolution,
)
from .resolver import (
    resolve as resolve,
)
