from .assembly import (
    Layout as Layout,
    Placement as Placement,
    assemble as assemble,
)
from .linker import (
    Linker as Linker,
    Links as Links,
)
from .model import (
    Bytecode as Bytecode,
    Compiler as Compiler,
    StoredWheel as StoredWheel,
    WheelUnfit as WheelUnfit,
)
from .pruning import (
    WheelRemoval as WheelRemoval,
    WheelUse as WheelUse,
    list_wheels as list_wheels,
    remove_wheels as remove_wheels,
)
from .store import WheelStore as WheelStore
from .unpacker import (
    Archive as Archive,
    Intake as Intake,
    take_in as take_in,
)
from .verification import (
    WheelCheck as WheelCheck,
    check_store as check_store,
)
