from .files import (
    built_in as built_in,
    find as find,
    load as load,
    save as save,
)
from .model import (
    NO_MATCH as NO_MATCH,
    Scenario as Scenario,
    ScenarioInstallation as ScenarioInstallation,
    ScenarioRequest as ScenarioRequest,
    play as play,
)
from .parser import parse as parse
from .slides import (
    Slide as Slide,
    read_slide as read_slide,
    show_slide as show_slide,
    slide_file as slide_file,
)
from .writer import dump as dump
