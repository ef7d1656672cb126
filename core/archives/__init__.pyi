from .compression import gunzipped as gunzipped
from .limits import (
    Limits as Limits,
    Meter as Meter,
)
from .names import (
    resolve_inside as resolve_inside,
    safe_name as safe_name,
)
from .tar import (
    Entry as Entry,
    EntryKind as EntryKind,
    entries as entries,
)
from .tree import Tree as Tree
