"""Help, made from the bindings that are really active."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.presentation.glyphs import Glyphs
from tui.presentation.help_lines import KeyHelp, help_lines
from tui.presentation.keys import key_name
from tui.presentation.room import box_room
from tui.screens.actions import actions
from tui.screens.frame import Dialog

_LEAST = 30
_WIDEST = 100
"""Cells, as in the stylesheet."""


class HelpScreen(Dialog[None]):
    """Lists keys, what they do and are called, and what the signs mean."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "dismiss_help", "Close", id="help.close"),
        Binding("m", "manual", "Manual", id="help.manual", tooltip="Read the manual"),
    ]

    def __init__(self, active: dict[str, ActiveBinding], glyphs: Glyphs) -> None:
        super().__init__()
        self._active = active
        self._glyphs = glyphs

    def body(self) -> ComposeResult:
        """One scrolling text."""
        with VerticalScroll(id="help"):
            yield Static(id="help-text", markup=False)

    def on_mount(self) -> None:
        """Scrolls with the arrow keys at once."""
        self.query_one(VerticalScroll).focus()

    @on(events.Resize)
    def lay_out(self) -> None:
        """Wrap the text anew, to the room there is."""
        self.query_one("#help-text", Static).update("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """The help as plain lines."""
        room = max(_LEAST, box_room(_WIDEST, *self.size))
        manual = next(
            key_name(each.binding.key)
            for each in self.active_bindings.values()
            if each.binding.id == "help.manual"
        )
        return help_lines(_keys_of(self._active), room, self._glyphs, manual_key=manual)

    def action_dismiss_help(self) -> None:
        """Back to the screen below."""
        self.dismiss()

    def action_manual(self) -> None:
        """The manual in place of the help; where it is below already, back to it."""
        from tui.screens.manual import ManualScreen, is_manual

        if is_manual(self.app.screen_stack[-2]):
            self.dismiss()
        else:
            self.app.switch_screen(ManualScreen(self._glyphs))


def _keys_of(active: dict[str, ActiveBinding]) -> list[KeyHelp]:
    """Each binding once, with all its keys."""
    return [KeyHelp(" ".join(each.keys), each.about, each.name) for each in actions(active)]
