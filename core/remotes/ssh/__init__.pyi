from .asking import (
    MISSING as MISSING,
    Fields as Fields,
    RemoteDocument as RemoteDocument,
    ask_json as ask_json,
    rows_of as rows_of,
    text_of as text_of,
)
from .bare import read_pythons as read_pythons
from .connection import Connection as Connection
from .connections import (
    Connections as Connections,
    ask_all as ask_all,
)
from .drift import drift_of as drift_of
from .fleet import (
    ServerFleet as ServerFleet,
    interface_command as interface_command,
)
from .model import SshServer as SshServer
from .reading import (
    RemoteInstallations as RemoteInstallations,
    read_installations as read_installations,
)
from .remembered import Memory as Memory
from .rollout import RolloutRunner as RolloutRunner
from .servers_file import (
    choose_servers as choose_servers,
    find_servers_file as find_servers_file,
    read_servers as read_servers,
)
from .survey import (
    ServerRow as ServerRow,
    survey_servers as survey_servers,
)
from .waves import (
    Rollout as Rollout,
    RolloutFile as RolloutFile,
    WaveServer as WaveServer,
    plan_waves as plan_waves,
)
