"""In which order what changed is painted, and the cursor's way from piece to piece.

A change of colour takes some twenty bytes, a move five to eight: where a clock and a few
progress bars change each second, as most of the time, it pays to paint all that is of one
style before anything else, and to begin with the style that the last frame ended with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from tui.terminal.styles import StyleTable

_MOST: Final = 48
"""Pieces of a frame. In a larger one an order saves next to nothing."""

Cursor = tuple[int, int] | None
"""Column and row, from 0; None: not known."""


class Piece(NamedTuple):
    """Cells of row `y` from column `start` up to `end`, painted in one go.

    `first` and `last` are the numbers of the styles that they begin and end with. One that
    is not `free` comes after those to its left: what they show may reach into its cells.
    """

    y: int
    start: int
    end: int
    first: int
    last: int
    erased: bool
    free: bool


def cheapest(
    pieces: Sequence[Piece], cursor: Cursor, pen: int | None, styles: StyleTable
) -> Sequence[Piece]:
    """The pieces, given row by row, in the order that takes the fewest bytes of those tried.

    `cursor` and `pen`, the number of a style, are the terminal's before the first of them.
    """
    if not 1 < len(pieces) <= _MOST:
        return pieces
    rows = [list(row) for _, row in groupby(pieces, attrgetter("y"))]
    upwards = [piece for row in reversed(rows) for piece in row]
    orders = [pieces, upwards]
    if all(piece.free for piece in pieces):
        orders += [_by_style(order, pen) for order in orders]
    return min(orders, key=lambda order: _bytes(order, cursor, pen, styles))


def way(cursor: Cursor, x: int, y: int) -> str:
    """The shortest way of the cursor to a column and row."""
    if cursor == (x, y):
        return ""
    place = f"{y + 1};{x + 1}" if x else f"{y + 1 if y else ''}"
    absolute = f"\x1b[{place}H"
    if cursor is None:
        return absolute
    return min(absolute, _across(cursor[0], x) + _down(y - cursor[1]), key=len)


def _by_style(pieces: Iterable[Piece], pen: int | None) -> list[Piece]:
    """Those that need no change of style first, the others as their styles come."""
    of_style: dict[int | None, list[Piece]] = {pen: []}
    for piece in pieces:
        of_style.setdefault(piece.first, []).append(piece)
    return [piece for group in of_style.values() for piece in group]


def _bytes(pieces: Iterable[Piece], cursor: Cursor, pen: int | None, styles: StyleTable) -> int:
    """What the moves and the changes of style between the pieces take."""
    total = 0
    for piece in pieces:
        total += len(way(cursor, piece.start, piece.y))
        if piece.first != pen:
            total += len(styles.between(pen, piece.first))
        cursor, pen = (piece.end, piece.y), piece.last
    return total


def _across(old: int, new: int) -> str:
    """The shortest way from one column to another in the same row."""
    steps = abs(new - old)
    counted = f"\x1b[{steps if steps > 1 else ''}{'C' if new > old else 'D'}"
    if new > old:
        return min(counted, f"\r{_across(0, new)}", key=len) if old else counted
    from_edge = f"\r{_across(0, new)}" if new else "\r"
    return min(from_edge, counted, "\b" * steps, key=len)


def _down(steps: int) -> str:
    """So many rows down, or up."""
    if not steps:
        return ""
    return f"\x1b[{abs(steps) if abs(steps) > 1 else ''}{'B' if steps > 0 else 'A'}"
