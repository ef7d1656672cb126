from .builder import (
    PythonOptions as PythonOptions,
)
from .builder import (
    build_python as build_python,
)
from .recipe import (
    configure_options as configure_options,
)
from .recipe import (
    openssl_for as openssl_for,
)
from .recipe import (
    prefix_for as prefix_for,
)
from .script import make_script as make_script
from .source import (
    PythonSource as PythonSource,
)
from .source import (
    inspect as inspect,
)
from .toolchain import (
    MissingDependencies as MissingDependencies,
)
from .toolchain import (
    find_missing as find_missing,
)
