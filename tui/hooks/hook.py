"""What a command on events is: what to run, and on which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tui.hooks.kinds import CALLING
from tui.light import dataclass

SECONDS: Final = 30.0
"""A command that runs longer is ended, unless its own settings say otherwise."""

EventMembers = Mapping[str, Any]


@dataclass(frozen=True)
class Hook:
    """A command and the kinds of events it is for.

    `name` is what the settings call it. `variables` of the environment are passed on besides
    the usual ones. `profiles`, where there are any, are those it is for; for it alone.
    """

    command: tuple[str, ...]
    kinds: frozenset[str] = frozenset(CALLING)
    name: str = ""
    seconds: float = SECONDS
    variables: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()

    def wants(self, event: EventMembers) -> bool:
        """Whether it is for that event."""
        if self.profiles and event.get("profile") not in self.profiles:
            return False
        return event["kind"] in self.kinds

    @property
    def called(self) -> str:
        """`The hook mail (/usr/bin/mail)`, or the command alone."""
        program = self.command[0] if self.command else "?"
        return f"The hook {self.name} ({program})" if self.name else f"The command {program}"
