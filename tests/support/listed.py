"""A session list with its fakes."""

from __future__ import annotations

from tests.support.fake_clock import FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import at, session
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import NotFound
from tui.monitor.session_list import (
    SessionList,
    SessionListState,
)


def old(number: int, **changes: object) -> FailoverSession:
    """A finished session; the higher the number, the longer ago."""
    made = session(
        session_id=f"id-{number:05}",
        state="Stopped",
        result="Success",
        created=at(-60 * number),
        ended=at(-60 * number + 10),
    )
    return made.model_copy(update=changes)


def going(number: int, *tasks: object) -> FailoverSession:
    """A running session."""
    return old(number, state="Working", result="None", ended=None, tasks=tasks)


class Listed:
    """A history with its fakes; the server has ten sessions to a page."""

    def __init__(self, count: int = 0) -> None:
        self.clock = FakeClock()
        self.source = FakeSource(NotFound("no such session"))
        self.source.page_size = 10
        self.source.listed = [old(number) for number in range(count)]
        self.sessions = SessionList(self.source, clock=self.clock, random_source=lambda: 0.5)
        self.published: list[SessionListState] = []

    @property
    def state(self) -> SessionListState:
        return self.sessions.state

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.state.sessions]

    async def read_all(self) -> None:
        for _ in range(100):
            if (await self.sessions.poll_once()).is_complete:
                return
        raise AssertionError("the list never ended")

    async def poll(self, times: int = 1) -> SessionListState:
        for _ in range(times):
            await self.sessions.poll_once()
        return self.state
