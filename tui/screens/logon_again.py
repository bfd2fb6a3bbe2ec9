"""`l`: logging on again, on the screens that follow a server, where the account was refused."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding
from textual.screen import Screen

from tui.messages import LogonAgainRequested
from tui.monitor.trouble import Trouble

LOG_ON_AGAIN: Final = Binding(
    "l",
    "log_on",
    "Log on again",
    id="logon",
    tooltip="Type the password again after the account was refused",
)


class MayLogOnAgain(Screen[None]):
    """Has the key, which does something and is offered only while a person has to log on."""

    _logon_needed = False

    def take_in(self, trouble: Trouble | None) -> None:
        """What polling is in trouble with, if it is: decides whether the key is offered."""
        needed = trouble is not None and trouble.needs_logon
        if needed is not self._logon_needed:
            self._logon_needed = needed
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """With a healthy logon there is nothing to log on for."""
        if action == "log_on":
            return self._logon_needed
        return super().check_action(action, parameters)

    def action_log_on(self) -> None:
        """Ask for the password again."""
        self.post_message(LogonAgainRequested())
