from .access import (
    Access as Access,
    try_access as try_access,
)
from .as_local import (
    content_by_name as content_by_name,
    contents_of as contents_of,
    installations_of as installations_of,
    subjects_of as subjects_of,
    usage_of as usage_of,
)
from .bundles import request_files as request_files
from .cache import Cache as Cache
from .client import ConnectClient as ConnectClient
from .examination import (
    Examination as Examination,
    examine_content as examine_content,
)
from .failures import (
    ContentFailures as ContentFailures,
    Failure as Failure,
    FailureReader as FailureReader,
    causes_of as causes_of,
    newest_first as newest_first,
)
from .keys import (
    check_key as check_key,
    find_in_rsconnect as find_in_rsconnect,
    read_key as read_key,
    read_key_file as read_key_file,
)
from .lookup import find_content as find_content
from .model import (
    ASSUMED_POLICY as ASSUMED_POLICY,
    Inventory as Inventory,
    JobKind as JobKind,
    RemoteContent as RemoteContent,
    RemotePython as RemotePython,
)
from .proposal import (
    RemoteRequest as RemoteRequest,
    RemoteSimulation as RemoteSimulation,
    affected as affected,
    read_requests as read_requests,
    simulate_change as simulate_change,
    subject_names as subject_names,
)
from .pull import (
    PackageDifference as PackageDifference,
    Pulled as Pulled,
    compare_packages as compare_packages,
    pull_bundle as pull_bundle,
)
from .reading import (
    read_content as read_content,
    read_inventory as read_inventory,
    read_log as read_log,
    read_pythons as read_pythons,
    read_server_version as read_server_version,
    read_user as read_user,
)
from .report import (
    cause_words as cause_words,
    day_of as day_of,
    failures_report as failures_report,
)
from .scenario import scenario_of as scenario_of
from .session import ConnectSession as ConnectSession
from .settings import (
    KEY_HEADERS as KEY_HEADERS,
    ConnectServer as ConnectServer,
    check_name as check_name,
    server_url as server_url,
)
from .store import ServerStore as ServerStore
