"""Where a server listens: a value that settings, client and screens share."""

from __future__ import annotations

from typing import Final, Literal

from tui.light import dataclass

DEFAULT_PORT: Final = 9398
"""The port of the REST API, from Enterprise Manager's REST reference."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where an Enterprise Manager listens. `host` is a name or a bare IP address."""

    scheme: Literal["https", "http"]
    host: str
    port: int = DEFAULT_PORT

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end: `https://em01:9398`."""
        return f"{self.scheme}://{self.host_and_port}"

    @property
    def label(self) -> str:
        """The host, with the port only where it is not the usual one."""
        return self.host if self.port == DEFAULT_PORT else self.host_and_port

    @property
    def host_and_port(self) -> str:
        """Both, whatever the port: as commands take it, an IPv6 address in brackets."""
        return f"{self._bracketed}:{self.port}"

    @property
    def is_plain_http(self) -> bool:
        """True when the password would travel unencrypted: to be said on screen."""
        return self.scheme == "http"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host
