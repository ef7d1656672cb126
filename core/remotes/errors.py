"""What can go wrong between this program and another server."""

from __future__ import annotations

from ..errors import StewardError


class RemoteError(StewardError):
    """Another server cannot be reached, refuses a request, or gives an answer that is not usable.

    Codes: ``remote-unknown`` (no server of that name is configured), ``remote-settings`` (its
    settings cannot be used), ``remote-key`` (its key cannot be read), ``remote-unreachable``,
    ``remote-tls``, ``remote-denied`` (401, 403), ``remote-not-found`` (404), ``remote-redirects``,
    ``remote-login-page``, ``remote-refused`` (another status), ``remote-too-large``,
    ``remote-too-slow``, ``remote-answer`` (not the JSON that was asked for).
    """

    default_code = "remote"

    @property
    def is_absent(self) -> bool:
        """Whether the server has nothing at that address: this release may not offer it."""
        return self.code == "remote-not-found"

    @property
    def is_denied(self) -> bool:
        """Whether the key may not read this."""
        return self.code == "remote-denied"
