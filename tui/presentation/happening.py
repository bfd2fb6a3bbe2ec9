"""One thing that happened, as `watch` prints it and as commands on events are told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tui.presentation import times
from tui.presentation.glyphs import Glyphs


@dataclass(frozen=True)
class Happening:
    """Something that happened to a session, in the words of `tui.watch`.

    `at` is aware: the server's own moment where it gives one. `what` is one of
    `tui.hooks.kinds` where it is about the session. `vm` and `message` are None where it is
    about none, and where there is none.
    """

    at: datetime
    what: str
    vm: str | None = None
    message: str | None = None

    def text(self, glyphs: Glyphs) -> str:
        """One line: four fields with tabs between them, made of visible characters only."""
        fields = (glyphs.clean(field or "") for field in (self.what, self.vm, self.message))
        shown = (field if field.strip() else "-" for field in fields)
        return "\t".join((times.iso(self.at), *shown))
