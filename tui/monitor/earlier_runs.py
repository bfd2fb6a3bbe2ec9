"""Reads the earlier runs of a plan that estimates, stalls and comparisons rest on."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Iterable
from typing import Final, Protocol

from tui.analysis.comparison import earlier_finished, same_plan
from tui.analysis.status import is_done
from tui.enterprise_manager.resources import FailoverSession, SessionReading
from tui.errors import FailoverMonitorError, NoPermission, NotFound

MOST_RUNS: Final = 5
AT_ONCE: Final = 4
TRIES: Final = 3
KEPT: Final = 50
"""Runs remembered, so that stepping through a plan's past for weeks stays small."""


class RunSource(Protocol):
    """The part of the client that earlier runs are read through."""

    async def failover_session(self, session_id: str) -> SessionReading:
        """Read one session with its tasks."""


class EarlierRuns:
    """Up to `MOST_RUNS` finished runs of a session's plan, with their tasks, newest first.

    A finished run does not change: each is asked for once, successes and the gone or
    forbidden alike; other trouble is tried again at the next `read`, three times in
    all. At most four requests at a time, and never more than `MOST_RUNS` a read.
    """

    def __init__(self, source: RunSource) -> None:
        """`source` is asked only by `read`."""
        self._source = source
        self._runs: OrderedDict[str, FailoverSession | None] = OrderedDict()
        self._failures: Counter[str] = Counter()
        self._turn = asyncio.Lock()
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def read(
        self, session: FailoverSession, known: Iterable[FailoverSession]
    ) -> tuple[FailoverSession, ...]:
        """The runs before `session`, newest first, among the `known` sessions.

        A known one that has its tasks already costs no request. Some may have no
        tasks: the server may leave them out of a finished session. Never raises for
        trouble with the server; what could not be read is left out.
        """
        wanted = earlier_finished(known, session)[:MOST_RUNS]
        async with self._turn:
            await asyncio.gather(*(self._settle(run) for run in wanted))
            found = [self._runs.get(run.id) for run in wanted]
            self._forget()
        # Lists have no tasks: only the runs as read tell whether they are of another plan
        # of that name.
        return tuple(run for run in found if run is not None and same_plan(run, session))

    def _forget(self) -> None:
        """Drop those that nobody asked for the longest."""
        while len(self._runs) > KEPT:
            self._runs.popitem(last=False)
        while len(self._failures) > KEPT:
            self._failures.pop(next(iter(self._failures)))

    async def _settle(self, run: FailoverSession) -> None:
        if run.id in self._runs:
            self._runs.move_to_end(run.id)
        elif run.tasks:
            self._runs[run.id] = run
        elif self._failures[run.id] < TRIES:
            await self._ask(run.id)

    async def _ask(self, run_id: str) -> None:
        try:
            async with self._gate:
                run = (await self._source.failover_session(run_id)).session
        except (NotFound, NoPermission):
            self._runs[run_id] = None
        except FailoverMonitorError:
            self._failures[run_id] += 1
        else:
            # Still running after all, against what the list said: not to be remembered.
            if is_done(run.state, run.ended):
                self._runs[run_id] = run
