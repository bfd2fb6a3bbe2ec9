"""Hands what is news of the followed sessions to whatever takes it: commands on events."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui.hooks.runner import HookRunner
from tui.monitor.clock import Clock
from tui.monitor.live_session import Listener
from tui.monitor.snapshot import Snapshot
from tui.outgoing.news import News
from tui.presentation.event_data import Origin, event_data
from tui.settings.resolved import ResolvedSettings


class Outgoing:
    """For all sessions that a front end follows. To be used within one event loop."""

    def __init__(
        self,
        settings: ResolvedSettings,
        clock: Clock,
        say: Callable[[str], None],
        *,
        rehearsal: bool = False,
    ) -> None:
        """`say` is given a sentence for each thing that goes wrong."""
        self._clock = clock
        self._begun = clock.monotonic()
        self._rehearsal = rehearsal
        self._hooks = HookRunner(settings.hooks, say) if settings.hooks else None
        self._patience = max((hook.seconds for hook in settings.hooks), default=0.0)

    def listeners(self, server: str, profile: str | None) -> Callable[[str], Listener]:
        """What gives the listener of each session of a server, shown as `host:port`."""
        origin = Origin(server, profile, self._rehearsal)

        def of_session(_session_id: str) -> Listener:
            if self._hooks is None:
                return lambda _: None
            return partial(self._take, origin, News(self._clock, self._begun))

        return of_session

    async def finish(self, *, hurried: float | None = None) -> None:
        """Wait for what runs, as long as that may take, or `hurried` seconds; then end it."""
        if self._hooks is not None:
            await self._hooks.finish(self._patience if hurried is None else hurried)

    def _take(self, origin: Origin, news: News, state: Snapshot) -> None:
        if self._hooks is None:
            return
        seen_at = self._clock.now()
        now = state.server_now(self._clock.monotonic(), seen_at)
        for happening in news.take(state):
            self._hooks.take(event_data(happening, state, origin, now=now, seen_at=seen_at))
