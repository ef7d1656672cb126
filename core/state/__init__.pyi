from .database import (
    BuildRow as BuildRow,
    BundleRow as BundleRow,
    ContentRow as ContentRow,
    Database as Database,
    EnvironmentRow as EnvironmentRow,
    RunRow as RunRow,
    open_database as open_database,
)
from .directory import (
    FILE_MODE as FILE_MODE,
    FOLDER_MODE as FOLDER_MODE,
    let_through as let_through,
    make_folder as make_folder,
    open_file as open_file,
    prepare as prepare,
    write_whole as write_whole,
)
from .locks import (
    is_locked as is_locked,
    lock_now as lock_now,
)
