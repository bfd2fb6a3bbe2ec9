"""A note of the operator's for the events, typed over the session that goes on."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from tui.screens.frame import Dialog
from tui.widgets.field import Field

LONGEST_NOTE: Final = 500
"""Characters; a note is a line in a log, not a report."""


class NoteScreen(Dialog[str | None]):
    """Dismissed with the note, or None when nothing was typed or it was cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", key_display="Esc", id="note.cancel",
                tooltip="Close without keeping the note"),
    ]  # fmt: skip

    def body(self) -> ComposeResult:
        """One field."""
        with VerticalScroll(can_focus=False, id="note-box"):
            yield Static("Note for the events of this session", markup=False)
            yield Field(max_length=LONGEST_NOTE)
            yield Static("Enter keeps it, with the time; Esc cancels.", markup=False)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def keep(self) -> None:
        """Hand the note over; a blank one is none."""
        self.dismiss(self.query_one(Input).value.strip() or None)

    def action_cancel(self) -> None:
        """Keep nothing."""
        self.dismiss(None)
