"""Asks for the moment of a recording to go to."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Label, Static

from tui.errors import InvalidInput
from tui.presentation import times
from tui.presentation.replay_lines import parse_moment
from tui.screens.frame import Dialog
from tui.widgets.field import Field


class JumpScreen(Dialog[datetime | None]):
    """Dismissed with a moment of the recording, or None when it was cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", key_display="Esc", id="jump.cancel",
                tooltip="Stay where the replay is"),
    ]  # fmt: skip

    def __init__(self, begin: datetime, end: datetime) -> None:
        """The recording goes from `begin` to `end`, by the server's clock."""
        super().__init__()
        self._begin = begin
        self._end = end

    def body(self) -> ComposeResult:
        """One field."""
        span = f"{times.utc_stamp(self._begin)} to {times.utc_clock(self._end, self._begin)} UTC"
        with VerticalScroll(can_focus=False, id="jump-box"):
            yield Label("Jump to (UTC), such as 14:03:22 or 2026-03-14 14:03", markup=False)
            yield Field(id="jump")
            yield Static(f"The recording: {span}", markup=False)
            yield Static("Enter jumps, Esc cancels.", markup=False)
            yield Static("", id="jump-error", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def accept(self) -> None:
        """Check it; what is wrong is said and nothing is lost."""
        try:
            moment = parse_moment(self.query_one(Input).value, self._begin, self._end)
        except InvalidInput as error:
            self.query_one("#jump-error", Static).update(error.full_text)
            return
        self.dismiss(moment)

    def action_cancel(self) -> None:
        """Stay."""
        self.dismiss(None)
