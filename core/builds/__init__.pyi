from .cleanup import (
    Orphan as Orphan,
)
from .cleanup import (
    clean_up as clean_up,
)
from .cleanup import (
    find_orphans as find_orphans,
)
from .ending import (
    BuildResult as BuildResult,
)
from .ending import (
    completed as completed,
)
from .events import (
    BuildOutcome as BuildOutcome,
)
from .events import (
    Event as Event,
)
from .events import (
    Finished as Finished,
)
from .events import (
    LogLines as LogLines,
)
from .events import (
    Notice as Notice,
)
from .events import (
    PackageEvent as PackageEvent,
)
from .events import (
    Phase as Phase,
)
from .events import (
    Waiting as Waiting,
)
from .follower import follow as follow
from .job import (
    BuildJob as BuildJob,
)
from .job import (
    encode as encode,
)
from .launcher import (
    LocalLauncher as LocalLauncher,
)
from .launcher import (
    start as start,
)
from .listing import (
    Content as Content,
)
from .listing import (
    cancel as cancel,
)
from .listing import (
    find as find,
)
from .listing import (
    find_content as find_content,
)
from .listing import (
    list_builds as list_builds,
)
from .listing import (
    list_content as list_content,
)
from .listing import (
    remove_build as remove_build,
)
from .listing import (
    remove_content as remove_content,
)
from .listing import (
    show as show,
)
from .logout import logout_warning as logout_warning
from .model import (
    Asked as Asked,
)
from .model import (
    Build as Build,
)
from .model import (
    Considered as Considered,
)
from .model import (
    EnvironmentRef as EnvironmentRef,
)
from .model import (
    Kind as Kind,
)
from .model import (
    Python as Python,
)
from .model import (
    as_json as as_json,
)
from .record import (
    Record as Record,
)
from .record import (
    Writer as Writer,
)
from .record import (
    create_record as create_record,
)
from .record_writer import (
    finish as finish,
)
from .record_writer import (
    row_of as row_of,
)
from .runner import (
    BuildRunner as BuildRunner,
)
from .runner import (
    BuildStopped as BuildStopped,
)
from .transfer import (
    OpenRecord as OpenRecord,
)
from .transfer import (
    export as export,
)
from .transfer import (
    open_record as open_record,
)
from .worker_base import (
    WorkerProcess as WorkerProcess,
)
from .worker_base import (
    enter as enter,
)
