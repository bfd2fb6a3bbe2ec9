"""How small a terminal may be, and what is said below that."""

from __future__ import annotations

from typing import Final

from tui.presentation.line import Line
from tui.presentation.text import fit

LEAST_WIDTH: Final = 36
LEAST_HEIGHT: Final = 10
"""Cells: a phone held upright over SSH has a little more."""

SMALL_WIDTH: Final = 64
SMALL_HEIGHT: Final = 18
"""Cells below which borders, blank lines and rules give their room to what is read."""


def is_small(width: int, height: int) -> bool:
    """Whether a screen of that size, in cells, has no room for ornament."""
    return width < SMALL_WIDTH or height < SMALL_HEIGHT


def box_room(widest: int, width: int, height: int) -> int:
    """Cells for the text of a box `widest` cells wide, framed and scrolling, on such a screen."""
    inside = min(widest, width)
    return max(1, inside - (3 if is_small(width, height) else 7))


def is_too_small(width: int, height: int) -> bool:
    """Whether a screen of that size, in cells, cannot show what it has to."""
    return width < LEAST_WIDTH or height < LEAST_HEIGHT


def too_small_line(width: int, height: int) -> Line:
    """`20x5 is too small: 36x10 needed`, the needed size first where that is cut."""
    needed = f"{LEAST_WIDTH}x{LEAST_HEIGHT}"
    for said in (
        f"This terminal is {width}x{height}; {needed} is needed.",
        f"{width}x{height}: {needed} needed",
        f"needs {needed}",
    ):
        if len(said) <= width:
            break
    return ((fit(said, width), "warning"),)
