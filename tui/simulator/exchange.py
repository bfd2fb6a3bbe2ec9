"""A request and a response, without any idea of sockets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """What goes back.

    `chunks` and `close` serve fault rehearsals on a socket: with `chunks` the body is
    written piece by piece as the iterable yields, without a Content-Length of our
    making; `close` hangs up afterwards, even when less was sent than announced.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    chunks: Iterable[bytes] | None = field(default=None, repr=False)
    close: bool = False
