"""Hands what is followed to whatever takes it: commands on events, a file of figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from tui.hooks.kinds import CALLING
from tui.hooks.runner import HookRunner, Say
from tui.monitor.clock import Clock
from tui.monitor.live_session import Listener, unheard
from tui.monitor.snapshot import Snapshot
from tui.outgoing.figures import Figures
from tui.outgoing.news import News
from tui.presentation.event_data import Origin, event_data, notification_texts
from tui.settings.resolved import Note, ResolvedSettings


class Outgoing:
    """For all sessions that a front end follows. To be used within one event loop."""

    def __init__(
        self,
        settings: ResolvedSettings,
        clock: Clock,
        say: Say,
        *,
        notify: Callable[[str, str], None] | None = None,
        note: Note = lambda level, text: None,
        rehearsal: bool = False,
    ) -> None:
        """`say` is given a sentence for each thing that goes wrong, `notify` the title and text of
        a notification, where there is a terminal for them; `note` is for a log."""
        self._clock = clock
        self._begun = clock.monotonic()
        self._rehearsal = rehearsal
        self._notify = notify
        self._say = say
        self._note = note
        debug = partial(note, "debug")
        hooks, metrics = settings.hooks, settings.metrics
        self._hooks = HookRunner(hooks, self._warn, note=debug) if hooks else None
        self._figures = Figures(metrics, clock, self._warn) if metrics else None

    def listeners(self, server: str, profile: str | None) -> Callable[[str], Listener]:
        """What gives the listener of each session of a server, shown as `host:port`."""
        origin = Origin(server, profile, self._rehearsal)

        def of_session(_session_id: str) -> Listener:
            if self._hooks is None and self._figures is None and self._notify is None:
                return unheard
            return partial(self._take, origin, News(self._clock, self._begun))

        return of_session

    def _warn(self, sentence: str) -> None:
        self._note("warning", sentence)
        self._say(sentence)

    async def finish(self, *, hurried: float | None = None) -> None:
        """Wait for what runs, as long as that may take, or `hurried` seconds; then end it."""
        ends: list[Coroutine[Any, Any, None]] = []
        if self._figures is not None:
            ends.append(self._figures.finish())
        if self._hooks is not None:
            ends.append(self._hooks.finish(hurried))
        await asyncio.gather(*ends)

    def _take(self, origin: Origin, news: News, state: Snapshot) -> None:
        if self._figures is not None:
            self._figures.take(origin, state)
        happenings = news.take(state)
        if self._hooks is not None and happenings:
            seen_at = self._clock.now()
            now = state.server_now(self._clock.monotonic(), seen_at)
            for happening in happenings:
                self._hooks.take(event_data(happening, state, origin, now=now, seen_at=seen_at))
        calling = [each for each in happenings if each.what in CALLING]
        if self._notify is not None and calling:
            self._notify(*notification_texts(calling, state, origin))
            self._note("debug", f"notification of {', '.join(each.what for each in calling)}")
