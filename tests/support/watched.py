"""A monitor with its fakes."""

from __future__ import annotations

from tests.support.fake_clock import FakeClock
from tests.support.fake_source import FakeSource
from tests.support.making import SESSION_ID, plan
from tui.enterprise_manager.resources import FailoverSession
from tui.errors import (
    ConnectionRefused,
)
from tui.monitor.live_session import LiveSession
from tui.monitor.snapshot import Snapshot

DOWN = ConnectionRefused("Nothing listens on em01:9398.", "Is the service running?")


class Watched:
    """A monitor with its fakes; `moments` are seconds since the start of each publication."""

    def __init__(self, answer: FailoverSession | Exception | None = None) -> None:
        self.clock = FakeClock()
        self.source = FakeSource(answer)
        self.source.plans = [plan("a", "b")]
        self.monitor = LiveSession(
            self.source, SESSION_ID, clock=self.clock, random_source=lambda: 0.5
        )
        self.published: list[Snapshot] = []
        self.moments: list[float] = []

    def publish(self, state: Snapshot) -> None:
        self.published.append(state)
        self.moments.append(self.clock.monotonic() - 1000)

    @property
    def polls(self) -> int:
        return self.source.asked["session"]

    @property
    def state(self) -> Snapshot:
        return self.monitor.snapshot
