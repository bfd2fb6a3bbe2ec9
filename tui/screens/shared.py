"""What every screen behind the logon is given."""

from __future__ import annotations

from dataclasses import dataclass

from tui.monitor.site import Site
from tui.presentation.glyphs import Glyphs
from tui.presentation.header_lines import Place


@dataclass(frozen=True)
class Shared:
    """The watched server, how the header names it, the character set, whether to ring.

    `author` is who notes and acknowledges: the user of this machine.
    """

    site: Site
    place: Place
    glyphs: Glyphs
    bell: bool = False
    author: str | None = None
