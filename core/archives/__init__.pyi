from .compression import gunzipped as gunzipped
from .limits import (
    Limits as Limits,
)
from .limits import (
    Meter as Meter,
)
from .names import (
    resolve_inside as resolve_inside,
)
from .names import (
    safe_name as safe_name,
)
from .tar import (
    Entry as Entry,
)
from .tar import (
    EntryKind as EntryKind,
)
from .tar import (
    entries as entries,
)
from .tree import Tree as Tree
