"""Brings a terminal from what it shows to what it should show, in few bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress, count
from operator import ne, or_

from tui.terminal.picture import Picture
from tui.terminal.route import Piece, cheapest, way
from tui.terminal.screen import Screen
from tui.terminal.styles import DEFAULT, StyleTable
from tui.terminal.widths import CONTINUED, PLAIN_ROW, UNKNOWN, Trust, reach, trust

_SHORTEST_TAIL = 7
"""Blank cells at the end of a row from which on erasing is shorter than writing."""

_LONG_BLANK = re.compile(" {12,}")
"""Blank cells in the middle of a row that are shorter to erase and to skip than to write."""


class Painter:
    """Keeps the picture of what the terminal shows, its cursor and its style.

    Uses nothing but CUP, CUF, CUB, CUU, CUD, carriage return, backspace, SGR, OSC 8, and EL
    on the default background: what tmux, screen, mosh and PuTTY all agree about. Where
    the terminal is known to fill what it erases with the background in use
    (`erases_in_colour`), also EL on any other background, and ECH.
    """

    def __init__(
        self, width: int, height: int, styles: StyleTable, *, erases_in_colour: bool = False
    ) -> None:
        self.shown = Picture(width, height)
        self.styles = styles
        self._erases_in_colour = erases_in_colour
        self.cursor: tuple[int, int] | None = None
        """Column and row, from 0; None: not known."""
        self.pen: int | None = None
        """The number of the style that SGR has set up in the terminal; None: not known."""
        self._out: list[str] = []

    def forget(self) -> None:
        """Nothing is known about the terminal any more."""
        self.shown.forget()
        self.cursor = None
        self.pen = None

    def resize(self, width: int, height: int) -> None:
        """The terminal has a new size, and may have moved its text about."""
        self.shown = Picture(width, height)
        self.cursor = None

    def paint(self, wanted: Screen, *, places_cursor: bool = True) -> str:
        """What to send so that the touched rows of `wanted`, and its cursor, show.

        Without `places_cursor` it may end anywhere.
        """
        out = self._out = []
        rows = [y for y in sorted(wanted.touched) if self._differs(y, wanted.picture)]
        wanted.touched.clear()
        pieces = [piece for y in rows for piece in self._pieces(y, wanted.picture)]
        for piece in cheapest(pieces, self.cursor, self.pen, self.styles):
            self._paint_piece(piece, wanted)
        for y in rows:
            self.shown.texts[y][:] = wanted.picture.texts[y]
            self.shown.styles[y][:] = wanted.picture.styles[y]
        if wanted.placed and places_cursor:
            self._move(wanted.x, wanted.y)
        return "".join(out)

    def take_up(self, pen: int) -> str:
        """What to send so that the terminal's own style is `pen`."""
        change = self.styles.between(self.pen, pen)
        self.pen = pen
        return change

    def _differs(self, y: int, wanted: Picture) -> bool:
        shown = self.shown
        return wanted.texts[y] != shown.texts[y] or wanted.styles[y] != shown.styles[y]

    def _columns(self, y: int, wanted: Picture) -> list[int]:
        """The columns of row `y` that have to be painted."""
        texts, styles = wanted.texts[y], wanted.styles[y]
        old_texts, old_styles = self.shown.texts[y], self.shown.styles[y]
        changed = map(or_, map(ne, texts, old_texts), map(ne, styles, old_styles))
        blank = self.styles.blank
        columns = [
            x
            for x in compress(count(), changed)
            if texts[x] != UNKNOWN
            and not (
                texts[x] == " " and old_texts[x] == " " and blank[styles[x]] == blank[old_styles[x]]
            )
        ]
        if columns and not (PLAIN_ROW.issuperset(texts) and PLAIN_ROW.issuperset(old_texts)):
            return self._with_unsure(_with_both_halves(columns, texts), texts, old_texts)
        return columns

    def _with_unsure(self, columns: list[int], texts: list[str], old: list[str]) -> list[int]:
        """`columns`, and from the first unsure cell among or just before them on, all.

        An unsure cell may cover cells to its right, or have pushed them aside.
        """
        changed = set(columns)
        for x in range(columns[-1] + 1):
            if texts[x] in PLAIN_ROW and old[x] in PLAIN_ROW:
                continue
            if Trust.UNSURE not in (trust(texts[x]), trust(old[x])):
                continue
            end = x + max(reach(texts[x]), reach(old[x]), 2)
            if not changed.isdisjoint(range(x, end)):
                rest = range(x, len(texts))
                return [c for c in columns if c < x] + [c for c in rest if texts[c] != UNKNOWN]
        return columns

    def _pieces(self, y: int, wanted: Picture) -> Iterator[Piece]:
        """What has to be painted of row `y`, from left to right."""
        texts, styles = wanted.texts[y], wanted.styles[y]
        columns = self._columns(y, wanted)
        tail = self._tail(y, wanted)
        if len(columns) < _SHORTEST_TAIL or columns[-_SHORTEST_TAIL] < tail:
            tail = wanted.width
        free = PLAIN_ROW.issuperset(texts) and PLAIN_ROW.issuperset(self.shown.texts[y])
        for start, end in self._spans(columns, texts, styles):
            if start < tail:
                end = min(end, tail)
                yield Piece(y, start, end, styles[start], styles[end - 1], erased=False, free=free)
        if tail < wanted.width:
            blank = self.styles.blank[styles[-1]]
            yield Piece(y, tail, wanted.width, blank, blank, erased=True, free=free)

    def _paint_piece(self, piece: Piece, wanted: Screen) -> None:
        self._move(piece.start, piece.y)
        if piece.erased:
            self._style_for([" "], piece.first)
            self._out.append("\x1b[K")
        else:
            self._write(piece.start, piece.end, piece.y, wanted)

    def _tail(self, y: int, wanted: Picture) -> int:
        """The column from which on row `y` is blank on one background that can be erased."""
        blank = self.styles.blank
        texts, styles = wanted.texts[y], wanted.styles[y]
        x = wanted.width
        background = blank[styles[-1]]
        if background != DEFAULT and not (self._erases_in_colour and self.styles.plain[background]):
            return x
        while x and texts[x - 1] == " " and blank[styles[x - 1]] == background:
            x -= 1
        return x

    def _spans(
        self, columns: list[int], texts: list[str], styles: list[int]
    ) -> Iterator[tuple[int, int]]:
        """Runs of columns; a gap that is shorter to write again than to skip is closed."""
        if not columns:
            return
        start = end = columns[0]
        for x in columns:
            if x > end and not self._cheap(texts[end:x], styles[end - 1 : x]):
                yield start, end
                start = x
            end = x + 1
        yield start, end

    def _cheap(self, texts: list[str], styles: list[int]) -> bool:
        """True for up to three ASCII cells that need no style but the one before them.

        `styles` begins with that one.
        """
        gap = "".join(texts)
        if len(texts) > 3 or not gap.isascii() or len(gap) < len(texts) or UNKNOWN in gap:
            return False
        blank, before = self.styles.blank, styles[0]
        return all(
            style == before or (text == " " and blank[style] == blank[before])
            for text, style in zip(texts, styles[1:], strict=True)
        )

    def _write(self, start: int, end: int, y: int, wanted: Screen) -> None:
        """Write the cells of one row from `start` up to `end`, where the cursor is."""
        texts, styles = wanted.picture.texts[y], wanted.picture.styles[y]
        plain = PLAIN_ROW.issuperset(texts[start:end])
        x = start
        while x < end:
            style, run = styles[x], x + 1
            while run < end and styles[run] == style:
                run += 1
            self._style_for(texts[x:run], style)
            if plain and self._erases_in_colour and self.styles.plain[style]:
                self._text_with_blanks(x, run, y, wanted)
            elif plain:
                self._move(x, y)  # erasing left the cursor where it was
                self._text(texts[x:run], run, y, wanted)
            else:
                self._careful_text(x, run, y, wanted)
            x = run

    def _style_for(self, texts: list[str], style: int) -> None:
        if style == self.pen:
            return
        blank = self.styles.blank
        if self.pen is None or blank[style] != blank[self.pen] or texts.count(" ") < len(texts):
            self._out.append(self.take_up(style))

    def _text_with_blanks(self, start: int, end: int, y: int, wanted: Screen) -> None:
        """As `_text`, but erase long runs of blanks and skip them."""
        texts = wanted.picture.texts[y]
        x = start
        for blanks in _LONG_BLANK.finditer("".join(texts[start:end])):
            first, after = start + blanks.start(), start + blanks.end()
            if x < first:
                self._move(x, y)
                self._text(texts[x:first], first, y, wanted)
            self._move(first, y)
            self._out.append(f"\x1b[{after - first}X")
            x = after
        if x < end:
            self._move(x, y)
            self._text(texts[x:end], end, y, wanted)

    def _careful_text(self, start: int, end: int, y: int, wanted: Screen) -> None:
        """As `_text`, but place the cursor afresh after each cell of uncertain width."""
        texts = wanted.picture.texts[y]
        x = start
        while x < end:
            sure = trust(texts[x]) is Trust.SURE
            run = x + 1
            while run < end and (trust(texts[run]) is Trust.SURE if sure else not texts[run]):
                run += 1
            self._move(x, y)
            if not sure and run - x > 1:
                self._clear_under(x, run, y)
            self._text(texts[x:run], run, y, wanted)
            if not sure:
                self.cursor = None
            x = run

    def _clear_under(self, start: int, end: int, y: int) -> None:
        """Put spaces where a terminal may draw an emoji in fewer cells than it should take."""
        shown = self.shown.texts[y]
        if end < self.shown.width and not {" ", CONTINUED}.issuperset(shown[start + 1 : end]):
            self._out.append(" " * (end - start))
            self.cursor = (end, y)
            self._move(start, y)

    def _text(self, texts: list[str], end: int, y: int, wanted: Screen) -> None:
        """Write cells of one row that end before column `end`."""
        text = "".join(texts)
        at_edge = end >= wanted.picture.width
        if at_edge and wanted.wraps:
            # Where the cursor goes from the last column, and whether the terminal scrolls
            # in the last row, differs; Textual turns wrapping off, others may not.
            text = f"\x1b[?7l{text}\x1b[?7h"
        self._out.append(text)
        self.cursor = None if at_edge else (end, y)

    def _move(self, x: int, y: int) -> None:
        self._out.append(way(self.cursor, x, y))
        self.cursor = (x, y)


def _with_both_halves(columns: list[int], texts: list[str]) -> list[int]:
    """`columns`, and the other half of each wide character: the cursor passes both at once."""
    whole = set(columns)
    for x in columns:
        if texts[x] == CONTINUED:
            whole.add(max(0, x - 1))
        elif x + 1 < len(texts) and texts[x + 1] == CONTINUED:
            whole.add(x + 1)
    return sorted(whole)
