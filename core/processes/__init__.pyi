from .batch import (
    Command as Command,
    RunResult as RunResult,
    end_runs as end_runs,
    run_all as run_all,
    run_one as run_one,
)
from .companion import Companion as Companion
from .confinement import (
    Confinement as Confinement,
    View as View,
    find_confinement as find_confinement,
    status_of as status_of,
)
from .stream import (
    ChildProcess as ChildProcess,
    run as run,
)
from .tree import (
    adopt_orphans as adopt_orphans,
    call_itself as call_itself,
    end_descendants as end_descendants,
    end_leftovers as end_leftovers,
    memory_of_descendants as memory_of_descendants,
)
from .variables import (
    BUILD_PATH as BUILD_PATH,
    Workspace as Workspace,
    child_environment as child_environment,
    clean_environment as clean_environment,
)
