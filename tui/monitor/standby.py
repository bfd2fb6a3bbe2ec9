"""Standing by: waits for the next session of a plan to begin.

A session has begun when the list shows one of the plan that is running, or one that
began after the waiting did: a short drill may be over before the server tells of it
(Enterprise Manager collects every 15 minutes by default). One that the person saw running
when the waiting began is not it: they wait for the one after it. Lists carry no time of the
server's, so that "after" is told by the server's clock where it is known, else by
being newer than every session of the first list read. This machine's clock never
decides.
"""

from __future__ import annotations

import asyncio
import difflib
import math
import random
from collections.abc import Callable, Iterable
from dataclasses import field, replace
from datetime import datetime
from typing import Final, Protocol

from tui.analysis.identity import folded
from tui.analysis.status import status_of_session
from tui.enterprise_manager.in_time import began, newest_of
from tui.enterprise_manager.resources import FailoverSession, SessionPage
from tui.light import dataclass
from tui.monitor.clock import Clock, PollState, ServerClock
from tui.monitor.poll_loop import Polled

INTERVAL: Final = 10.0
PAGE_SIZE: Final = 100
MOST_CLOSE: Final = 5
_SIMILAR: Final = 0.6


class StandbySource(Protocol):
    """The part of the client that a standby reads through."""

    async def failover_sessions(self, page: int = 1, page_size: int = 100) -> SessionPage:
        """Read one page of sessions, newest first."""


@dataclass(frozen=True)
class StandbyState(PollState):
    """What a standby knows. `since` is when it began to wait, aware.

    `found` is the session waited for, `last` the plan's newest one but for that.
    `close` are plan names that were seen and look like `plan_name`, empty once a
    session of the plan itself was seen. `backup_server` tells plans of one name apart;
    None is any. `interval` in seconds; moments are `Clock.monotonic` seconds.
    """

    plan_name: str
    since: datetime
    backup_server: str | None = None
    found: FailoverSession | None = None
    last: FailoverSession | None = None
    close: tuple[str, ...] = ()
    interval: float = field(default=INTERVAL, kw_only=True)


class Standby(Polled[StandbyState]):
    """Reads the first page of the session list, one request a poll, and never gives up."""

    answer = "The session list"

    def __init__(
        self,
        source: StandbySource,
        plan_name: str,
        clock: Clock,
        *,
        backup_server: str | None = None,
        known: Iterable[FailoverSession] = (),
        server_clock: ServerClock | None = None,
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """`known` sessions only tell of the plan's past, also those of them that still run;
        `server_clock` is what is known of it.

        The name matches whatever its case and the blanks around it. A session that does
        not tell its backup server may be any server's.
        """
        since = server_clock.now(clock.monotonic()) if server_clock else clock.now()
        state = StandbyState(plan_name.strip(), since, backup_server, server_clock=server_clock)
        super().__init__(state, clock, retry=INTERVAL, random_source=random_source)
        self._source = source
        self._seen: dict[str, FailoverSession] = {session.id: session for session in known}
        self._past = frozenset(self._seen)
        self._newest_at_first: float | None = None
        self._found = asyncio.Event()
        self.state = self._with_past(state)

    async def poll_once(self) -> StandbyState:
        """Read the list once; trouble becomes a value. Once found, nothing is asked any more."""
        if self.state.found is not None:
            return self.state
        return await super().poll_once()

    async def _ask(self) -> None:
        page = await self._source.failover_sessions(page=1, page_size=PAGE_SIZE)
        self._take(page.sessions)

    async def run(self, publish: Callable[[StandbyState], None]) -> FailoverSession:
        """Poll until the session has begun, handing each state to `publish`; gives the session."""
        polling = asyncio.ensure_future(self._loop.run(publish))
        finding = asyncio.ensure_future(self._found.wait())
        try:
            await asyncio.wait({polling, finding}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (polling, finding):
                task.cancel()
            results = await asyncio.gather(polling, finding, return_exceptions=True)
        found = self.state.found
        if found is None:  # the loop has no end of its own: `publish` raised
            raise next(result for result in results if isinstance(result, Exception))
        return found

    def _take(self, sessions: tuple[FailoverSession, ...]) -> None:
        first = self.state.fetched_at is None
        found = self._begun(sessions, first=first)
        if first:
            self._newest_at_first = max(map(began, sessions), default=-math.inf)
        self._seen.update((session.id, session) for session in sessions)
        self._forget(found)
        now = self._clock.monotonic()
        state = replace(
            self.state,
            found=found,
            trouble=None,
            fetched_at=now,
            next_poll_at=now + self.state.interval,
        )
        self.state = self._with_past(state)
        if found is not None:
            self._found.set()

    def _begun(self, sessions: Iterable[FailoverSession], *, first: bool) -> FailoverSession | None:
        """The newest session of the plan that runs or is new."""
        begun = [
            session
            for session in sessions
            if self._is_of_plan(session)
            and session.id not in self._past
            and (_is_running(session) or self._is_new(session, first=first))
        ]
        return max(begun, key=_running_undated_first, default=None)

    def _is_of_plan(self, session: FailoverSession) -> bool:
        wanted = self.state.backup_server
        elsewhere = wanted is not None and session.backup_server not in (None, wanted)
        return same_name(session.plan_name, self.state.plan_name) and not elsewhere

    def _is_new(self, session: FailoverSession, *, first: bool) -> bool:
        if session.created is None:
            return False
        if self.state.server_clock is not None and session.created >= self.state.since:
            return True
        if first or self._newest_at_first is None:
            return False
        return began(session) > self._newest_at_first

    def _with_past(self, state: StandbyState) -> StandbyState:
        """The plan's last session, or the names that look like the one waited for."""
        own = [
            session
            for session in self._seen.values()
            if self._is_of_plan(session) and (state.found is None or session.id != state.found.id)
        ]
        names = {session.plan_name for session in self._seen.values()}
        known = bool(own) or state.found is not None
        close = () if known else close_names(state.plan_name, names)
        return replace(state, last=newest_of(own), close=close)

    def _forget(self, found: FailoverSession | None) -> None:
        """Keep the newest session of each plan and server: the past shown needs no more."""
        newest: dict[tuple[str, str | None], FailoverSession] = {}
        for session in sorted(self._seen.values(), key=began):
            if found is None or session.id != found.id:
                newest[folded(session.plan_name), session.backup_server] = session
        self._seen = {session.id: session for session in newest.values()}


def same_name(one: str, other: str) -> bool:
    """Whether both name one plan, as a person types it: case and outer blanks do not count."""
    return folded(one) == folded(other)


def close_names(wanted: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that look like `wanted` or hold it, the closest first, at most five."""
    by_folded = {folded(name): name.strip() for name in sorted(names) if name.strip()}
    needle = folded(wanted)
    close = difflib.get_close_matches(needle, by_folded, n=MOST_CLOSE, cutoff=_SIMILAR)
    holding = [name for name in by_folded if needle and needle in name and name not in close]
    return tuple(by_folded[name] for name in (*close, *holding)[:MOST_CLOSE])


def _running_undated_first(session: FailoverSession) -> tuple[bool, float]:
    """What runs without a date has just begun."""
    return (session.created is None, began(session))


def _is_running(session: FailoverSession) -> bool:
    """Whether the server says that it runs; a word unknown here does not say so."""
    verdict = status_of_session(session.state, session.result, session.ended, [])
    return verdict.status.is_running
