from .database import (
    BuildRow as BuildRow,
    BundleRow as BundleRow,
    ContentRow as ContentRow,
    Database as Database,
    EnvironmentRow as EnvironmentRow,
    open_database as open_database,
)
from .directory import (
    FILE_MODE as FILE_MODE,
    FOLDER_MODE as FOLDER_MODE,
    is_locked as is_locked,
    let_through as let_through,
    lock_now as lock_now,
    make_folder as make_folder,
    now as now,
    open_file as open_file,
    prepare as prepare,
    seconds_of as seconds_of,
    timestamp as timestamp,
    write_whole as write_whole,
)
