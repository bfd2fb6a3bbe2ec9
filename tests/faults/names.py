"""Name look-ups answered inside the process: no test asks a real name server."""

from __future__ import annotations

import socket
from typing import Any

HOST = "em01.test"
_really = socket.getaddrinfo


class Names:
    """Knows `HOST` as 127.0.0.1 and addresses as themselves; `failure` is raised instead."""

    def __init__(self) -> None:
        self.failure: socket.gaierror | None = None

    def look_up(self, host: str | bytes | None, port: Any, *args: Any, **more: Any) -> Any:
        """Stands in for `socket.getaddrinfo`."""
        name = host.decode() if isinstance(host, bytes) else host
        if name == HOST:
            if self.failure is not None:
                raise self.failure
            name = "127.0.0.1"
        assert name == "127.0.0.1", f"a look-up of {name} would have left this process"
        return _really(name, port, *args, **more)
