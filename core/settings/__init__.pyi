from ..errors import SettingsError as SettingsError
from .backups import (
    Backup as Backup,
    list_backups as list_backups,
    restore_backup as restore_backup,
)
from .conversion import (
    convert as convert,
    write_new as write_new,
)
from .description import (
    assignments as assignments,
    origin_of as origin_of,
    size_text as size_text,
    values_of as values_of,
)
from .edit import (
    Edit as Edit,
    why_not_writable as why_not_writable,
)
from .editor import (
    add_value as add_value,
    remove_value as remove_value,
    set_value as set_value,
)
from .loader import (
    changed_on_disk as changed_on_disk,
    default as default,
    find as find,
    load as load,
)
from .model import (
    SETTINGS as SETTINGS,
    Kind as Kind,
    Origin as Origin,
    Setting as Setting,
    Settings as Settings,
    SettingsWarning as SettingsWarning,
)
from .names import by_name as by_name
from .prohibited import BUILT_IN_PROHIBITED as BUILT_IN_PROHIBITED
from .values import (
    Retention as Retention,
    parse_duration as parse_duration,
    parse_retention as parse_retention,
    parse_size as parse_size,
)
