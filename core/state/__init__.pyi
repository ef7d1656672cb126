from .boot import boot_id as boot_id
from .content_files import (
    ContentFile as ContentFile,
    read_content_files as read_content_files,
)
from .database import (
    Database as Database,
    open_database as open_database,
    write_database as write_database,
)
from .directory import (
    DATABASE as DATABASE,
    DIRECTORY_MODE as DIRECTORY_MODE,
    FILE_MODE as FILE_MODE,
    create_database as create_database,
    let_through as let_through,
    make_directory as make_directory,
    open_file as open_file,
    prepare as prepare,
    write_whole as write_whole,
)
from .locks import (
    is_locked as is_locked,
    lock_now as lock_now,
)
from .path_locks import (
    acquire as acquire,
    forget_lock as forget_lock,
    hold as hold,
    is_held as is_held,
    lock_file as lock_file,
)
from .permissions import refuse_links as refuse_links
from .rows import (
    BuildRow as BuildRow,
    BundleRow as BundleRow,
    ContentRow as ContentRow,
    EnvironmentRow as EnvironmentRow,
    RunRow as RunRow,
)
from .space import (
    lacks_space as lacks_space,
    no_space as no_space,
    what_is_full as what_is_full,
)
from .sqlite import why_damaged as why_damaged
