from .conversion import (
    convert as convert,
)
from .conversion import (
    write_new as write_new,
)
from .edit import Edit as Edit
from .editor import (
    add_value as add_value,
)
from .editor import (
    remove_value as remove_value,
)
from .editor import (
    set_value as set_value,
)
from .loader import (
    changed_on_disk as changed_on_disk,
)
from .loader import (
    default as default,
)
from .loader import (
    find as find,
)
from .loader import (
    load as load,
)
from .model import (
    Origin as Origin,
)
from .model import (
    Settings as Settings,
)
from .model import (
    SettingsWarning as SettingsWarning,
)
from .names import (
    SETTINGS as SETTINGS,
)
from .names import (
    Kind as Kind,
)
from .names import (
    Setting as Setting,
)
from .names import (
    by_name as by_name,
)
from .prohibited import BUILT_IN_PROHIBITED as BUILT_IN_PROHIBITED
