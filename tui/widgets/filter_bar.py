"""The line in which a filter is typed; hidden until asked for."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.widgets.field import Field


class FilterBar(Horizontal):
    """Enter keeps the filter and leaves, Escape clears it and leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear_and_leave", "Clear filter", show=False, id="filter.clear"),
        Binding("down", "leave", "To the rows", show=False, id="filter.leave"),
    ]

    class Changed(Message):
        """The filter is now `text`."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """A person is done with it."""

    def compose(self) -> ComposeResult:
        """A label and the input."""
        yield Static(" Filter ", markup=False)
        yield Field(placeholder="VM, status or message; ! inverts; Enter keeps, Esc clears")

    @property
    def _input(self) -> Input:
        return self.query_one(Input)

    def open(self) -> None:
        """Show the line and type into it."""
        self.add_class("-open")
        self.screen.set_focus(self._input)  # at once: more keys may be waiting

    def clear(self) -> None:
        """Empty and hide the line."""
        self._input.value = ""
        self.remove_class("-open")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()

    def action_leave(self) -> None:
        """Keep the filter and go back to the rows."""
        self.remove_class("-open")
        self.post_message(self.Left())

    def action_clear_and_leave(self) -> None:
        """Clear the filter and go back to the rows."""
        self.clear()
        self.post_message(self.Left())
