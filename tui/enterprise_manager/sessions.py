"""The last reading of each session watched, so that unchanged bytes cost nothing."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from tui.enterprise_manager import readers
from tui.enterprise_manager.decoding import parse
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.tasks import TaskReader

SESSIONS_KEPT: Final = 16


class LastReading:
    """The last good body of one session and what it said."""

    def __init__(self, session_id: str) -> None:
        """Nothing read yet."""
        self.turn = asyncio.Lock()
        self._id = session_id
        self._tasks = TaskReader()
        self._last: tuple[bytes, FailoverSession] | None = None

    def same(self, body: bytes) -> FailoverSession | None:
        """The last session if these are the bytes it came from."""
        last = self._last
        return last[1] if last is not None and last[0] == body else None

    def read(self, body: bytes) -> FailoverSession:
        """Decode; may run in a thread, one at a time. Raises `UnreadableAnswer`.

        After an unreadable body the last good one stays.
        """
        content = readers.entity(parse(body), "CloudFailoverSession", self._id)
        session = readers.session(content, self._tasks)
        last = self._last
        if last is not None and last[1] == session:
            session = last[1]
        self._last = (body, session)
        return session


class SessionReadings:
    """The last readings, the least recently used dropped first."""

    def __init__(self) -> None:
        """Empty."""
        self._readings: OrderedDict[str, LastReading] = OrderedDict()

    def of(self, session_id: str) -> LastReading:
        """The last reading of that session, an empty one if there is none."""
        reading = self._readings.pop(session_id, None) or LastReading(session_id)
        self._readings[session_id] = reading
        if len(self._readings) > SESSIONS_KEPT:
            self._readings.popitem(last=False)
        return reading
