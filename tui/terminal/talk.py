"""What the program tells the terminal besides what it paints.

Title, clipboard, notifications, last words.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping

from tui.presentation.text import clean
from tui.terminal.notifying import notification, way_wanted


class TerminalTalk:
    """Writes the title and the clipboard; keeps what is to be left in the scrollback.

    `title` is the one shown, empty where none was set. `farewell` are the last words, as
    lines fit for a terminal.
    """

    def __init__(
        self, write: Callable[[str], None] | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        """`write` sends to the terminal; nothing is sent before there is one."""
        self.write = write
        self._environ = environ
        self.title = ""
        self.farewell: list[str] = []

    def show_title(self, title: str) -> None:
        """The terminal's title says how it stands, for whoever looks at another window.

        Not through Textual's own title, which lays the whole screen out anew.
        """
        shown = clean(title)
        if shown != self.title:
            self.title = shown
            self._send(f"\x1b]2;{shown}\x07")

    def copied(self, text: str) -> None:
        """After OSC 52 for this text: inside tmux also wrapped, so that it passes through."""
        if self._environ.get("TMUX"):
            encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
            self._send(f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")

    def notify(self, title: str, body: str, wanted: str) -> None:
        """A desktop notification, in the way that is `wanted` or, for `auto`, that suits."""
        way = way_wanted(wanted, self._environ)
        if way is not None:
            self._send(notification(title, body, way, self._environ))

    def last_words(self) -> str:
        """For the scrollback, once the screen is gone.

        A title that was set goes with it: it would tell of a failover for ever.
        """
        ending = "\x1b]2;\x07" if self.title else ""
        return ending + "".join(f"{line}\n" for line in self.farewell)

    def _send(self, text: str) -> None:
        if self.write is not None:
            self.write(text)
