"""One thing that happened, as `watch` prints it and as commands on events are told it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from tui.light import dataclass
from tui.presentation import times
from tui.presentation.glyphs import Glyphs


class Dated(Enum):
    """Whose clock a moment is of; the value is the word for it."""

    SERVER = "server"
    """The server dates it itself."""

    SEEN = "seen"
    """When it was seen here, by the server's clock."""

    HERE = "here"
    """When it was seen here, by this machine's clock: the server's is not known."""


@dataclass(frozen=True)
class Happening:
    """Something that happened to a session, in the words of `tui.watch`.

    `at` is aware: the server's own moment where it gives one, as `dated` says. `what` is one of
    `tui.hooks.kinds` where it is about the session. `vm` and `message` are None where it is
    about none, and where there is none. `lasted` is how long that took which has ended, or has
    gone on for so far; None where nothing has a duration, or nobody knows it.
    """

    at: datetime
    what: str
    vm: str | None = None
    message: str | None = None
    dated: Dated = Dated.SEEN
    lasted: timedelta | None = None

    def by_clock(self, *, server_known: bool) -> Happening:
        """The same where the server's clock is not known: then ours was looked at."""
        if server_known or self.dated is not Dated.SEEN:
            return self
        return replace(self, dated=Dated.HERE)

    def text(self, glyphs: Glyphs) -> str:
        """One line: six fields with tabs between them, made of visible characters only."""
        fields = (
            *(self.what, self.vm, self.message),
            *(self.dated.value, times.duration(self.lasted, "")),
        )
        clean = (glyphs.clean(field or "") for field in fields)
        shown = (field if field.strip() else "-" for field in clean)
        return "\t".join((times.iso(self.at), *shown))


def dated(moment: datetime | None) -> Dated:
    """Whose clock it is of, where the server may have given that moment."""
    return Dated.SEEN if moment is None else Dated.SERVER
