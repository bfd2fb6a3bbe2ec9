"""The sessions that were opened in this run of the program."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from tui.monitor.live_session import LiveSession
from tui.monitor.snapshot import Snapshot

KEPT: Final = 50
"""Sessions whose past is remembered, so that weeks of looking stay small."""


class LiveSessions:
    """One for each session that was opened, so that leaving loses nothing of it.

    Remembers the `KEPT` that were opened last.
    """

    def __init__(self, opened: Callable[[str], LiveSession]) -> None:
        """`opened` makes the one for a session ID."""
        self._opened = opened
        self._sessions: OrderedDict[str, LiveSession] = OrderedDict()

    def seen(self, session_id: str) -> Snapshot | None:
        """What is known of a session that was opened; None of any other."""
        known = self._sessions.get(session_id.lower())
        return known.snapshot if known is not None else None

    def of(self, session_id: str) -> LiveSession:
        """The one that it had when it was last open, or a new one."""
        key = session_id.lower()
        if key not in self._sessions:
            self._sessions[key] = self._opened(session_id)
        self._sessions.move_to_end(key)
        while len(self._sessions) > KEPT:
            _, oldest = self._sessions.popitem(last=False)
            oldest.close()
        return self._sessions[key]

    def close(self) -> int:
        """All of them, for good. How many records are missing in their journals."""
        return sum(live.close() for live in self._sessions.values())
