from .packages import (
    BUILD_DEPENDENCIES as BUILD_DEPENDENCIES,
)
from .packages import (
    Family as Family,
)
from .packages import (
    family as family,
)
from .packages import (
    family_of as family_of,
)
from .packages import (
    install_command as install_command,
)
from .packages import (
    package_for as package_for,
)
from .packages import (
    rebuild_remedy as rebuild_remedy,
)
from .release import (
    Distribution as Distribution,
)
from .release import (
    distribution_of as distribution_of,
)
from .release import (
    parse_distribution as parse_distribution,
)
from .release import (
    this_distribution as this_distribution,
)
