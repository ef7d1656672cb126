from .build_cache import steward_cache as steward_cache
from .builder import (
    build_environment as build_environment,
    installation as installation,
)
from .comparison import (
    PackageChange as PackageChange,
    compare_packages as compare_packages,
)
from .creation import interpreter_of as interpreter_of
from .disk_usage import (
    Usage as Usage,
    measure as measure,
)
from .listing import (
    Environment as Environment,
    list_environments as list_environments,
)
from .lock_conditions import (
    conditions_of as conditions_of,
    platform_name as platform_name,
)
from .marker import (
    LOCK_NAME as LOCK_NAME,
    Marker as Marker,
    complete as complete,
    flush as flush,
    invalidate as invalidate,
    lock_text as lock_text,
    turned_link as turned_link,
)
from .ownership import (
    let_through_to as let_through_to,
    take_over as take_over,
)
from .pip_configuration import (
    Configuration as Configuration,
    known_secrets as known_secrets,
    read_configuration as read_configuration,
)
from .places import (
    beside as beside,
    complete_places as complete_places,
)
from .pruning import (
    Criteria as Criteria,
    PrunePlan as PrunePlan,
    Removal as Removal,
    Removed as Removed,
    clear_removed as clear_removed,
    plan_prune as plan_prune,
    prune as prune,
    remove as remove,
)
from .resolver import resolve_lock as resolve_lock
from .results import (
    EnvironmentBuilt as EnvironmentBuilt,
    EnvironmentFailed as EnvironmentFailed,
)
from .spec import (
    EnvironmentSpec as EnvironmentSpec,
    identity as identity,
    interpreter_identity as interpreter_identity,
    location as location,
)
from .store_installer import StoreOptions as StoreOptions
from .uv import choose_installer as choose_installer
from .verification import (
    Defect as Defect,
    verify as verify,
)
