from .files import (
    built_in as built_in,
)
from .files import (
    find as find,
)
from .files import (
    load as load,
)
from .files import (
    save as save,
)
from .model import (
    NO_MATCH as NO_MATCH,
)
from .model import (
    Scenario as Scenario,
)
from .model import (
    ScenarioInstallation as ScenarioInstallation,
)
from .model import (
    ScenarioRequest as ScenarioRequest,
)
from .model import (
    play as play,
)
from .parser import parse as parse
from .writer import dump as dump
