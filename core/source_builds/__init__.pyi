from .builder import (
    PythonOptions as PythonOptions,
    build_python as build_python,
)
from .recipe import (
    configure_options as configure_options,
    openssl_for as openssl_for,
    prefix_for as prefix_for,
)
from .script import make_script as make_script
from .source import (
    PythonSource as PythonSource,
    inspect as inspect,
)
from .toolchain import find_missing as find_missing
