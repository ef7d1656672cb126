"""One configured Connect server in use: its client, its cache, and the policy it matches by."""

from __future__ import annotations

from collections.abc import Callable

from ...matching import Policy
from .cache import Cache
from .client import ConnectClient
from .keys import read_key
from .model import ASSUMED_POLICY
from .settings import ConnectServer
from .store import ServerStore


class ConnectSession:
    """Opens a server by its name; close it, or use it in a ``with``.

    policy: what was asked for, else what is configured, else the one that is assumed.
    policy_is_assumed: whether it is that last one.
    Raises RemoteError (remote-unknown, remote-settings, remote-key), UsageError without httpx.
    """

    def __init__(
        self,
        name: str,
        *,
        policy: Policy | None = None,
        on_wait: Callable[[float, str], object] | None = None,
        store: ServerStore | None = None,
    ) -> None:
        self.server: ConnectServer = (store or ServerStore()).find(name)
        known = policy or self.server.matching
        self.policy = known or ASSUMED_POLICY
        self.policy_is_assumed = known is None
        self.cache = Cache.of(self.server)
        self.client = ConnectClient(self.server, read_key(self.server), on_wait=on_wait)

    def __enter__(self) -> ConnectSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
