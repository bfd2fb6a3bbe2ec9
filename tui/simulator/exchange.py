"""A request and a response, without any idea of sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from tui.light import dataclass


@dataclass(frozen=True)
class Request:
    """What arrived. Header names are lower case; `query` is still percent-encoded."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """The value of a header, "" when it was not sent."""
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True)
class Response:
    """What goes back. `close` hangs up afterwards, even when less was sent than announced."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    close: bool = False
