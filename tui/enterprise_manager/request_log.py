"""What the log may know of a request: enough to find trouble, nothing secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_LOGON_SESSION: Final = re.compile(r"(/logonSessions/)[^/?#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One exchange with the server.

    `path` has the ids of logon sessions replaced, because a logon session's id
    discloses its token. `status` is None when no answer came, `size` the length
    of the body in bytes after decompression, `error` the name of the exception
    class, None if the exchange succeeded, and `reason` its sentence for people,
    which holds no secret (`tui.errors`).
    """

    method: str
    path: str
    status: int | None
    size: int
    seconds: float
    error: str | None
    reason: str | None = None


OnRequest = Callable[[RequestRecord], None]
"""Called once after each exchange, from the event loop."""


def redacted(path: str) -> str:
    """The path and query, without ids that disclose a token."""
    return _LOGON_SESSION.sub(r"\1…", path)
