"""The first words of a start, said before anything heavy is loaded."""

from __future__ import annotations

from tui import __version__
from tui.server_address import ServerAddress

_LEAST = 20
"""Cells without which no part of it says anything."""


def opening_line(
    server: ServerAddress | None, user: str | None, width: int, *, instead: str = ""
) -> str:
    """What starts, for whom at which server, in less than `width` cells; "" where none fits.

    As far as it is known: the login screen asks for the rest. `instead` is what is shown
    where no server is asked.
    """
    start = f"failover-monitor {__version__} is starting"
    whom = " at ".join(filter(None, (user, server.label if server else None)))
    if instead:
        start += f" {instead}"
    elif whom:
        start += f", for {whom}" if user else f", for the server {whom}"
    line = f"{start} ..."
    return _cut(line, width - 1) if width > _LEAST else ""


def _cut(line: str, width: int) -> str:
    if line.isascii() and line.isprintable():
        return line if len(line) <= width else f"{line[: width - 3]}..."
    # Loads the tables of how wide characters are.
    from tui.presentation.text import clean, cut

    return cut(clean(line), width, "...")
