"""A password typed anew, over the screen that goes on showing the last good data."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from tui.passwords import cleaned_password, password_fault
from tui.presentation.text import clean
from tui.screens.frame import Dialog
from tui.secret import SecretStr
from tui.widgets.field import Field


class PasswordScreen(Dialog[SecretStr | None]):
    """Dismissed with the password, or None when nothing was typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="password.cancel"),
    ]

    def __init__(self, user: str, server: str) -> None:
        super().__init__()
        self._user = user
        self._server = server

    def body(self) -> ComposeResult:
        """One field."""
        with VerticalScroll(can_focus=False, id="password-box"):
            yield Static(f"Password of {clean(self._user)} at {clean(self._server)}", markup=False)
            yield Field(password=True)
            yield Static(
                "Enter logs on with it once; Esc leaves things as they are.",
                id="password-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def accept(self) -> None:
        """Hand the password over and forget it."""
        field = self.query_one(Input)
        secret = SecretStr(cleaned_password(field.value))
        field.value = ""
        fault = password_fault(secret.get_secret_value())
        if fault and secret.get_secret_value():
            self.query_one("#password-hint", Static).update(f"That {fault}: it was not sent.")
            return
        self.dismiss(secret if secret.get_secret_value() else None)

    def action_cancel(self) -> None:
        """Leave things as they are."""
        self.query_one(Input).value = ""
        self.dismiss(None)
