from .compression import gunzipped as gunzipped
from .limits import (
    Limits as Limits,
    Meter as Meter,
)
from .names import (
    resolve_inside as resolve_inside,
    safe_name as safe_name,
)
from .reader import (
    ArchiveMember as ArchiveMember,
    ArchiveReader as ArchiveReader,
    open_archive as open_archive,
)
from .tar import (
    Entry as Entry,
    EntryKind as EntryKind,
    entries as entries,
)
from .tree import Tree as Tree
from .unpack import (
    make_directory as make_directory,
    open_root as open_root,
    write_file as write_file,
)
from .writer import (
    ArchiveWriter as ArchiveWriter,
    write_archive as write_archive,
)
