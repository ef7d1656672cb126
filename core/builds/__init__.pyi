from .cleanup import (
    Orphan as Orphan,
    clean_up as clean_up,
    find_orphans as find_orphans,
)
from .content_locks import (
    build_lock as build_lock,
    content_lock as content_lock,
    put_content_lock as put_content_lock,
)
from .estimate import (
    Estimate as Estimate,
    estimate_of as estimate_of,
)
from .events import (
    BuildOutcome as BuildOutcome,
    Event as Event,
    Finished as Finished,
    LogLines as LogLines,
    Notice as Notice,
    PackageEvent as PackageEvent,
    Phase as Phase,
    Waiting as Waiting,
    decode_event as decode_event,
)
from .follower import follow as follow
from .interrupted import current_build as current_build
from .job import (
    BuildJob as BuildJob,
    decode_job as decode_job,
    encode_job as encode_job,
)
from .launcher import (
    BuildPlaces as BuildPlaces,
    Launcher as Launcher,
    LocalLauncher as LocalLauncher,
    start as start,
)
from .listing import (
    Content as Content,
    cancel as cancel,
    cancel_record as cancel_record,
    find as find,
    find_content as find_content,
    find_run as find_run,
    list_builds as list_builds,
    list_content as list_content,
    list_runs as list_runs,
    remove_content as remove_content,
    show as show,
)
from .logout import logout_warning as logout_warning
from .model import (
    Asked as Asked,
    Build as Build,
    Considered as Considered,
    EnvironmentRef as EnvironmentRef,
    Kind as Kind,
    Python as Python,
    build_as_json as build_as_json,
    build_from_json as build_from_json,
)
from .on_finish import run_on_finish as run_on_finish
from .progress import (
    BuildEntry as BuildEntry,
    Progress as Progress,
    advance as advance,
    progress_of as progress_of,
)
from .record import Record as Record
from .record_writer import (
    BuildResult as BuildResult,
    RecordWriter as RecordWriter,
    completed as completed,
    create_record as create_record,
    row_of as row_of,
    run_row_of as run_row_of,
)
from .retention import (
    prune_builds as prune_builds,
    remove_build as remove_build,
    remove_run as remove_run,
)
from .timeline import (
    Count as Count,
    PackageTime as PackageTime,
    PhaseTime as PhaseTime,
    Timeline as Timeline,
)
from .transfer import (
    OpenRecord as OpenRecord,
    export as export,
    open_record as open_record,
)
from .worker_base import (
    WorkerProcess as WorkerProcess,
    enter as enter,
)
