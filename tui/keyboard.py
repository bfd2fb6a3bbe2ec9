"""Keys in the order in which they were typed, also when they arrive together.

On a slow line `/sql` arrives as one packet. Textual hands all four keys to the
widget that has the focus before the first one has opened the filter, so that the
`q` would leave the screen.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from textual import events

_MOST_TURNS = 200
"""How often the event loop may turn before a key counts as dealt with, whatever became of it."""

_TURNS_FOR_THE_FOCUS = 10
"""How often it turns until what a widget has told others of a key has moved the focus."""


class KeysInOrder:
    """Hands a key on only when the one before it has been dealt with."""

    def __init__(
        self,
        hand_on: Callable[[events.Key], Awaitable[None]],
        failed: Callable[[Exception], None],
        wanted: Callable[[events.Key], bool] = lambda _: True,
    ) -> None:
        """`hand_on` starts a key on its usual way; `failed` hears of what that raised.

        A key that is not `wanted` when its turn comes is dropped.
        """
        self._hand_on = hand_on
        self._wanted = wanted
        self._failed = failed
        self._waiting: deque[events.Key] = deque()
        self._feeding: asyncio.Task[None] | None = None
        self._answered: events.Key | None = None
        self._handed_on: events.Key | None = None

    def take(self, key: events.Key) -> None:
        """A key came from the terminal: it waits for its turn."""
        self._waiting.append(key)
        if self._feeding is None:
            # Not create_task(): from Python 3.12 on Textual has the event loop run a new task
            # at once, which would begin to feed, and might end, before it is known here.
            self._feeding = asyncio.Task(self._feed(), name="keys in order")

    def answered(self, key: events.Key) -> None:
        """The key came back through all of its widgets, and the app's bindings have had it."""
        self._answered = key

    async def _feed(self) -> None:
        try:
            while self._waiting:
                key = self._waiting.popleft()
                if self._handed_on is not None:
                    await self._dealt_with(self._handed_on)
                if not self._wanted(key):
                    continue
                self._handed_on = key
                await self._hand_on(key)
        except Exception as error:
            self._failed(error)
        finally:
            self._feeding = None

    async def _dealt_with(self, key: events.Key) -> None:
        """Until a widget has kept the key, or it has come back through all of them."""
        for _ in range(_MOST_TURNS):
            kept = key._stop_propagation  # noqa: SLF001 - there is no public way to ask
            if kept or self._answered is key:
                break
            await asyncio.sleep(0)
        for _ in range(_TURNS_FOR_THE_FOCUS):
            await asyncio.sleep(0)
