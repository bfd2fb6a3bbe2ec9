"""What the driver tells the app, beside keys and sizes."""

from __future__ import annotations

from textual.message import Message


class BackgroundTold(Message):
    """The terminal has said which background it has (see `tui.terminal.background`).

    Handled by the app as `on_background_told`; an app that has no such method ignores it.
    """

    def __init__(self, *, light: bool) -> None:
        super().__init__()
        self.light = light
