"""A cloud failover session from its tree, and the last reading of each one that is watched.

Unchanged bytes cost nothing.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from threading import Lock
from typing import Any, Final, Protocol

from tui.enterprise_manager import scalars
from tui.enterprise_manager.address import parse_session_id
from tui.enterprise_manager.decoding import Document, parse
from tui.enterprise_manager.entities import Tree, entity, identity, parent
from tui.enterprise_manager.resources import FailoverSession
from tui.enterprise_manager.slices import TaskSlices
from tui.enterprise_manager.tasks import Doubt, TaskReader, Tasks
from tui.errors import UnreadableAnswer
from tui.light import dataclass

SESSIONS_KEPT: Final = 16

MOST_AT_ONCE: Final = 1_500
"""Tasks that are decoded on the event loop; they take as long as half a megabyte does."""


class TaskSource(Protocol):
    """Who reads the list of tasks."""

    def read(self, value: Any) -> Tasks:
        """The tasks in a member of a session's tree."""


def session_of(content: Tree, tasks: TaskSource, *, among: int = 0) -> FailoverSession:
    """One session from its tree.

    Raises `UnreadableAnswer` for one without a state, unless it is `among` so many
    others that have one: then it is a whole one whose state nobody knows.
    """
    state = scalars.text(content.get("state"))
    if state is None and not among:
        raise UnreadableAnswer("The server's answer has no state: it is only a reference.")
    name = scalars.text(content.get("name"))
    plan_name = scalars.text(content.get("cloudfailoverplanname")) or name or ""
    server = parent(content, "backupserverreference")
    created = scalars.moment(content.get("creationtimeutc"))
    ended = scalars.moment(content.get("endtimeutc"))
    result = scalars.text(content.get("result")) or ""
    listed = tasks.read(content.get("cloudfailovertasks"))
    return FailoverSession(
        id=identity(content),
        name=name or plan_name,
        plan_name=plan_name,
        backup_server=server.name,
        backup_server_id=server.id,
        created=created,
        ended=scalars.told_end(ended, created, state or "", result),
        state=state or "",
        result=result,
        progress=scalars.percentage(content.get("progress")),
        failure_message=scalars.message(content.get("failuremessage")),
        tasks=listed.found,
        unreadable_tasks=listed.unreadable,
        unlike_tasks=listed.unlike,
    )


class LastReading:
    """The last good body of one session and what it said."""

    def __init__(self, session_id: str) -> None:
        """Nothing read yet. `session_id` is a GUID in lower case."""
        self.turn = asyncio.Lock()
        self.id = session_id
        self._tasks = TaskReader()
        self._slices = TaskSlices(self._tasks)
        self._decoded_before = 0
        self._last: tuple[bytes, FailoverSession] | None = None
        # A thread goes on with a body where nobody waits for it any more.
        self._reading = Lock()

    @property
    def decoded(self) -> int:
        """How many tasks were decoded one by one, ever; what only moved on is not counted."""
        return self._decoded_before + self._slices.decoded

    @property
    def slices(self) -> int:
        """How many tasks are kept with their text, to go on from."""
        return self._slices.known

    def same(self, body: bytes) -> FailoverSession | None:
        """The last session if these are the bytes it came from."""
        last = self._last
        return last[1] if last is not None and last[0] == body else None

    def quickly(self, body: bytes) -> FailoverSession | None:
        """What the body says, where little of it has to be decoded; None where that is unsure."""
        if not self._reading.acquire(blocking=False):
            return None
        try:
            if self._slices.known:
                with suppress(Doubt):
                    return self._sliced(body, MOST_AT_ONCE)
            return None
        finally:
            self._reading.release()

    def read(self, body: bytes) -> FailoverSession:
        """Decode; may run in a thread, and waits for an earlier one. Raises `UnreadableAnswer`.

        After an unreadable body the last good one stays.
        """
        with self._reading:
            is_first = self._last is None
            session = self._read(body)
            if is_first and session.ended is not None:
                # An earlier run, which will say the same for ever: what would help with a
                # changed answer is as large as all that it says.
                self._decoded_before = self.decoded
                self._tasks = TaskReader()
                self._slices = TaskSlices(self._tasks)
            return session

    def _read(self, body: bytes) -> FailoverSession:
        with suppress(Doubt):
            return self._sliced(body, None)
        self._slices.forget()
        content = entity(parse(body), "CloudFailoverSession", self.id)
        return self._kept(body, session_of(content, self._tasks))

    def _sliced(self, body: bytes, most: int | None) -> FailoverSession:
        answer = self._slices.read(body, most)
        content = entity(Document(None, answer.content), "CloudFailoverSession", self.id)
        return self._kept(body, session_of(content, _Read(answer.tasks)))

    def _kept(self, body: bytes, session: FailoverSession) -> FailoverSession:
        last = self._last
        if last is not None and last[1] == session:
            session = last[1]
        self._last = (body, session)
        return session


@dataclass(frozen=True)
class _Read:
    """Tasks that were read already."""

    tasks: Tasks

    def read(self, _: Any) -> Tasks:
        return self.tasks


class SessionReadings:
    """The last readings, the least recently used dropped first."""

    def __init__(self) -> None:
        """Empty."""
        self._readings: OrderedDict[str, LastReading] = OrderedDict()

    def of(self, session_id: str) -> LastReading:
        """The last reading of the session typed or told so, an empty one if there is none.

        Raises `InvalidSessionId`.
        """
        reading = self._readings.pop(session_id, None)
        if reading is None:
            guid = parse_session_id(session_id)
            reading = self._readings.pop(guid, None) or LastReading(guid)
        self._readings[reading.id] = reading
        if len(self._readings) > SESSIONS_KEPT:
            self._readings.popitem(last=False)
        return reading
