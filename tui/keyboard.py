"""Keys in the order in which they were typed, also when they arrive together.

On a slow line `/sql` arrives as one packet. Textual hands all four keys to the
widget that has the focus before the first one has opened the filter, so that the
`q` would leave the screen.
"""

from __future__ import annotations

import asyncio
from collections import deque

from textual import events
from textual.app import App
from textual.driver import Driver

_MOST_TURNS = 200
"""How often the event loop may turn before a key counts as dealt with, whatever became of it."""

_TURNS_FOR_THE_FOCUS = 10
"""How often it turns until what a widget has told others of a key has moved the focus."""


class KeysInOrder(App[int]):
    """Hands a key on only when the one before it has been dealt with."""

    _answered: events.Key | None = None
    _handed_on: events.Key | None = None

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._waiting_keys: deque[events.Key] = deque()
        self._feeding_keys: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Line up the keys that come from the terminal; all else goes its usual way."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            if not self._is_for_nobody(event):
                await super().on_event(event)
            return
        self._waiting_keys.append(event)
        if self._feeding_keys is None:
            # Not create_task(): from Python 3.12 on Textual has the event loop run a new task
            # at once, which would begin to feed, and might end, before it is known here.
            self._feeding_keys = asyncio.Task(self._feed(), name="keys in order")

    async def _feed(self) -> None:
        try:
            while self._waiting_keys:
                event = self._waiting_keys.popleft()
                if self._handed_on is not None:
                    await self._dealt_with(self._handed_on)
                if self._is_for_nobody(event):
                    continue
                self._handed_on = event
                await super().on_event(event)
        except Exception as error:
            self._handle_exception(error)  # as if it had happened in the app's own loop
        finally:
            self._feeding_keys = None

    def _is_for_nobody(self, event: events.Event) -> bool:
        """Whether the screen in front will not have it, as one that asks to decide something.

        Told by when it was typed, not by when its turn comes.
        """
        if not isinstance(event, events.InputEvent) or event.is_forwarded or not self.screen_stack:
            return False
        is_for_me = getattr(self.screen, "is_for_me", None)
        return is_for_me is not None and not is_for_me(event)

    async def _dealt_with(self, event: events.Key) -> None:
        """Until a widget has kept the key, or it has come back here through all of them."""
        for _ in range(_MOST_TURNS):
            kept = event._stop_propagation  # noqa: SLF001 - there is no public way to ask
            if kept or self._answered is event:
                break
            await asyncio.sleep(0)
        for _ in range(_TURNS_FOR_THE_FOCUS):
            await asyncio.sleep(0)

    def on_key(self, event: events.Key) -> None:
        """The key came back: once the bindings of the app have had it, it is dealt with."""
        self.call_next(self._take_answer, event)

    def _take_answer(self, event: events.Key) -> None:
        self._answered = event
