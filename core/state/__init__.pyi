from .database import (
    BuildRow as BuildRow,
)
from .database import (
    BundleRow as BundleRow,
)
from .database import (
    ContentRow as ContentRow,
)
from .database import (
    Database as Database,
)
from .database import (
    EnvironmentRow as EnvironmentRow,
)
from .database import (
    open_database as open_database,
)
from .directory import (
    FILE_MODE as FILE_MODE,
)
from .directory import (
    FOLDER_MODE as FOLDER_MODE,
)
from .directory import (
    is_locked as is_locked,
)
from .directory import (
    let_through as let_through,
)
from .directory import (
    lock_now as lock_now,
)
from .directory import (
    make_folder as make_folder,
)
from .directory import (
    now as now,
)
from .directory import (
    open_file as open_file,
)
from .directory import (
    prepare as prepare,
)
from .directory import (
    seconds_of as seconds_of,
)
from .directory import (
    timestamp as timestamp,
)
from .directory import (
    write_whole as write_whole,
)
