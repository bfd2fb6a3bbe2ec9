"""What is news of a session that is followed, from one snapshot to the next."""

from __future__ import annotations

from datetime import timedelta

from tui.hooks.kinds import KINDS
from tui.monitor.clock import Clock
from tui.monitor.snapshot import Snapshot
from tui.presentation.changes import Changes
from tui.presentation.connection_news import ConnectionNews
from tui.presentation.happening import Happening
from tui.presentation.targets_and_stalls import TargetsAndStalls

_DATES_ARE_CUT = timedelta(seconds=2)
"""The server's dates have whole seconds, and its clock is known that exactly."""


class News:
    """Compares each snapshot with the one before. Give it every one, in order.

    History is no news: neither what a journal holds, nor what had happened to a session before
    this program looked, unless the whole session began after that.
    """

    def __init__(self, clock: Clock, begun: float) -> None:
        """`begun` is when this program began to look (`Clock.monotonic`)."""
        self._clock = clock
        self._begun = begun
        self._changes = Changes()
        self._promises = TargetsAndStalls()
        self._connection = ConnectionNews()
        self._has_opened = False
        self._has_data = False

    def take(self, state: Snapshot) -> list[Happening]:
        """What is new in `state`, oldest first."""
        monotonic = self._clock.monotonic()
        now = state.server_now(monotonic, self._clock.now())
        found = self._connection.lines(state, monotonic, now)
        if state.session is not None:
            told = [*self._changes.lines(state, now), *self._promises.lines(state, now)]
            if self._has_data or self._is_new(state):
                found += told
            self._has_data = True
        self._has_opened = True
        return sorted((each for each in found if each.what in KINDS), key=lambda each: each.at)

    def _is_new(self, state: Snapshot) -> bool:
        """Whether the session began after this program did.

        What is there as soon as it is opened was read from a journal.
        """
        created = state.session.created if state.session is not None else None
        if created is None or not self._has_opened:
            return False
        begun = self._clock.now() - timedelta(seconds=self._clock.monotonic() - self._begun)
        return created >= state.server_now(self._begun, begun) - _DATES_ARE_CUT
