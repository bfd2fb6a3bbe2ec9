"""The list of sessions: newest first, page by page, kept fresh."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from typing import Protocol

from tui.analysis.identity import Tenants
from tui.analysis.status import is_done
from tui.enterprise_manager.in_time import newest_first
from tui.enterprise_manager.resources import (
    FailoverPlan,
    FailoverSession,
    PlanPage,
    SessionPage,
    SessionReading,
)
from tui.errors import FailoverMonitorError, NotFound
from tui.light import dataclass
from tui.monitor.clock import Clock, PollState, ServerClock
from tui.monitor.poll_loop import Polled
from tui.settings.resolved import DEFAULT_INTERVAL

INTERVAL = 30.0
"""Seconds between two polls of the list."""

PAGE_SIZE = 100
MOST_PAGES = 500
PAGES_AHEAD = 10
"""Pages that are read by themselves, and each time that somebody asks for more.

A server may hold a hundred thousand sessions, of which hardly anybody looks at more than
the newest: the others would keep both sides busy for a minute at each start.
"""
AT_ONCE = 4
MOST_FOLLOWED = 20
MOST_PLAN_PAGES = 20
MOST_OF_PLAN = 1_000
TENANTS_KEPT = 900.0
"""Seconds after which the plans are asked for again: as often as the server collects."""


class PlanSource(Protocol):
    """The part of the client that plans are listed through."""

    async def all_failover_plans(self, page: int = 1, page_size: int = 100) -> PlanPage:
        """Read one page of all plans."""


class ListSource(PlanSource, Protocol):
    """The part of the client that the list is read through."""

    @property
    def cloud_connect(self) -> bool | None:
        """Whether the server has Cloud Connect, as far as it told."""

    async def failover_sessions(self, page: int = 1, page_size: int = 100) -> SessionPage:
        """Read one page of sessions, newest first."""

    async def failover_sessions_named(
        self, name: str, limit: int = 100
    ) -> tuple[FailoverSession, ...]:
        """Read the newest sessions of that name."""

    async def failover_session(self, session_id: str) -> SessionReading:
        """Read one session with its tasks."""


@dataclass(frozen=True)
class SessionListState(PollState):
    """The sessions known so far, newest first, each once.

    `pages` is what the server last said, `pages_read` how many of them are in, `pages_wanted`
    how many are to be read before the list is only kept fresh.
    `cloud_connect` is False where it says that it has none, and shows no session either.
    `unreadable_on` counts the items of each page that could not be read, `tenants` tells
    whose sessions they are.
    """

    @property
    def unreadable(self) -> int:
        """How many items of the list could not be read."""
        return sum(self.unreadable_on.values())

    sessions: tuple[FailoverSession, ...] = ()
    pages_read: int = 0
    pages: int | None = None
    cloud_connect: bool | None = None
    unreadable_on: Mapping[int, int] = field(default_factory=dict)
    tenants: Tenants = field(default_factory=Tenants)
    interval: float = field(default=30.0, kw_only=True)
    pages_wanted: int = PAGES_AHEAD

    @property
    def is_complete(self) -> bool:
        """Whether every page has been read that ever will be."""
        return self.pages is not None and self.pages_read >= min(self.pages, MOST_PAGES)

    @property
    def is_enough(self) -> bool:
        """Whether every page has been read that somebody wants so far."""
        return self.is_complete or (self.pages is not None and self.pages_read >= self.pages_wanted)

    @property
    def about(self) -> int | None:
        """How many sessions the server has, by its pages, if that is more than were read."""
        if self.pages is None or not 0 < self.pages_read < self.pages:
            return None
        on_a_page = (len(self.sessions) + self.unreadable) / self.pages_read
        return max(len(self.sessions), round(int(on_a_page * self.pages), -2))


class SessionList(Polled[SessionListState]):
    """Reads the first pages once, then keeps the first page and what runs fresh.

    `read_more` has it read on, so many pages at a time.

    Running sessions are read one by one (at most `MOST_FOLLOWED`, four at a
    time) with their tasks, so that their failures show in the list too; the
    query itself answers without tasks.
    """

    answer = "The session list"

    def __init__(
        self,
        source: ListSource,
        *,
        clock: Clock,
        plan_name: str | None = None,
        random_source: Callable[[], float] = random.random,
    ) -> None:
        """`plan_name`: only the newest `MOST_OF_PLAN` of that plan."""
        state = SessionListState(interval=INTERVAL)
        super().__init__(state, clock, retry=DEFAULT_INTERVAL, random_source=random_source)
        self._source = source
        self._plan_name = plan_name
        self._tenants_due = asyncio.Event()
        self._tenants_asked_at: float | None = None

    async def run(self, publish: Callable[[SessionListState], None]) -> None:
        """Poll until cancelled, handing each state to `publish`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._loop.run(publish))
            group.create_task(self._keep_tenants(publish))

    def pause(self) -> None:
        """Send nothing while another screen is in front."""
        self._loop.pause()

    def resume(self) -> None:
        """Go on, with a refresh at once."""
        self._loop.resume()

    def read_more(self) -> bool:
        """Read the next pages too; False where there are none, or they are being read."""
        state = self.state
        if state.is_complete or not state.is_enough:
            return False
        self.state = replace(state, pages_wanted=state.pages_read + PAGES_AHEAD)
        self._loop.poll_now()
        return True

    async def _ask(self) -> None:
        """Read the next page, or when there are enough refresh."""
        state = self.state
        refreshing = state.is_enough or state.pages is None
        number = 1 if refreshing else state.pages_read + 1
        page = await self._page(number)
        sessions = merged(state.sessions, page.sessions)
        pages = page.pages if page.sessions else min(page.pages, number)
        known = {session.id for session in state.sessions}
        # A first page without one known session leaves a gap below it: read on.
        joined = not page.sessions or any(session.id in known for session in page.sessions)
        in_reach = min(pages, MOST_PAGES)
        pages_read = number
        if state.is_enough and joined:
            pages_read = in_reach if state.is_complete else max(1, min(state.pages_read, in_reach))
        now = self._clock.monotonic()
        read = replace(
            self.state,
            sessions=sessions,
            pages_read=pages_read,
            pages=pages,
            cloud_connect=self._source.cloud_connect,
            unreadable_on={**state.unreadable_on, number: page.unreadable},
            trouble=None,
            fetched_at=now,
        )
        self.state = replace(read, next_poll_at=now + state.interval if read.is_enough else now)
        if refreshing:
            await self._follow_running({session.id for session in page.sessions})
        self._look_for_tenants()

    async def _page(self, number: int) -> SessionPage:
        if self._plan_name is None:
            return await self._source.failover_sessions(page=number, page_size=PAGE_SIZE)
        named = await self._source.failover_sessions_named(self._plan_name, MOST_OF_PLAN)
        return SessionPage(sessions=named, page=1, pages=1)

    async def read(self, enough: Callable[[SessionListState], bool]) -> SessionListState:
        """Read the tenants, then page by page, once, until it is `enough` or there is no more.

        Raises what stands in the way. For who asks once and goes; `run` is for who stays.
        """
        await self.read_tenants()
        while True:
            state = await self.poll_once()
            if state.trouble is not None:
                raise state.trouble.as_error()
            if state.is_complete or enough(state):
                return state
            self.read_more()

    async def read_tenants(self) -> bool:
        """Ask whose sessions they are; False where that is no news. Never raises: without an
        answer what is known stays."""
        with suppress(Exception):  # neither the server's no nor a defect must end anything
            tenants = Tenants(await all_plans(self._source))
            if tenants != self.state.tenants:
                self.state = replace(self.state, tenants=tenants)
                return True
        return False

    async def _keep_tenants(self, publish: Callable[[SessionListState], None]) -> None:
        """Ask for the plans beside the list, which waits for nothing."""
        while True:
            await self._tenants_due.wait()
            self._tenants_due.clear()
            if await self.read_tenants():
                publish(self.state)

    def _look_for_tenants(self) -> None:
        """Once the list is there, and from time to time: with a poll, never on its own."""
        now = self._clock.monotonic()
        asked = self._tenants_asked_at
        if self.state.is_enough and (asked is None or now - asked >= TENANTS_KEPT):
            self._tenants_asked_at = now
            self._tenants_due.set()

    async def _follow_running(self, listed: set[str]) -> None:
        """Read what runs. What the server neither has nor lists any more is no longer shown."""
        running = [
            session for session in self.state.sessions if not is_done(session.state, session.ended)
        ]
        gate = asyncio.Semaphore(AT_ONCE)
        gone: set[str] = set()

        async def read(session: FailoverSession) -> SessionReading | None:
            async with gate:
                try:
                    return await self._source.failover_session(session.id)
                except NotFound:  # right after its start a session may be listed and not found
                    gone.update({session.id} - listed)
                except FailoverMonitorError:
                    pass
                return None

        readings = await asyncio.gather(*(read(session) for session in running[:MOST_FOLLOWED]))
        answered = [reading for reading in readings if reading is not None]
        clock = self.state.server_clock
        for reading in answered:
            clock = ServerClock.read(clock, reading.server_time, self._clock)
        self.state = replace(
            self.state,
            sessions=merged(
                (session for session in self.state.sessions if session.id not in gone),
                [reading.session for reading in answered],
            ),
            server_clock=clock,
        )


async def all_plans(source: PlanSource) -> tuple[FailoverPlan, ...]:
    """Every cloud failover plan that the account may see. Raises what the client raises."""
    plans: list[FailoverPlan] = []
    number, pages = 1, 1
    while number <= min(pages, MOST_PLAN_PAGES):
        page = await source.all_failover_plans(page=number, page_size=PAGE_SIZE)
        plans += page.plans
        number, pages = number + 1, page.pages
    return tuple(plans)


def merged(
    known: Iterable[FailoverSession], new: Iterable[FailoverSession]
) -> tuple[FailoverSession, ...]:
    """Both, each session once, the newer reading winning; newest first.

    The list shifts while it is paged through, so the same session can come twice.
    A reading without tasks keeps the tasks of an earlier one.
    """
    by_id = {session.id: session for session in known}
    for session in new:
        before = by_id.get(session.id)
        if before is not None and before.tasks and not session.tasks:
            session = session.model_copy(update={"tasks": before.tasks})
        by_id[session.id] = session
    return tuple(newest_first(by_id.values()))
