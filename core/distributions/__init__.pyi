from .packages import (
    BUILD_DEPENDENCIES as BUILD_DEPENDENCIES,
    family as family,
    install_command as install_command,
    package_for as package_for,
    rebuild_remedy as rebuild_remedy,
)
from .release import (
    Distribution as Distribution,
    distribution_of as distribution_of,
    parse_distribution as parse_distribution,
    this_distribution as this_distribution,
)
