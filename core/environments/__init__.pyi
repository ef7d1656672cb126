from .builder import build_environment as build_environment
from .disk_usage import (
    Usage as Usage,
)
from .disk_usage import (
    measure as measure,
)
from .listing import (
    Environment as Environment,
)
from .listing import (
    list_environments as list_environments,
)
from .locks import (
    acquire as acquire,
)
from .locks import (
    hold as hold,
)
from .locks import (
    lock_file as lock_file,
)
from .marker import (
    Marker as Marker,
)
from .marker import (
    complete as complete,
)
from .marker import (
    flush as flush,
)
from .marker import (
    invalidate as invalidate,
)
from .ownership import (
    remove_tree as remove_tree,
)
from .ownership import (
    take_over as take_over,
)
from .pip_configuration import (
    Configuration as Configuration,
)
from .pip_configuration import (
    read_configuration as read_configuration,
)
from .pruning import (
    Criteria as Criteria,
)
from .pruning import (
    PrunePlan as PrunePlan,
)
from .pruning import (
    Removal as Removal,
)
from .pruning import (
    Removed as Removed,
)
from .pruning import (
    clear_removed as clear_removed,
)
from .pruning import (
    plan_prune as plan_prune,
)
from .pruning import (
    prune as prune,
)
from .pruning import (
    remove as remove,
)
from .results import (
    Complaint as Complaint,
)
from .results import (
    EnvironmentBuilt as EnvironmentBuilt,
)
from .results import (
    EnvironmentFailed as EnvironmentFailed,
)
from .runner import Runner as Runner
from .spec import (
    EnvironmentSpec as EnvironmentSpec,
)
from .spec import (
    identity as identity,
)
from .spec import (
    interpreter_identity as interpreter_identity,
)
from .spec import (
    location as location,
)
from .uv import (
    InstallerChoice as InstallerChoice,
)
from .uv import (
    choose_installer as choose_installer,
)
from .verification import (
    Defect as Defect,
)
from .verification import (
    verify as verify,
)
