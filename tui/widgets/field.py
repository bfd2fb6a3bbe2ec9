"""A one-line input field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.screen import Screen
from textual.widgets import Input


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


def password_at_hand(stack: Sequence[Screen[Any]]) -> bool:
    """Whether the screen in front asks for a password, or one stands in a field still."""
    return any(
        field.password and (field.value or screen is stack[-1])
        for screen in stack
        for field in screen.query(Input)
    )
