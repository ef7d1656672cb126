from .batch import (
    Command as Command,
)
from .batch import (
    RunResult as RunResult,
)
from .batch import (
    end_runs as end_runs,
)
from .batch import (
    run_all as run_all,
)
from .stream import (
    ChildProcess as ChildProcess,
)
from .stream import (
    User as User,
)
from .stream import (
    run as run,
)
from .tree import (
    adopt_orphans as adopt_orphans,
)
from .tree import (
    call_itself as call_itself,
)
from .tree import (
    end_descendants as end_descendants,
)
from .tree import (
    end_leftovers as end_leftovers,
)
from .variables import (
    BUILD_PATH as BUILD_PATH,
)
from .variables import (
    Workspace as Workspace,
)
from .variables import (
    child_environment as child_environment,
)
