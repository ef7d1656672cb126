from .analysis import (
    analyze as analyze,
)
from .analysis import (
    cache_file as cache_file,
)
from .analysis_log import keep_log as keep_log
from .discovery import (
    DiscoveredPython as DiscoveredPython,
)
from .discovery import (
    discover as discover,
)
from .inspection import inspect_files as inspect_files
from .model import (
    Analysis as Analysis,
)
from .model import (
    Fix as Fix,
)
from .model import (
    Installation as Installation,
)
from .model import (
    Interpreter as Interpreter,
)
from .model import (
    Module as Module,
)
from .model import (
    Origin as Origin,
)
from .model import (
    Problem as Problem,
)
from .model import (
    Severity as Severity,
)
from .model import (
    ToolVersion as ToolVersion,
)
from .model import (
    candidates as candidates,
)
from .permissions import (
    User as User,
)
from .permissions import (
    clean_environment as clean_environment,
)
from .permissions import (
    find_user as find_user,
)
from .remedies import (
    RemedyRun as RemedyRun,
)
from .remedies import (
    run_remedy as run_remedy,
)
from .unfinished import UNFINISHED_MARK as UNFINISHED_MARK
from .virtualenvs import requirements_for as requirements_for
