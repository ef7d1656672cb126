from .places import ClusterPlaces as ClusterPlaces
from .scheduler import run_scheduler as run_scheduler
from .target import (
    PORT as PORT,
    Certificates as Certificates,
    ClusterTarget as ClusterTarget,
    checked_address as checked_address,
    find_certificates as find_certificates,
    find_target as find_target,
    is_loopback as is_loopback,
    require_extra as require_extra,
)
from .worker import (
    announce as announce,
    run_worker as run_worker,
)
