"""Questions whose answer decides something: no key that was meant for something else answers.

On a slow line a dialog opens under the hands of somebody who types on. What was typed
before it stood on the screen, or in the moment that it takes to see it, is for nobody.
"""

from __future__ import annotations

import math
from typing import Final

from textual import events

from tui.screens.frame import Dialog

DEAF_SECONDS: Final = 0.75
"""From the first picture on: who types without looking has stopped, or typed into nothing."""

_ALWAYS_HEARD: Final = frozenset({"ctrl+c"})
WORD: Final = "yes"
"""What is typed to agree, in full and with Enter: no single key does."""


class Deliberate(Dialog[bool]):
    """Base of such a question: a subclass asks it in `ask`, once it is listened to.

    The app asks of each key, paste and click `is_for_me`.
    """

    AUTO_FOCUS = ""
    listens_from = math.inf
    """The moment from which on what is typed counts, by the clock of Textual's events."""

    def on_mount(self) -> None:
        """Deaf, until a moment after it was painted."""
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self.set_timer(DEAF_SECONDS, self._listen)

    def _listen(self) -> None:
        self.ask()
        self.listens_from = events.Event().time

    def ask(self) -> None:
        """Show the question, and what answers it."""
        raise NotImplementedError

    def is_for_me(self, event: events.InputEvent | events.Paste) -> bool:
        """Whether it came when the question could have been read, or only ends the program."""
        if isinstance(event, events.Key) and event.key in _ALWAYS_HEARD:
            return True
        return event.time >= self.listens_from


def agrees(typed: str) -> bool:
    """Whether what was typed is the whole word."""
    return typed.strip().lower() == WORD
