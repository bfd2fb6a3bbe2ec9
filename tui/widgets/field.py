"""A one-line input field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from textual import events
from textual.screen import Screen
from textual.widgets import Input

from tui.passwords import LONGEST

MOST_PASTED: Final = 2_000
"""Characters; the longest thing that is asked for, a URL or a note, is shorter."""

_MOST_LOOKED_AT: Final = 2_000_000


class Field(Input):
    """Takes only what can be shown, since what was pasted is painted as it is.

    Compact, without blinking (each blink is bytes on a slow line), and going there
    selects nothing. A password is hidden anyway and is taken as it comes.
    """

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        password: bool = False,
        max_length: int = 0,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(
            value,
            placeholder,
            password=password,
            max_length=max_length,
            id=id,
            compact=True,
            select_on_focus=False,
        )
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """All of it, cleaned, and only then cut: the first line need not be the one wanted."""
        event.prevent_default()
        event.stop()
        self.replace(pasted(event.text, password=self.password), *self.selection)

    def action_cut(self) -> None:
        """Cut what is marked; of a password nothing reaches a clipboard, here or outside."""
        if self.password:
            self.delete_selection()
        else:
            super().action_cut()

    def action_copy(self) -> None:
        """Copy what is marked; of a password, nothing."""
        if self.password:
            self.app.bell()
        else:
            super().action_copy()

    def replace(self, text: str, start: int, end: int) -> None:
        """Whatever is typed or pasted comes through here."""
        if not self.password:
            text = "".join(character for character in text if character.isprintable())
        super().replace(text, start, end)


def pasted(text: str, *, password: bool = False) -> str:
    """What a paste puts into a field: one line, bounded.

    Line breaks become blanks, those around it go: a terminal breaks what it wraps. Of a
    password the first line that is not empty counts, as of a file.
    """
    if password:
        lines = (line for line in text[:_MOST_LOOKED_AT].splitlines() if line)
        return next(lines, "")[:LONGEST]
    words = " ".join(text[:_MOST_LOOKED_AT].split())
    return words[:MOST_PASTED]


def password_at_hand(stack: Sequence[Screen[Any]]) -> bool:
    """Whether the screen in front asks for a password, or one stands in a field still."""
    return any(
        field.password and (field.value or screen is stack[-1])
        for screen in stack
        for field in screen.query(Input)
    )
